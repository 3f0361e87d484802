package org.coinflip.model.estimator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.coinflip.model.estimator.enumeration.Exact;
import org.coinflip.model.estimator.enumeration.LocalExpectation;
import org.coinflip.model.estimator.pathwise.StraightThrough;
import org.coinflip.model.estimator.score.LeaveOneOut;
import org.coinflip.model.estimator.score.MuProp;
import org.coinflip.model.estimator.score.Reinforce;
import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.kernel.operation.Activation;
import org.coinflip.model.layer.Continuation;
import org.coinflip.model.layer.DenseLayer;
import org.coinflip.model.layer.FeatureShape;
import org.coinflip.model.layer.Initial;
import org.coinflip.model.layer.Layer;
import org.coinflip.model.layer.OutputLayer;
import org.coinflip.model.layer.experts.ExpertsLayer;
import org.coinflip.model.layer.experts.ProductLayer;
import org.coinflip.model.layer.plain.DropoutLayer;
import org.coinflip.model.layer.plain.ResidualLayer;
import org.coinflip.model.layer.stochastic.StochasticLayer;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.network.NetworkSpec;
import org.coinflip.model.network.Pass;
import org.coinflip.model.objective.Objective;
import org.coinflip.model.oracle.Draw;
import org.coinflip.model.oracle.Enumeration;
import org.coinflip.model.oracle.Networks;
import org.coinflip.model.oracle.Rounding;
import org.coinflip.model.training.GradientSink;
import org.coinflip.model.unit.Bernoulli;
import org.coinflip.model.unit.UnitLaw;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What estimators are written against: samples and losses of several levels, weights of rows, the continuation. Estimators that
 * lean on each are stacked in every order and held to enumeration; each comparison errs with a probability of 7e-6.
 */
@Tag("numerical")
class ContinuationTest {
    private static final float[] INPUT = {0.8f, -1.1f};

    /** Of a pass up through the largest of these networks. */
    private static final int ROUNDINGS = Rounding.forward(2, 3, 3, 3, 3, 3, 2);

    private static final List<GradientEstimator> UNBIASED = List.of(
            new LeaveOneOut(2),
            new LocalExpectation(2),
            new MuProp(),
            new Exact(),
            new Reinforce(Reinforce.Baseline.NONE, 0, 1));

    static Stream<Arguments> pairs() {
        return UNBIASED.stream().flatMap(lower -> UNBIASED.stream().map(upper -> Arguments.of(lower, upper)));
    }

    private static Layer binary(int units, GradientEstimator estimator) {
        return new StochasticLayer(
                units,
                new Bernoulli(),
                estimator,
                java.util.Optional.empty(),
                java.util.Optional.empty(),
                Initial.DEFAULT);
    }

    private static Network network(Layer... below) {
        List<Layer> layers = new ArrayList<>(List.of(below));
        layers.add(new OutputLayer(2, Objective.SQUARED_ERROR, Initial.DEFAULT));
        return new Network(new NetworkSpec(2, layers));
    }

