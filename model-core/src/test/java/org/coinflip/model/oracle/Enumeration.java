package org.coinflip.model.oracle;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.apache.commons.math3.distribution.PoissonDistribution;
import org.coinflip.model.kernel.operation.Activation;
import org.coinflip.model.layer.DenseLayer;
import org.coinflip.model.layer.Layer;
import org.coinflip.model.layer.OutputLayer;
import org.coinflip.model.layer.convolution.ConvLayer;
import org.coinflip.model.layer.convolution.PoolLayer;
import org.coinflip.model.layer.experts.ExpertsLayer;
import org.coinflip.model.layer.experts.ProductLayer;
import org.coinflip.model.layer.experts.TreeExpertsLayer;
import org.coinflip.model.layer.plain.FunctionLayer;
import org.coinflip.model.layer.plain.RescaleLayer;
import org.coinflip.model.layer.plain.ResidualLayer;
import org.coinflip.model.layer.stochastic.ConditionalPriorLayer;
import org.coinflip.model.layer.stochastic.StochasticLayer;
import org.coinflip.model.memory.Segment;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.objective.Objective;
import org.coinflip.model.oracle.Outcomes.Outcome;
import org.coinflip.model.unit.Gaussian;
import org.coinflip.model.unit.UnitLaw;

/**
 * The expected loss of one example, E[L], by summing over every value of every stochastic unit (continuous units by Simpson's rule),
 * in double precision and with none of the engine's arithmetic; its gradient by central differences.
 */
public final class Enumeration {
    private static final double STEP = 1e-5;
    private static final double MOVE = 1e-4;

    private final Network network;
    private final double[] parameters;
    private final LayerEquations equations;
    private final double[] input;
    /** The samples that are being summed over, by layer. */
    private final double[][] drawn;

    /** What each layer was given. */
    private final double[][] given;

    private final int label;

    public Enumeration(Network network, State state, int label, float... input) {
        this.network = network;
        this.label = label;
        this.drawn = new double[network.layers().size()][];
        this.given = new double[network.layers().size()][];
        this.parameters = new double[network.layout().parameters()];
        for (int i = 0; i < parameters.length; i++) {
            parameters[i] = state.values().get(i);
        }
        this.input = new double[input.length];
        for (int i = 0; i < input.length; i++) {
            this.input[i] = input[i];
        }
        this.equations = new LayerEquations(network, parameters);
    }

    /** E[L]. */
    public double expectedLoss() {
        return lossFrom(0, input);
    }

    /** ∂E[L]/∂parameters. */
    public double[] gradient() {
        return centralDifferences(parameters, all -> expectedLoss());
    }

    /**
     * What the gradient may be off by after so many roundings: a part of itself, of 1, to which losses and their derivatives scale here, and of
     * what it moves by when every parameter moves by a part of itself, {@code Σ_k |θ_k ∂²E[L]/∂θ_i∂θ_k|}.
     */
    public double[] gradientBounds(int roundings) {
        double[] gradient = gradient();
        double[] magnitudes = new double[gradient.length];
        for (int k = 0; k < parameters.length; k++) {
            double value = parameters[k];
            parameters[k] = value + MOVE;
            double[] moved = gradient();
            parameters[k] = value;
            for (int i = 0; i < gradient.length; i++) {
                magnitudes[i] += Math.abs(value * (moved[i] - gradient[i]) / MOVE);
            }
        }
        for (int i = 0; i < gradient.length; i++) {
            magnitudes[i] = Rounding.of(roundings, 1 + Math.abs(gradient[i]) + magnitudes[i]);
        }
        return magnitudes;
    }

    /** The gradient of {@link #expectedBound}. */
    public double[] gradientOfBound(int samples) {
        return centralDifferences(parameters, all -> expectedBound(samples));
    }

    /** {@code E[−log 1/K Σ_k exp(−loss_k)]} over K samples of all that is drawn, by summing over all of them. */
    public double expectedBound(int samples) {
        List<Outcome> weighted = new ArrayList<>();
        visit(0, input, 1, 0, (probability, loss) -> weighted.add(Outcomes.outcome(probability, Math.exp(-loss))));
        return expectedBound(weighted, samples, samples, 0);
    }

