package org.coinflip.model.layer.experts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.layer.Mode;
import org.coinflip.model.layer.Sink;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.memory.Segment;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.network.Pass;
import org.coinflip.model.oracle.Draw;
import org.coinflip.model.oracle.Enumeration;
import org.coinflip.model.oracle.Networks;
import org.coinflip.model.oracle.Rounding;
import org.coinflip.model.training.EvaluationSpec;
import org.coinflip.model.training.Evaluator;
import org.coinflip.model.training.GradientSink;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Trees of experts, held to the sum over all their paths in double precision. */
@Tag("numerical")
class TreeExpertsTest {
    private static final Backend BACKEND = Backend.detect();
    private static final float[] INPUT = {0.8f, -0.5f, 1.1f};
    private static final double[] X = {INPUT[0], INPUT[1], INPUT[2]};
    private static final int LABEL = 1;
    private static final String OUTPUT = "{ type = output, units = 3 }";

    private static String tree(int depth, String keys) {
        return "{ type = tree-experts, units = 2, activation = tanh, depth = " + depth + ", " + keys + " }";
    }

    private static Pass step(Pass pass, int epoch) {
        Draw.step(pass, Networks.copies(1, 3, LABEL, INPUT), epoch);
        return pass;
    }

    /**
     * Given its path a sample of the estimate is a number, so the mean over all paths is a sum: what is off is rounding. A path of this state has a
     * probability above 0.01, and that one is missed in 4,000 draws one of e⁻⁴⁰.
     */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void theMeanOverAllPathsIsTheGradientOfTheExpectedLoss(int depth) {
        Network network = Networks.of(
                3,
                tree(depth, "estimator { type = reinforce, baseline = none }"),
                "{ type = dense, units = 4, activation = tanh }",
                OUTPUT);
        State state = Networks.state(network, 4, 0.9);
        Enumeration reference = new Enumeration(network, state, LABEL, INPUT);
        TreeExpertsLayer layer = (TreeExpertsLayer) network.layers().get(0);
        GradientSink gradient = new GradientSink(network.layout());
        Pass pass = network.bind(state, gradient, BACKEND, 1);
        double[] mean = new double[network.layout().parameters()];
        double loss = 0;
        boolean[] seen = new boolean[layer.leaves()];
        for (int epoch = 0; epoch < 4000; epoch++) {
            step(pass, epoch);
            int leaf = leafOf(reference, layer, pass.output(0));
            double probability = reference.probabilityOfPath(layer, 0, leaf, X);
            assertTrue(probability > 0.01);
            loss += seen[leaf] ? 0 : probability * pass.meanLoss();
            for (int i = 0; i < mean.length && !seen[leaf]; i++) {
                mean[i] += probability * gradient.target().get(i);
            }
            seen[leaf] = true;
        }
        int[] widths = {3, depth, 2, 4, 3};
        assertEquals(reference.expectedLoss(), loss, Rounding.of(Rounding.forward(widths), 1 + loss));
        double[] expected = reference.gradient();
        double[] bounds = reference.gradientBounds(Rounding.gradient(1, widths));
        for (int i = 0; i < mean.length; i++) {
            // a score's loss is no small number here: the sum over the paths is of terms of about 1
            assertEquals(expected[i], mean[i], bounds[i] + Rounding.of(Rounding.gradient(1, widths), 2), "at " + i);
        }
    }

    /** The leaf that gave the output. */
    private static int leafOf(Enumeration reference, TreeExpertsLayer layer, Matrix output) {
        int found = -1;
        for (int leaf = 0; leaf < layer.leaves(); leaf++) {
            double[] y = reference.ofLeaf(layer, 0, leaf, X);
            boolean is = true;
            for (int j = 0; j < y.length; j++) {
                is &= Math.abs(y[j] - output.get(0, j)) < 1e-5;
            }
            assertTrue(found < 0 || !is, "two leaves give the same");
            found = is ? leaf : found;
        }
        assertTrue(found >= 0, "no leaf gives this");
        return found;
    }

