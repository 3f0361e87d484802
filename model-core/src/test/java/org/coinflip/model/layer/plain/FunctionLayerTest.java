package org.coinflip.model.layer.plain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.estimator.GradientEstimator;
import org.coinflip.model.estimator.registry.Estimators;
import org.coinflip.model.example.Examples;
import org.coinflip.model.function.Quadratic;
import org.coinflip.model.function.UnitFunction;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.layer.Initial;
import org.coinflip.model.layer.Mode;
import org.coinflip.model.layer.stochastic.StochasticLayer;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.network.NetworkSpec;
import org.coinflip.model.network.Pass;
import org.coinflip.model.oracle.Draw;
import org.coinflip.model.oracle.Enumeration;
import org.coinflip.model.oracle.Networks;
import org.coinflip.model.oracle.Rounding;
import org.coinflip.model.settings.Section;
import org.coinflip.model.training.GradientSink;
import org.coinflip.model.unit.Bernoulli;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Known functions of units as losses. */
@Tag("numerical")
class FunctionLayerTest {
    private static final float[] INPUT = {0.8f, -1.1f};
    private static final String TABLE =
            "{ type = function, function { type = table, values = [3, -1, 4, 1, -5, 9, 2, 6] } }";

    private static String units(String estimator) {
        return "{ type = stochastic, units = 3, estimator = " + estimator + " }";
    }

    private static void holdToEnumeration(Network network, int passes) {
        State state = Networks.state(network, 5, 1);
        double[] exact = new Enumeration(network, state, 0, INPUT).gradient();
        Draw.gradients(network, state, Networks.copies(64, 1, 0, INPUT), passes)
                .assertAgrees(exact, network.spec().write().root().render());
    }

    /** A comparison errs with a probability of 7e-6. */
    @ParameterizedTest
    @ValueSource(strings = {"exact", "disarm", "rebar", "muprop", "local-expectation", "{ type = arms, samples = 3 }"})
    void unbiasedEstimatorsHaveTheGradientOfTheTable(String estimator) {
        holdToEnumeration(Networks.of(2, units(estimator), TABLE), 400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ type = linear, weights = [0.5, -2, 7] }",
                "{ type = quadratic, t = 0.3 }",
                "{ type = table, values = [3, -1, 4, 1, -5, 9, 2, 6] }"
            })
    void gradientReachesTheLayersBelow(String function) {
        String top = "{ type = function, function = " + function + " }";
        String dense = "{ type = dense, units = 3, activation = tanh }";
        Network network = Networks.of(2, dense, top);
        State state = Networks.state(network, 5, 1);
        double[] exact = new Enumeration(network, state, 0, INPUT).gradient();
        GradientSink gradient = new GradientSink(network.layout());
        Draw.step(network.bind(state, gradient, Backend.detect(), 1), Networks.copies(1, 1, 0, INPUT), 0);
        double[] bounds = new Enumeration(network, state, 0, INPUT).gradientBounds(Rounding.gradient(1, 2, 3, 1));
        for (int i = 0; i < exact.length; i++) {
            assertEquals(exact[i], gradient.target().get(i), bounds[i], "parameter " + i);
        }
        holdToEnumeration(Networks.of(2, units("rloo"), dense, units("muprop"), top), 400);
    }

    @Test
    void outputIsTheLossInEveryMode() {
        Network network = Networks.of(2, "{ type = dense, units = 3, activation = sigmoid }", TABLE);
        State state = Networks.state(network, 5, 1);
        double exact = new Enumeration(network, state, 0, INPUT).expectedLoss();
        // the table's values, at most 9, are weighted by products of three probabilities and of what they leave of 1
        double bound = Rounding.of(Rounding.forward(2, 3) * 3, 9);
        Examples examples = Networks.copies(2, 1, 0, INPUT);
        Pass pass = network.bind(state, null, Backend.detect(), 2);
        for (Mode mode : Mode.values()) {
            pass.load(examples, Networks.places(2), 2);
            pass.context().setNoise(mode, 1, 0, 0);
            pass.forward();
            assertEquals(exact, pass.output().get(1, 0), bound);
        }
        pass.context().setNoise(Mode.TRAIN, 1, 0, 0);
        pass.forward();
        assertEquals(exact, pass.meanLoss(), bound);
    }

    @Test
    void readsWhatItWritesAndRefusesTheWrongWidth() {
        NetworkSpec spec = Networks.spec(2, units("disarm"), TABLE);
        assertEquals(spec, NetworkSpec.read(Section.root(spec.write().resolve())));
        UsageException narrow =
                assertThrows(UsageException.class, () -> Networks.of(2, "{ type = stochastic, units = 2 }", TABLE));
        assertEquals(
                "network.layers[1].function.values: got 8 numbers, expected 2^2 = 4 for the 2 units below",
                narrow.getMessage());
        assertTrue(assertThrows(UsageException.class, spec::output)
                .getMessage()
                .startsWith("network.layers: got a network that ends in function"));
    }

    /** Counts what is asked of it. */
    private static final class Counting implements UnitFunction {
        private final UnitFunction function = new Quadratic(0.3);
        private int evaluations;
        private int gradients;

        @Override
        public void check(int units, String path) {}

        @Override
        public int degree(int columns) {
            return function.degree(columns);
        }

        @Override
        public Evaluator evaluator(int units) {
            Evaluator evaluator = function.evaluator(units);
            return new Evaluator() {
                @Override
                public double value(double[] point) {
                    evaluations++;
                    return evaluator.value(point);
                }

                @Override
                public void differentiate(double[] point, double[] gradient) {
                    gradients++;
                    evaluator.differentiate(point, gradient);
                }
            };
        }

        @Override
        public Map<String, Object> write() {
            return function.write();
        }
    }

    static List<GradientEstimator> forBits() {
        List<GradientEstimator> all = new ArrayList<>();
        for (String name : Estimators.names()) {
            GradientEstimator estimator = Networks.estimator(name);
            if (estimator.suits(new Bernoulli())) {
                all.add(estimator);
            }
        }
        all.add(Networks.estimator("{ type = node-perturbation, two-sided = false }"));
        all.add(Networks.estimator("{ type = rloo, samples = 7 }"));
        all.add(Networks.estimator("{ type = rebar, learning-rate = 0 }"));
        all.add(Networks.estimator("{ type = relax, relaxed-loss = false }"));
        all.add(Networks.estimator("{ type = local-expectation, block = 2 }"));
        return all;
    }

    @ParameterizedTest
    @MethodSource("forBits")
    void estimatorsCostWhatTheyClaim(GradientEstimator estimator) {
        int rows = 5;
        Counting function = new Counting();
        Network network = new Network(new NetworkSpec(
                2,
                List.of(
                        new StochasticLayer(
                                3, new Bernoulli(), estimator, Optional.empty(), Optional.empty(), Initial.DEFAULT),
                        new FunctionLayer(function))));
        State state = Networks.state(network, 5, 1);
        Pass pass = network.bind(state, new GradientSink(network.layout()), Backend.detect(), rows);
        Draw.step(pass, Networks.copies(rows, 1, 0, INPUT), 0);
        assertEquals(estimator.claims().cost().evaluations(3) * rows, function.evaluations, "evaluations");
        assertEquals(estimator.claims().cost().gradients() * rows, function.gradients, "gradients");
    }
}