    private static double expectedBound(List<Outcome> weighted, int samples, int left, double sum) {
        if (left == 0) {
            return -Math.log(sum / samples);
        }
        double mean = 0;
        for (Outcome one : weighted) {
            mean += one.probability() * expectedBound(weighted, samples, left - 1, sum + one.sample()[0]);
        }
        return mean;
    }

    /** What a functional of a layer's logits, sample and continuation is on average. */
    public interface Functional {
        /** @param f the expected loss as a function of the layer's sample */
        double[] of(double[] logits, double[] sample, ToDoubleFunction<double[]> f);
    }

    /** The mean of a functional at the first layer, which must be stochastic. */
    public double[] meanAtFirstLayer(Functional functional) {
        StochasticLayer layer = (StochasticLayer) network.layers().get(0);
        double[] logits = equations.affine(0, input);
        double[] sum = new double[layer.units()];
        for (Outcome outcome : Outcomes.of(layer.law(), logits)) {
            double[] value = functional.of(logits, outcome.sample(), h -> lossFrom(1, h));
            for (int i = 0; i < sum.length; i++) {
                sum[i] += outcome.probability() * value[i];
            }
        }
        return sum;
    }

    /** Derivatives of a function by central differences; {@code at} is restored. */
    public static double[] centralDifferences(double[] at, ToDoubleFunction<double[]> f) {
        double[] derivatives = new double[at.length];
        for (int i = 0; i < at.length; i++) {
            double value = at[i];
            at[i] = value + STEP;
            double above = f.applyAsDouble(at);
            at[i] = value - STEP;
            double below = f.applyAsDouble(at);
            at[i] = value;
            derivatives[i] = (above - below) / (2 * STEP);
        }
        return derivatives;
    }

    public static double sigmoid(double a) {
        return 1 / (1 + Math.exp(-a));
    }

    /** The expected loss given what the layer with this number is given. */
    private double lossFrom(int index, double[] x) {
        double[] sum = {0};
        visit(index, x, 1, 0, (probability, loss) -> sum[0] += probability * loss);
        return sum[0];
    }

    /** What is told of every value of all units that are drawn. */
    private interface Visitor {
        void visit(double probability, double loss);
    }

    /**
     * Goes through all that can be drawn from the layer with this number on.
     *
     * @param x what the layer is given
     * @param probability of what was drawn below
     * @param cost what layers below cost
     */
    private void visit(int index, double[] x, double probability, double cost, Visitor visitor) {
        Layer layer = network.layers().get(index);
        given[index] = x;
        if (layer instanceof ExpertsLayer experts) {
            visit(
                    index + 1,
                    equations.gated(experts, index, given[index - experts.gater()], x),
                    probability,
                    cost,
                    visitor);
            return;
        }
        if (layer instanceof TreeExpertsLayer tree) {
            for (int leaf = 0; leaf < tree.leaves(); leaf++) {
                double ofPath = probabilityOfPath(tree, index, leaf, x);
                visit(index + 1, ofLeaf(tree, index, leaf, x), probability * ofPath, cost, visitor);
            }
            return;
        }
        if (layer instanceof RescaleLayer rescale) {
            double[] rescaled = Arrays.stream(x)
                    .map(value -> rescale.factor() * value + rescale.offset())
                    .toArray();
            visit(index + 1, rescaled, probability, cost, visitor);
            return;
        }
        if (layer instanceof ProductLayer product) {
            visit(
                    index + 1,
                    LayerEquations.product(product, given[index - product.gater()], x),
                    probability,
                    cost,
                    visitor);
            return;
        }
        if (layer instanceof PoolLayer pool) {
            visit(index + 1, LayerEquations.means(pool, x), probability, cost, visitor);
            return;
        }
        if (layer instanceof ResidualLayer residual) {
            double[] y = x.clone();
            for (int j = 0; j < y.length; j++) {
                y[j] += given[index - residual.layers()][j];
            }
            visit(index + 1, y, probability, cost, visitor);
            return;
        }
        if (layer instanceof FunctionLayer top) {
            visitor.visit(probability, cost + top.function().evaluator(x.length).value(x));
            return;
        }
        double[] a = equations.preActivations(index, layer, x);
        if (layer instanceof OutputLayer output) {
            visitor.visit(probability, cost + loss(output.objective(), a));
            return;
        }
        if (layer instanceof ConditionalPriorLayer likelihood) {
            double[] h = drawn[likelihood.of()];
            UnitLaw law = ((StochasticLayer) network.layers().get(likelihood.of())).law();
            visit(index + 1, h, probability, cost - Outcomes.logProbability(law, a, h), visitor);
            return;
        }
        if (layer instanceof DenseLayer || layer instanceof ConvLayer) {
            Activation f = layer instanceof DenseLayer dense ? dense.activation() : ((ConvLayer) layer).activation();
            for (int j = 0; j < a.length; j++) {
                a[j] = LayerEquations.activate(f, a[j]);
            }
            visit(index + 1, a, probability, cost, visitor);
            return;
        }
        StochasticLayer stochastic = (StochasticLayer) layer;
        for (Outcome outcome : outcomes(index, a)) {
            double ofPrior = stochastic.prior().isPresent() ? equations.priorCost(index, a, outcome.sample()) : 0;
            drawn[index] = outcome.sample();
            visit(index + 1, outcome.sample(), probability * outcome.probability(), cost + ofPrior, visitor);
        }
    }

