package org.coinflip.model.layer.experts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.coinflip.model.error.UsageException;
import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.layer.Mode;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.network.Pass;
import org.coinflip.model.oracle.Draw;
import org.coinflip.model.oracle.Enumeration;
import org.coinflip.model.oracle.Networks;
import org.coinflip.model.oracle.Rounding;
import org.coinflip.model.training.GradientSink;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("numerical")
class GatedExpertsTest {
    private static final Backend BACKEND = Backend.detect();
    private static final int[] WIDTHS = {6, 21, 9, 40, 5, 9, 40, 5, 3};
    private static final String OUTPUT = "{ type = output, units = 3 }";

    /** Experts of one unit, of many, and with a layer inside each, added up. */
    private static final String[] SHAPES = {
        "experts = 40",
        "experts = 5, units = 8",
        "experts = 7, units = 9, hidden = [5], combine = sum, initial-scale = 0.1"
    };

    private static String experts(String keys) {
        return "{ type = gated-experts, gater = [{ units = 9, activation = tanh }], " + keys + " }";
    }

    /** The gradient of a batch's mean loss and what the network gave, with the experts computed in one of the ways. */
    private record Outcome(float[] outputs, float[] gradient) {
        static Outcome of(String shape, String compute, String gate, double bias, int batch) {
            String keys = shape + ", compute = " + compute + ", gate { initial-scale = 0.01, initial-bias = " + bias
                    + ", " + gate + " }";
            Network network = Networks.of(
                    6,
                    "{ type = dense, units = 21, activation = relu }",
                    experts("activation = tanh, " + keys),
                    experts(keys),
                    OUTPUT);
            State state = new State(network.layout());
            network.initialise(state, 3);
            GradientSink gradient = new GradientSink(network.layout());
            Pass pass = network.bind(state, gradient, BACKEND, batch);
            pass.load(Networks.random(batch, 6, 3, 8), Networks.places(batch), batch);
            pass.context().setNoise(Mode.TRAIN, 5, 2, 0);
            pass.forward();
            float[] outputs = pass.output(3).floats().toArray();
            pass.backward();
            pass.accumulate();
            return new Outcome(outputs, gradient.target().toArray());
        }
    }

    private static double norm(float[] a) {
        double sum = 0;
        for (float value : a) {
            sum += (double) value * value;
        }
        return Math.sqrt(sum);
    }

    /**
     * Two ways of summing the same terms are off from each other by twice what one is off by. Gates of the two ways see inputs that differ by
     * that, times weights of 0.01: that the samples of one differ is a matter of one in thousands of seeds.
     */
    private static void assertClose(float[] expected, float[] actual, int batch, String what) {
        double[] difference = new double[expected.length];
        double sum = 0;
        for (int i = 0; i < difference.length; i++) {
            difference[i] = expected[i] - actual[i];
            sum += difference[i] * difference[i];
        }
        assertTrue(
                Math.sqrt(sum) <= 2 * Rounding.of(Rounding.gradient(batch, WIDTHS), norm(expected)),
                what + ": got a distance of " + Math.sqrt(sum) + " from a vector of norm " + norm(expected));
    }

    /** logit of 0, 0.01, 0.1, 0.5 and 1; gates of weights near zero are open for just that part. */
    @ParameterizedTest
    @ValueSource(doubles = {-100, -4.595, -2.197, 0, 100})
    void sparseAgreesWithDenseAtEveryDensity(double bias) {
        for (String shape : SHAPES) {
            sparseAgreesWithDense(shape, bias);
        }
    }

    private static void sparseAgreesWithDense(String shape, double bias) {
        for (String gate : new String[] {
            "law = bernoulli, estimator = straight-through",
            "law = bernoulli, estimator = reinforce",
            "law = bernoulli, estimator = rloo",
            "law = bernoulli, estimator = disarm",
            "law = stochastic-times-smooth",
            "law = noisy-rectifier",
            "law { type = noisy-top-k, n = " + shape.split("[ ,]")[2] + ", k = 2 }"
        }) {
            for (int batch : new int[] {1, 32, 257}) {
                Outcome dense = Outcome.of(shape, "dense", gate, bias, batch);
                Outcome sparse = Outcome.of(shape, "sparse", gate, bias, batch);
                String what = shape + ", " + gate + ", bias " + bias + ", batch " + batch;
                assertClose(dense.outputs, sparse.outputs, batch, what + ", outputs");
                assertClose(dense.gradient, sparse.gradient, batch, what + ", gradient");
                assertTrue(norm(dense.gradient) > 1e-3, "a gradient of nothing proves nothing: " + what);
            }
        }
    }

