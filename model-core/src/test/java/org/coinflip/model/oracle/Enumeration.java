package org.coinflip.model.oracle;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.coinflip.model.kernel.operation.Activation;
import org.coinflip.model.kernel.operation.Window;
import org.coinflip.model.layer.DenseLayer;
import org.coinflip.model.layer.FeatureShape;
import org.coinflip.model.layer.Layer;
import org.coinflip.model.layer.OutputLayer;
import org.coinflip.model.layer.convolution.ConvLayer;
import org.coinflip.model.layer.convolution.Convolution;
import org.coinflip.model.layer.convolution.PoolLayer;
import org.coinflip.model.layer.experts.ExpertsLayer;
import org.coinflip.model.layer.experts.ProductLayer;
import org.coinflip.model.layer.experts.TreeExpertsLayer;
import org.coinflip.model.layer.plain.FunctionLayer;
import org.coinflip.model.layer.plain.RescaleLayer;
import org.coinflip.model.layer.plain.ResidualLayer;
import org.coinflip.model.layer.stochastic.ConditionalPriorLayer;
import org.coinflip.model.layer.stochastic.Prior;
import org.coinflip.model.layer.stochastic.StochasticLayer;
import org.coinflip.model.memory.Segment;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.objective.Objective;
import org.coinflip.model.oracle.Outcomes.Outcome;
import org.coinflip.model.unit.Gaussian;

/**
 * The expected loss of one example, E[L], by summing over every value of every stochastic unit (continuous units by Simpson's rule),
 * in double precision and with none of the engine's arithmetic; its gradient by central differences.
 */
public final class Enumeration {
    private static final double STEP = 1e-5;
    private static final double MOVE = 1e-4;