    private static void holdToEnumeration(Network network, int batch, int passes) {
        State state = Networks.state(network, 11, 0.9);
        double[] exact = new Enumeration(network, state, 1, INPUT).gradient();
        Examples copies = Networks.copies(batch, 2, 1, INPUT);
        Draw.gradients(network, state, copies, passes)
                .assertAgrees(exact, network.spec().toString());
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void everyPairOfUnbiasedEstimatorsIsUnbiased(GradientEstimator lower, GradientEstimator upper) {
        holdToEnumeration(network(binary(3, lower), binary(2, upper)), 64, 500);
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void threeLayersWithDenseOnesBetweenAreUnbiased(GradientEstimator outer, GradientEstimator middle) {
        Layer dense = new DenseLayer(2, Activation.TANH, Initial.DEFAULT);
        Network network = network(dense, binary(2, outer), dense, binary(2, middle), binary(2, outer));
        holdToEnumeration(network, 32, 400);
    }

    /**
     * Evaluates f at copies of its own samples and asks for the loss and gradient to be those of the main pass, but for what rows of another batch are
     * rounded otherwise. A sample above that falls on the other side would show; that is one in some hundred thousand seeds.
     */
    private record Witness(int copies, int capacity) implements GradientEstimator {
        @Override
        public boolean needsGradient() {
            return false;
        }

        @Override
        public int probes(int width) {
            return capacity;
        }

        @Override
        public boolean suits(UnitLaw law) {
            return true;
        }

        @Override
        public String serves() {
            return "tests";
        }

        @Override
        public Claims claims() {
            return new Claims("f'(b)", Bias.PRESENT, Cost.of(1 + copies, copies), "tests", "none");
        }

        @Override
        public Estimation at(Site site) {
            assertEquals(capacity, site.continuation().capacity());
            return this::estimate;
        }

        private void estimate(Site here) {
            Continuation f = here.continuation();
            int n = here.rows();
            for (int point = 0; point < copies * n; point++) {
                for (int j = 0; j < here.width(); j++) {
                    f.points().set(point, j, here.samples().get(point % n, j));
                }
            }
            f.evaluate(copies);
            f.differentiate();
            for (int point = 0; point < copies * n; point++) {
                float loss = here.losses()[point % n];
                assertEquals(
                        loss, f.losses()[point], 2 * Rounding.of(ROUNDINGS, 1 + loss), "point " + point + " of " + n);
                for (int j = 0; j < here.width(); j++) {
                    float first = f.gradients().get(point % n, j);
                    double bound = 2 * Rounding.of(2 * ROUNDINGS, 1 + Math.abs(first) + loss);
                    assertEquals(first, f.gradients().get(point, j), bound, "point " + point + " of " + n);
                    here.logitGradient().set(point % n, j, first * here.rowWeight());
                }
            }
        }

        @Override
        public Map<String, Object> write() {
            return Map.of("type", "witness");
        }
    }

    private static void step(Network network) {
        State state = Networks.state(network, 5, 1.5);
        Examples examples = Networks.random(7, 2, 2, 3);
        Pass pass = network.bind(state, new GradientSink(network.layout()), Backend.detect(), 9);
        for (int epoch = 0; epoch < 20; epoch++) {
            Draw.step(pass, examples, epoch);
        }
        assertTrue(Double.isFinite(pass.checkedLoss()));
    }

    @Test
    void lossOfASampleIsTheMeanOverWhatTheLayersAboveMadeOfIt() {
        Network network = network(binary(3, new LeaveOneOut(2)), binary(3, new LeaveOneOut(2)));
        Pass pass =
                network.bind(Networks.state(network, 5, 1.5), new GradientSink(network.layout()), Backend.detect(), 7);
        Draw.step(pass, Networks.random(7, 2, 2, 3), 0);
        float[] losses = pass.stochasticStages().get(0).losses();
        float[] top = pass.context().losses();
        for (int sample = 0; sample < 14; sample++) {
            // a sum, a half of it
            double mean = (top[sample] + top[14 + sample]) / 2;
            assertEquals(mean, losses[sample], Rounding.of(2, mean));
        }
    }

    @Test
    void everyCopyOfARowHasTheNoiseOfTheMainPass() {
        step(network(binary(3, new Witness(3, 4)), binary(3, new Reinforce(Reinforce.Baseline.NONE, 0, 1))));
        step(network(
                binary(3, new Witness(3, 3)),
                new DropoutLayer(0.5),
                binary(2, new LocalExpectation(2)),
                binary(3, new StraightThrough(StraightThrough.Derivative.IDENTITY))));
    }

    @Test
    void everyCopyHasTheNoiseOfTheMainPassWhereALayerAboveDrawsSeveralSamples() {
        step(network(
                binary(3, new Witness(2, 3)),
                binary(3, new LeaveOneOut(2)),
                binary(3, new StraightThrough(StraightThrough.Derivative.IDENTITY))));
    }

    /** Below the points there are layers that are read from above them, whose rows are those of the pass that is probed. */
    @Test
    void everyCopyReadsWhatItsRowHasBelowThePoints() {
        Layer dense = new DenseLayer(3, Activation.TANH, Initial.DEFAULT);
        GradientEstimator samples = new LeaveOneOut(2);
        step(network(dense, binary(3, new Witness(3, 4)), new ResidualLayer(1)));
        step(network(dense, binary(3, samples), binary(3, new Witness(3, 4)), dense, new ResidualLayer(3)));
        step(network(dense, binary(3, new Witness(2, 3)), binary(3, samples), dense, new ResidualLayer(3)));
        for (GradientEstimator lowest : List.of(new Witness(2, 3), samples)) {
            step(network(
                    binary(3, lowest),
                    binary(3, new Witness(3, 4)),
                    binary(3, new Witness(2, 2)),
                    new ResidualLayer(2),
                    binary(3, new LocalExpectation(2)),
                    new ResidualLayer(4)));
            step(network(
                    dense,
                    binary(3, lowest),
                    binary(3, new Witness(2, 2)),
                    new ExpertsLayer(
                            3,
                            3,
                            1,
                            List.of(),
                            ExpertsLayer.Combine.CONCATENATE,
                            2,
                            Activation.TANH,
                            ExpertsLayer.Compute.DENSE,
                            Initial.DEFAULT)));
            step(network(
                    dense,
                    binary(3, lowest),
                    binary(3, new Witness(2, 2)),
                    binary(3, samples),
                    new ProductLayer(FeatureShape.maps(1, 1, 3), ProductLayer.By.CHANNEL, 3)));
        }
    }

    @Test
    void everyCopyHasTheNoiseOfTheMainPassInProbesOfProbes() {
        step(network(
                binary(3, new Witness(2, 3)),
                binary(2, new Witness(3, 4)),
                binary(2, new Witness(2, 2)),
                binary(2, new LocalExpectation(2))));
        step(network(
                binary(3, new LeaveOneOut(2)),
                binary(3, new Witness(2, 3)),
                binary(3, new LeaveOneOut(2)),
                binary(2, new Witness(1, 2)),
                binary(2, new Reinforce(Reinforce.Baseline.NONE, 0, 1))));
    }
}