    /** Estimators of every kind: one sample, several, probes at other points, relaxed points, enumeration. */
    @ParameterizedTest
    @ValueSource(
            strings = {"reinforce", "rloo", "disarm", "arm", "local-expectation", "exact", "bitflip", "rebar", "muprop"
            })
    void unbiasedEstimatorsStayUnbiasedAtGates(String estimator) {
        for (String keys : new String[] {"compute = sparse", "compute = dense", "compute = sparse, units = 2"}) {
            Network network = Networks.of(
                    2,
                    "{ type = gated-experts, experts = 3, activation = tanh, " + keys
                            + ", gater = [{ units = 2, activation = tanh }], gate { estimator = " + estimator + " } }",
                    "{ type = output, units = 2 }");
            State state = Networks.state(network, 4, 0.9);
            float[] input = {0.8f, -0.5f};
            Enumeration expected = new Enumeration(network, state, 1, input);
            Draw.gradients(network, state, Networks.copies(64, 2, 1, input), 2500)
                    .assertAgrees(expected.gradient(), estimator + ", " + keys);
        }
    }

    /** With gates that are not drawn everything is a function, so that differences are the reference. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sigmoid | linear | units = 1",
                "sigmoid | tanh | units = 1",
                "tanh | softplus | units = 1",
                "sigmoid | tanh | units = 3",
                "tanh | softplus | units = 2, combine = sum",
                "sigmoid | tanh | units = 3, hidden = [2, 4]",
                "tanh | sigmoid | units = 5, hidden = [2], combine = sum"
            })
    void gradientsAreThoseOfDifferences(String gate, String activation, String shape) {
        Network network = Networks.of(
                3,
                "{ type = gated-experts, experts = 4, activation = " + activation + ", gater = [{ units = 3 }], gate {"
                        + " activation = " + gate + " }, " + shape + " }",
                "{ type = gated-experts, experts = 5, activation = " + activation + ", gate { activation = " + gate
                        + " }, " + shape + " }",
                "{ type = output, units = 3, objective = squared-error }");
        State state = Networks.state(network, 5, 0.7);
        float[] input = {0.3f, -0.9f, 1.4f};
        Enumeration reference = new Enumeration(network, state, 2, input);
        GradientSink gradient = new GradientSink(network.layout());
        Pass pass = network.bind(state, gradient, BACKEND, 1);
        Draw.step(pass, Networks.copies(1, 3, 2, input), 0);
        // a gater's hidden layer, the gates and the experts with layers inside, twice
        int[] widths = {3, 3, 4, 2, 4, 12, 12, 5, 2, 4, 15, 3};
        double loss = reference.expectedLoss();
        assertEquals(loss, pass.meanLoss(), Rounding.of(Rounding.forward(widths), 1 + loss));
        double[] expected = reference.gradient();
        double[] bounds = reference.gradientBounds(Rounding.gradient(1, widths));
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], gradient.target().get(i), bounds[i], "at " + i);
        }
    }

    /** One expert always open, one never: only the first costs anything, and only it is changed. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void workThatIsNotDoneIsCounted(int units) {
        Network network = Networks.of(
                4,
                "{ type = gated-experts, experts = 2, units = " + units
                        + ", activation = tanh, compute = sparse, gate { estimator = reinforce } }",
                "{ type = output, units = 3 }");
        State state = new State(network.layout());
        network.initialise(state, 1);
        state.view("layer0.biases").set(0, 100f);
        state.view("layer0.biases").set(1, -100f);
        Examples examples = Networks.random(8, 4, 3, 2);
        GradientSink gradient = new GradientSink(network.layout());
        Draw.step(network.bind(state, gradient, BACKEND, 8), examples, 0);
        ExpertsWork work = new ExpertsWork(state.view("layer1.work"));
        assertEquals(0.5, work.open());
        assertEquals(0.5, work.forward());
        assertEquals(0.5, work.backward());
        var weights = network.layout().segment("layer1.weights");
        for (int k = 0; k < 4 * units; k++) {
            assertTrue(gradient.target().get(weights.offset() + k) != 0f);
            assertEquals(0f, gradient.target().get(weights.offset() + 4 * units + k));
        }
    }

    /** Straight-through wants the value of closed experts too, stochastic-times-smooth units do not. */
    @ParameterizedTest
    @CsvSource({"bernoulli, 1", "stochastic-times-smooth, 0"})
    void closedExpertsAreComputedOnlyWhereTheyAreAskedFor(String law, double forward) {
        for (String shape : SHAPES) {
            onlyWhereTheyAreAskedFor(shape, law, forward);
        }
    }