    private final Network network;
    private final double[] parameters;
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
        double[] logits = affine(0, input);
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
            visit(index + 1, gated(experts, index, x), probability, cost, visitor);
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
            visit(index + 1, product(product, given[index - product.gater()], x), probability, cost, visitor);
            return;
        }
        if (layer instanceof PoolLayer pool) {
            visit(index + 1, means(pool, x), probability, cost, visitor);
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
        double[] a = preActivations(index, layer, x);
        if (layer instanceof OutputLayer output) {
            visitor.visit(probability, cost + loss(output.objective(), a));
            return;
        }
        if (layer instanceof ConditionalPriorLayer likelihood) {
            double[] h = drawn[likelihood.of()];
            double ofLikelihood = 0;
            for (int j = 0; j < h.length; j++) {
                ofLikelihood -= Math.log(sigmoid(h[j] == 1 ? a[j] : -a[j]));
            }
            visit(index + 1, h, probability, cost + ofLikelihood, visitor);
            return;
        }
        if (layer instanceof DenseLayer || layer instanceof ConvLayer) {
            Activation f = layer instanceof DenseLayer dense ? dense.activation() : ((ConvLayer) layer).activation();
            for (int j = 0; j < a.length; j++) {
                a[j] = activate(f, a[j]);
            }
            visit(index + 1, a, probability, cost, visitor);
            return;
        }
        StochasticLayer stochastic = (StochasticLayer) layer;
        for (Outcome outcome : outcomes(index, a)) {
            double ofPrior = stochastic.prior().isPresent() ? priorCost(index, a, outcome.sample()) : 0;
            drawn[index] = outcome.sample();
            visit(index + 1, outcome.sample(), probability * outcome.probability(), cost + ofPrior, visitor);
        }
    }

    /** h_e times what expert e, a network of its own, makes of what the gater was given; side by side or added up. */
    private double[] gated(ExpertsLayer layer, int index, double[] gates) {
        boolean isSummed = layer.combine() == ExpertsLayer.Combine.SUM;
        double[] y = new double[isSummed ? layer.units() : layer.experts() * layer.units()];
        for (int e = 0; e < gates.length; e++) {
            double[] z = given[index - layer.gater()];
            for (int level = 0; level <= layer.hidden().size(); level++) {
                boolean isLinear = level > 0 && level == layer.hidden().size();
                z = ofExpert(index, level, e, z, isLinear ? Activation.LINEAR : layer.activation());
            }
            for (int j = 0; j < z.length; j++) {
                y[(isSummed ? 0 : e * z.length) + j] += gates[e] * z[j];
            }
        }
        return y;
    }

    private double[] ofExpert(int index, int level, int expert, double[] x, Activation f) {
        String number = level == 0 ? "" : String.valueOf(level);
        Segment weights = network.layout().segment("layer" + index + ".weights" + number);
        Segment biases = network.layout().segment("layer" + index + ".biases" + number);
        boolean byUnit = weights.role() == Segment.Role.WEIGHTS_BY_UNIT;
        double[] z = new double[byUnit ? 1 : weights.columns()];
        for (int j = 0; j < z.length; j++) {
            int unit = expert * z.length + j;
            double a = parameters[biases.offset() + unit];
            for (int k = 0; k < x.length; k++) {
                int at = byUnit ? unit * x.length + k : (expert * x.length + k) * z.length + j;
                a += x[k] * parameters[weights.offset() + at];
            }
            z[j] = activate(f, a);
        }
        return z;
    }

    /** Each number times the gate of its channel or its position. */
    private static double[] product(ProductLayer layer, double[] x, double[] gates) {
        double[] y = new double[x.length];
        for (int line = 0; line < layer.maps().height(); line++) {
            for (int column = 0; column < layer.maps().width(); column++) {
                for (int c = 0; c < layer.maps().channels(); c++) {
                    int at = place(layer.maps(), line, column, c);
                    int gate = layer.by() == ProductLayer.By.CHANNEL
                            ? c
                            : line * layer.maps().width() + column;
                    y[at] = gates[gate] * x[at];
                }
            }
        }
        return y;
    }

    private static int place(FeatureShape shape, int line, int column, int channel) {
        return shape.order() == FeatureShape.Order.CHANNELS_FIRST
                ? (channel * shape.height() + line) * shape.width() + column
                : (line * shape.width() + column) * shape.channels() + channel;
    }

    /** The mean of each channel over the whole of the maps. */
    private static double[] means(PoolLayer pool, double[] x) {
        Window all = pool.window();
        if (pool.kind() != PoolLayer.Kind.MEAN || all.positions() != 1) {
            throw new IllegalArgumentException("an enumeration has global means alone");
        }
        double[] means = new double[all.channels()];
        for (int i = 0; i < x.length; i++) {
            means[i % means.length] += x[i] * means.length / x.length;
        }
        return means;
    }

    private double[] preActivations(int index, Layer layer, double[] x) {
        if (layer instanceof ConvLayer conv) {
            return convolved(index, conv.convolution(), x);
        }
        return layer instanceof StochasticLayer units && units.connectivity() instanceof Convolution convolution
                ? convolved(index, convolution, x)
                : affine(index, x);
    }

    private double[] convolved(int index, Convolution convolution, double[] x) {
        Window window = convolution.window();
        FeatureShape below = new FeatureShape(window.height(), window.width(), window.channels(), convolution.order());
        int weights = network.layout().segment("layer" + index + ".weights").offset();
        int biases = network.layout().segment("layer" + index + ".biases").offset();
        double[] a = new double[convolution.units()];
        for (int u = 0; u < a.length; u++) {
            int k = u % convolution.channels();
            int place = u / convolution.channels();
            a[u] = parameters[biases + k];
            for (int t = 0; t < window.patch(); t++) {
                int c = t % window.channels();
                int tap = t / window.channels();
                int line = place / window.outWidth() * window.stride() + tap / window.kernelWidth() - window.padding();
                int column =
                        place % window.outWidth() * window.stride() + tap % window.kernelWidth() - window.padding();
                if (line >= 0 && line < window.height() && column >= 0 && column < window.width()) {
                    a[u] += x[place(below, line, column, c)] * parameters[weights + t * convolution.channels() + k];
                }
            }
        }
        return a;
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
            y[j] = activate(tree.activation(), dot(index, "", leaf * y.length + j, x));
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
        return layer.law() instanceof Gaussian ? Outcomes.gaussian(a, deviations(index)) : Outcomes.of(layer.law(), a);
    }

    private double[] deviations(int index) {
        Segment logs = network.layout().segment("layer" + index + ".log-deviations");
        return Arrays.stream(parameters, logs.offset(), logs.offset() + logs.count())
                .map(Math::exp)
                .toArray();
    }

    private static double logDensity(double h, double mean, double deviation) {
        double noise = (h - mean) / deviation;
        return -noise * noise / 2 - Math.log(deviation * Math.sqrt(2 * Math.PI));
    }

    /** log q(h|a) − log p(h). */
    private double priorCost(int index, double[] a, double[] h) {
        double cost = 0;
        Prior.Type type = ((StochasticLayer) network.layers().get(index))
                .prior()
                .orElseThrow()
                .type();
        if (type == Prior.Type.CONDITIONAL) {
            for (int j = 0; j < h.length; j++) {
                cost += Math.log(sigmoid(h[j] == 1 ? a[j] : -a[j]));
            }
            return cost;
        }
        if (type == Prior.Type.STANDARD) {
            double[] s = deviations(index);
            for (int j = 0; j < h.length; j++) {
                cost += logDensity(h[j], a[j], s[j]) - logDensity(h[j], 0, 1);
            }
            return cost;
        }
        Segment prior = network.layout().segment("layer" + index + ".prior");
        for (int j = 0; j < h.length; j++) {
            double theta = parameters[prior.offset() + j];
            cost += h[j] == 1 ? Math.log(sigmoid(a[j]) / sigmoid(theta)) : Math.log(sigmoid(-a[j]) / sigmoid(-theta));
        }
        return cost;
    }

    private double[] affine(int index, double[] x) {
        Segment weights = network.layout().segment("layer" + index + ".weights");
        Segment biases = network.layout().segment("layer" + index + ".biases");
        double[] a = new double[weights.columns()];
        for (int j = 0; j < a.length; j++) {
            a[j] = parameters[biases.offset() + j];
            for (int i = 0; i < x.length; i++) {
                a[j] += x[i] * parameters[weights.offset() + i * a.length + j];
            }
        }
        return a;
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
                case REGRESSION, HUBER, POISSON, MULTI_LABEL, STEP_CROSS_ENTROPY -> throw new IllegalArgumentException(
                        "the examples of an enumeration have no values");
            };
        }
        return objective == Objective.CROSS_ENTROPY ? Math.log(sum) - y[label] : sum;
    }

    private static double activate(Activation f, double a) {
        return switch (f) {
            case LINEAR -> a;
            case TANH -> Math.tanh(a);
            case SIGMOID -> sigmoid(a);
            case RELU -> Math.max(0, a);
            case SOFTPLUS -> Math.log1p(Math.exp(a));
        };
    }
}