    /** Of the path to a leaf, whose bits from the highest down say where it goes right. */
    public double probabilityOfPath(TreeExpertsLayer tree, int index, int leaf, double[] x) {
        double probability = 1;
        int node = 0;
        for (int level = tree.depth() - 1; level >= 0; level--) {
            double right = sigmoid(dot(index, "decisions.", node, x));
            boolean goesRight = (leaf >> level & 1) == 1;
            probability *= goesRight ? right : 1 - right;
            node = 2 * node + (goesRight ? 2 : 1);
        }
        return probability;
    }

    /** What a leaf gives. */
    public double[] ofLeaf(TreeExpertsLayer tree, int index, int leaf, double[] x) {
        double[] y = new double[tree.units()];
        for (int j = 0; j < y.length; j++) {
            y[j] = LayerEquations.activate(tree.activation(), dot(index, "", leaf * y.length + j, x));
        }
        return y;
    }

    /** w · x + b of a unit whose weights are a row. */
    private double dot(int index, String of, int unit, double[] x) {
        Segment weights = network.layout().segment("layer" + index + "." + of + "weights");
        Segment biases = network.layout().segment("layer" + index + "." + of + "biases");
        double a = parameters[biases.offset() + unit];
        for (int k = 0; k < x.length; k++) {
            a += x[k] * parameters[weights.offset() + unit * x.length + k];
        }
        return a;
    }

    private List<Outcome> outcomes(int index, double[] a) {
        StochasticLayer layer = (StochasticLayer) network.layers().get(index);
        return layer.law() instanceof Gaussian
                ? Outcomes.gaussian(a, equations.deviations(index))
                : Outcomes.of(layer.law(), a);
    }

    private double loss(Objective objective, double[] y) {
        double sum = 0;
        for (int j = 0; j < y.length; j++) {
            double target = objective.isReconstruction() ? input[j] : j == label ? 1 : 0;
            sum += switch (objective) {
                case CROSS_ENTROPY -> Math.exp(y[j]);
                case SQUARED_ERROR, GAUSSIAN_RECONSTRUCTION -> (y[j] - target) * (y[j] - target) / 2;
                case BERNOULLI_RECONSTRUCTION -> -target * Math.log(sigmoid(y[j]))
                        - (1 - target) * Math.log(sigmoid(-y[j]));
                case POISSON_RECONSTRUCTION -> -new PoissonDistribution(Math.log1p(Math.exp(y[j])))
                        .logProbability((int) target);
                case REGRESSION, HUBER, POISSON, MULTI_LABEL, STEP_CROSS_ENTROPY -> throw new IllegalArgumentException(
                        "the examples of an enumeration have no values");
            };
        }
        return objective == Objective.CROSS_ENTROPY ? Math.log(sum) - y[label] : sum;
    }
}