    private static void onlyWhereTheyAreAskedFor(String shape, String law, double forward) {
        Network network = Networks.of(
                4,
                "{ type = gated-experts, " + shape + ", compute = sparse, gate { initial-bias = -200, law = " + law
                        + " } }",
                "{ type = output, units = 3 }");
        State state = new State(network.layout());
        network.initialise(state, 1);
        Draw.step(network.bind(state, new GradientSink(network.layout()), BACKEND, 8), Networks.random(8, 4, 3, 2), 0);
        ExpertsWork work = new ExpertsWork(state.view("layer1.work"));
        assertEquals(forward, work.forward());
        assertEquals(0, work.backward());
        assertEquals(0, work.open());
    }

    @Test
    void whatCannotWorkIsRefused() {
        refused(
                "network.layers[2].experts: got 5, expected 4", "{ type = dense, units = 3 }",
                "{ type = stochastic, units = 4 }", "{ type = experts, inputs = 4, experts = 5, gater = 2 }");
        refused(
                "gater: got 2, expected at most 1",
                "{ type = stochastic, units = 4 }",
                "{ type = experts, inputs = 4, experts = 4, gater = 2 }");
        refused(
                "layers[2].gater: got 1, expected another number, or a layer between",
                "{ type = transformed, units = 4 }",
                "{ type = dense, units = 4 }",
                "{ type = experts, inputs = 4, experts = 4, gater = 1 }");
        refused("target: got 1.5", "{ type = gated-experts, experts = 4, sparsity { target = 1.5 } }");
        refused("weight: got -1", "{ type = gated-experts, experts = 4, sparsity { weight = -1 } }");
        refused("sparsity: got", "{ type = gated-experts, experts = 4, gate { law = concrete }, sparsity { } }");
        refused("sparsity: got", "{ type = gated-experts, experts = 4, gate { activation = relu }, sparsity { } }");
        refused("sparsity: got", "{ type = gated-experts, experts = 4, gate { estimator = rloo }, sparsity { } }");
        refused("term = cross-entropy", "{ type = gated-experts, experts = 4, sparsity { term = l1 } }");
        refused("units: got 0", "{ type = gated-experts, experts = 4, units = 0 }");
        refused("hidden: got", "{ type = gated-experts, experts = 4, hidden = [3, 0.5] }");
        refused("combine: got", "{ type = gated-experts, experts = 4, combine = product }");
        refused("units: got", "{ type = gated-experts, experts = 100000, units = 100000 }");
        refused("unknown key", "{ type = gated-experts, experts = 4, gates { law = bernoulli } }");
        refused("unknown key", "{ type = gated-experts, experts = 4, gate { laws = bernoulli } }");
        Network wrong = Networks.of(
                4,
                "{ type = stochastic, units = 4 }",
                "{ type = experts, inputs = 7, experts = 4, gater = 1 }",
                OUTPUT);
        UsageException e =
                assertThrows(UsageException.class, () -> wrong.bind(new State(wrong.layout()), null, BACKEND, 1));
        assertTrue(e.getMessage().contains("inputs: got 7, expected 4"), e.getMessage());
    }

    private static void refused(String message, String... layers) {
        String[] all = java.util.Arrays.copyOf(layers, layers.length + 1);
        all[layers.length] = OUTPUT;
        UsageException e = assertThrows(UsageException.class, () -> Networks.of(4, all));
        assertTrue(e.getMessage().contains(message), e.getMessage());
    }
}