    /** With a layer below, which learns from the leaf and from the decisions, and a tree above, whose losses are the lower one's. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "reinforce",
                "{ type = reinforce, baseline = none }",
                "{ type = reinforce, baseline = moving-average }",
                "{ type = reinforce, baseline = input }",
                "{ type = nvil, hidden = 3, normalise = false }",
                "{ type = rloo, samples = 2 }",
                "{ type = rloo, samples = 3 }"
            })
    void unbiasedEstimatorsStayUnbiasedOnPaths(String estimator) {
        Network network = Networks.of(
                3,
                "{ type = dense, units = 2, activation = tanh }",
                tree(2, "estimator = " + estimator),
                tree(1, "estimator = " + estimator),
                OUTPUT);
        State state = Networks.state(network, 4, 0.9);
        Enumeration expected = new Enumeration(network, state, LABEL, INPUT);
        Draw.gradients(network, state, Networks.copies(64, 3, LABEL, INPUT), 2500)
                .assertAgrees(expected.gradient(), estimator);
    }

    /** Probes run the tree again, at other points and with the same noise; samples of a row below are rows here. */
    @ParameterizedTest
    @ValueSource(strings = {"local-expectation", "disarm", "rebar", "rloo"})
    void estimatorsOfLayersBelowStayUnbiased(String estimator) {
        Network network =
                Networks.of(3, "{ type = stochastic, units = 3, estimator = " + estimator + " }", tree(2, ""), OUTPUT);
        State state = Networks.state(network, 4, 0.9);
        Enumeration expected = new Enumeration(network, state, LABEL, INPUT);
        Draw.gradients(network, state, Networks.copies(64, 3, LABEL, INPUT), 2500)
                .assertAgrees(expected.gradient(), estimator);
    }

    /** What training computes with has each row of weights begin a vector. */
    @ParameterizedTest
    @ValueSource(ints = {3, 16, 21})
    void paddedStatesGiveTheGradientOfDenseOnes(int inputs) {
        Network network = Networks.of(inputs, tree(3, "estimator = rloo"), OUTPUT);
        State dense = Networks.state(network, 2, 0.5);
        State padded = new State(network.layout().padded());
        padded.set(dense);
        Examples examples = Networks.random(7, inputs, 3, 1);
        Floats[] gradients = new Floats[2];
        for (int i = 0; i < 2; i++) {
            State state = i == 0 ? dense : padded;
            GradientSink gradient = new GradientSink(state.layout());
            gradient.target().fill(9f); // of a step before
            Draw.step(network.bind(state, gradient, BACKEND, 7), examples, 0);
            gradients[i] = gradient.target();
        }
        for (Segment segment : network.layout().segments()) {
            Segment there = padded.layout().segment(segment.name());
            for (int r = 0; segment.isParameter() && r < segment.rows(); r++) {
                for (int k = 0; k < segment.columns(); k++) {
                    float expected = gradients[0].get(segment.offset() + r * segment.stride() + k);
                    float actual = gradients[1].get(there.offset() + r * there.stride() + k);
                    // products of the output layer may be another library's
                    double bound = Rounding.of(2 * Rounding.gradient(7, inputs, 2, 3), 1 + Math.abs(expected));
                    assertEquals(expected, actual, bound, segment.name());
                }
            }
        }
    }

    private static float[] predicted(Network network, State state, Mode mode, int draws) {
        Evaluator evaluator = new Evaluator(network, state, new EvaluationSpec(mode, draws), BACKEND, 1, 3);
        Matrix row = evaluator.predict(Networks.copies(1, 3, LABEL, INPUT), 0, 1);
        float[] predictions = new float[row.columns()];
        row.getRow(0, predictions, 0);
        return predictions;
    }

    @Test
    void inUseATreeGivesItsMeanItsGreedyLeafOrALeafThatIsDrawn() {
        Network network =
                Networks.of(3, tree(3, "estimator = rloo"), "{ type = output, units = 2, objective = squared-error }");
        State state = Networks.state(network, 4, 0.9);
        // the output layer gives what it is given
        float[] identity = {1, 0, 0, 1};
        state.view("layer1.weights").set(identity);
        state.view("layer1.biases").fill(0f);
        Enumeration reference = new Enumeration(network, state, LABEL, INPUT);
        TreeExpertsLayer layer = (TreeExpertsLayer) network.layers().get(0);
        double[] mean = new double[2];
        double[] square = new double[2];
        int greedy = 0;
        for (int leaf = 0; leaf < 8; leaf++) {
            double p = reference.probabilityOfPath(layer, 0, leaf, X);
            double[] y = reference.ofLeaf(layer, 0, leaf, X);
            for (int j = 0; j < 2; j++) {
                mean[j] += p * y[j];
                square[j] += p * y[j] * y[j];
            }
        }
        for (int level = 0; level < 3; level++) {
            double right = 0;
            double left = 0;
            for (int below = 0; below < 1 << 2 - level; below++) {
                int first = greedy << 3 - level;
                left += reference.probabilityOfPath(layer, 0, first + below, X);
                right += reference.probabilityOfPath(layer, 0, first + (1 << 2 - level) + below, X);
            }
            greedy = 2 * greedy + (right > left ? 1 : 0);
        }
        double[] likeliest = reference.ofLeaf(layer, 0, greedy, X);
        float[] means = predicted(network, state, Mode.MEANS, 1);
        float[] thresholds = predicted(network, state, Mode.THRESHOLDS, 1);
        int draws = 20_000;
        float[] samples = predicted(network, state, Mode.SAMPLES, draws);
        for (int j = 0; j < 2; j++) {
            assertEquals(mean[j], means[j], Rounding.of(Rounding.forward(3, 3, 8, 2), 2));
            assertEquals(likeliest[j], thresholds[j], Rounding.of(Rounding.forward(3, 2, 2), 2));
            // wrong once in 900,000 seeds
            double deviation = Math.sqrt((square[j] - mean[j] * mean[j]) / draws);
            assertEquals(mean[j], samples[j], 5 * deviation + 1e-5);
        }
    }

    /** The least that has to be true of a step that is to cost the logarithm of the experts. */
    @Test
    void aStepOfPlainDescentChangesThePathAlone() {
        Network network = Networks.of(3, tree(10, ""), OUTPUT);
        State state = Networks.state(network, 4, 0.5);
        float[] before = state.values().toArray();
        Sink descent = new Sink() {
            @Override
            public Floats target() {
                return state.parameters();
            }

            @Override
            public float carry(Segment segment) {
                return 1f;
            }

            @Override
            public float scale(Segment segment, int examples) {
                return -0.1f / examples;
            }
        };
        step(network.bind(state, descent, BACKEND, 1), 0);
        int[] rows = {10, 10, 2, 2};
        String[] names = {"decisions.weights", "decisions.biases", "weights", "biases"};
        for (int i = 0; i < names.length; i++) {
            Segment segment = network.layout().segment("layer0." + names[i]);
            int width = names[i].endsWith("biases") ? 1 : segment.columns();
            int changed = 0;
            for (int r = 0; r < segment.count() / width; r++) {
                int from = segment.offset() + r * width;
                float[] now = new float[width];
                state.values().get(from, now, 0, width);
                changed += Arrays.equals(now, Arrays.copyOfRange(before, from, from + width)) ? 0 : 1;
            }
            assertEquals(rows[i], changed, names[i]);
        }
    }

    private static void refused(String expected, String... layers) {
        UsageException failure = assertThrows(UsageException.class, () -> Networks.of(3, layers));
        assertTrue(failure.getMessage().contains(expected), failure.getMessage());
        assertEquals(1, failure.getMessage().lines().count());
    }

    @Test
    void whatATreeIsNotServedByIsRefused() {
        for (String estimator :
                new String[] {"straight-through", "local-expectation", "disarm", "exact", "pathwise", "reinmax"}) {
            refused("estimator: got", tree(2, "estimator = " + estimator), OUTPUT);
        }
        refused(
                "the others want what the branches give that a path does not take",
                tree(2, "estimator = half"),
                OUTPUT);
        refused("depth: got 0", tree(0, ""), OUTPUT);
        refused("units: got 1000", "{ type = tree-experts, depth = 25, units = 1000 }", OUTPUT);
        refused("unknown key", tree(2, "experts = 4"), OUTPUT);
        refused(
                "network.layers[0].estimator: got rloo below a loss that is earned",
                tree(2, "estimator = rloo"),
                "{ type = stochastic, units = 2, estimator = reinforce }",
                "{ type = reward }");
    }

    @ParameterizedTest
    @CsvSource({"12, true", "13, false"})
    void meansOfDeepTreesAreRefused(int depth, boolean served) {
        Network network = Networks.of(3, tree(depth, ""), OUTPUT);
        if (served) {
            network.checkUse(Mode.MEANS);
        } else {
            UsageException failure = assertThrows(UsageException.class, () -> network.checkUse(Mode.MEANS));
            assertTrue(failure.getMessage().contains("expected samples or thresholds"), failure.getMessage());
        }
        network.checkUse(Mode.SAMPLES);
        network.checkUse(Mode.THRESHOLDS);
    }
}
