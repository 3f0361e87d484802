package org.coinflip.model.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import java.util.Random;
import org.coinflip.model.error.DivergenceException;
import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.layer.Mode;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.oracle.Networks;
import org.coinflip.model.oracle.Rounding;
import org.coinflip.model.settings.Section;
import org.coinflip.model.training.updater.Progress;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("numerical")
public class LearnerTest {
    private static final Backend BACKEND = Backend.detect();

    private static final String OUTPUT = "{ type = output, units = 3 }";

    public static TrainingSpec training(String hocon) {
        return TrainingSpec.read(Section.root(ConfigFactory.parseString(hocon)));
    }

    private static Learner learner(Network network, String training, long seed) {
        Learner learner = new Learner(network, training(training), BACKEND, seed);
        network.initialise(learner.state(), seed);
        return learner;
    }

    /** Three clouds around corners of a triangle, far apart. */
    private static Examples separable() {
        Random random = new Random(6);
        int n = 90;
        long[] ids = new long[n];
        int[] labels = new int[n];
        float[] features = new float[2 * n];
        for (int i = 0; i < n; i++) {
            ids[i] = i;
            labels[i] = i % 3;
            double angle = labels[i] * 2 * Math.PI / 3;
            features[2 * i] = (float) (2 * Math.cos(angle) + 0.2 * random.nextGaussian());
            features[2 * i + 1] = (float) (2 * Math.sin(angle) + 0.2 * random.nextGaussian());
        }
        return Examples.ofFloats(2, 3, ids, labels, features);
    }

    private static void train(Learner learner, Examples examples, int batch, int epochs) {
        int steps = examples.size() / batch;
        Progress progress = new Progress(steps, epochs);
        int[] places = new int[batch];
        for (int step = 0; step < steps * epochs; step++) {
            for (int i = 0; i < batch; i++) {
                places[i] = (step * batch + i) % examples.size();
            }
            learner.step(examples, places, batch, progress.at(step));
        }
    }

    private static Evaluator evaluator(Network network, Learner learner, Mode mode, int draws, int batch) {
        return new Evaluator(network, learner.state(), new EvaluationSpec(mode, draws), BACKEND, batch, 5);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ type = dense, units = 12, activation = tanh }",
                "{ type = maxout, units = 6 }",
                "{ type = stochastic, units = 12, estimator = straight-through }",
                "{ type = stochastic, units = 12, estimator = { type = straight-through, derive-sigmoid = true } }",
                "{ type = stochastic, units = 12, estimator = reinforce }",
                "{ type = stochastic, units = 6, estimator = exact }",
                "{ type = stochastic, units = 12, law = stochastic-times-smooth }",
                "{ type = stochastic, units = 12, law = noisy-rectifier }",
                "{ type = stochastic, units = 12, law = { type = noisy-rectifier, noise = gaussian } }"
            })
    void learnsToSeparateThreeCloudsWithoutError(String layer) {
        Network network = Networks.of(2, layer, OUTPUT);
        Learner learner = learner(network, "batch = 15, updater { type = Adam, learning-rate = 0.02 }", 3);
        Examples examples = separable();
        train(learner, examples, 15, 80);
        Score score = evaluator(network, learner, Mode.MEANS, 1, 32).score(examples, 0, examples.size());
        assertEquals(0, score.errors(), "loss " + score.loss());
        assertEquals(examples.size(), score.examples());
    }

    /** Against the mean of the parameters as they were after each step, and as a learner that goes on from what another stored. */
    @Test
    void theResultIsTheAverageOfTheStepsThatWereTaken() {
        Network network = Networks.of(2, "{ type = stochastic, units = 6, estimator = reinforce }", OUTPUT);
        String spec = "batch = 9, updater { type = Momentum }, ema = 0.8";
        Learner learner = learner(network, spec, 3);
        Learner other = learner(network, spec, 3);
        Examples examples = separable();
        int parameters = learner.state().layout().parameters();
        double[] average = new double[parameters];
        double bound = 0;
        int[] places = new int[9];
        Progress progress = new Progress(10, 2);
        Floats stored = Floats.allocate(Learner.layout(network, training(spec)).length());
        for (int step = 0; step < 20; step++) {
            for (int i = 0; i < places.length; i++) {
                places[i] = (step * places.length + i) % examples.size();
            }
            learner.step(examples, places, places.length, progress.at(step));
            double beta = Math.min(0.8, step / (step + 1.0));
            for (int i = 0; i < parameters; i++) {
                double now = learner.state().parameters().get(i);
                average[i] = beta * average[i] + (1 - beta) * now;
                bound = Math.max(bound, Math.abs(now));
            }
            other.step(examples, places, places.length, progress);
            other.store(stored);
            other = learner(network, spec, 3);
            other.state().values().fill(Float.NaN);
            other.load(stored);
        }
        State averaged = new State(learner.state().layout());
        learner.storeNetwork(averaged);
        for (int i = 0; i < parameters; i++) {
            // a rounding a step, each fading; 20 of them
            assertEquals(average[i], averaged.parameters().get(i), Rounding.of(20, bound));
        }
        State gone = new State(network.layout());
        other.storeNetwork(gone);
        State here = new State(network.layout());
        learner.storeNetwork(here);
        assertArrayEquals(here.values().toArray(), gone.values().toArray());
        assertNotEquals(here.parametersSha256(), learner.state().parametersSha256());
    }

    @Test
    void sameSeedGivesTheSameBitsAndAnotherSeedOthers() {
        Network network = Networks.of(
                2,
                "{ type = dropout, keep = 0.9 }",
                "{ type = stochastic, units = 20, estimator = reinforce }",
                "{ type = stochastic, units = 20, law = noisy-rectifier }",
                OUTPUT);
        Examples examples = separable();
        String[] hashes = new String[3];
        for (int run = 0; run < 3; run++) {
            Learner learner = learner(
                    network,
                    "batch = 7, updater { type = Momentum }, weight-decay = 1e-3, max-column-norm = 2",
                    run / 2);
            train(learner, examples, 7, 10);
            hashes[run] = learner.state().parametersSha256();
        }
        assertEquals(hashes[0], hashes[1]);
        assertNotEquals(hashes[0], hashes[2]);
    }

    @Test
    void columnNormsNeverExceedTheLimit() {
        Network network = Networks.of(2, "{ type = dense, units = 9, activation = relu }", OUTPUT);
        Learner learner = learner(network, "batch = 15, max-column-norm = 0.5, updater.learning-rate = 0.5", 1);
        train(learner, separable(), 15, 5);
        for (String name : new String[] {"layer0.weights", "layer1.weights"}) {
            Matrix weights = learner.state().matrix(name);
            for (int j = 0; j < weights.columns(); j++) {
                double square = 0;
                for (int i = 0; i < weights.rows(); i++) {
                    square += Math.pow(weights.get(i, j), 2);
                }
                assertTrue(Math.sqrt(square) <= 0.5 + Rounding.of(weights.rows() + 4, 0.5), name + " column " + j);
            }
        }
    }

    @Test
    void aStepThatDivergesLeavesTheStateAsItWas() {
        Network network = Networks.of(2, "{ type = dense, units = 4 }", OUTPUT);
        Learner learner = learner(network, "batch = 2, updater { type = Nesterovs }", 1);
        Examples good = separable();
        learner.step(good, new int[] {0, 1}, 2, new Progress(10, 1).at(0));
        float[] before = learner.state().values().toArray();
        Examples bad = Examples.ofFloats(
                2, 3, new long[] {1, 2}, new int[] {0, 1}, new float[] {1, 2, Float.NaN, Float.POSITIVE_INFINITY});
        DivergenceException diverged = assertThrows(
                DivergenceException.class, () -> learner.step(bad, new int[] {0, 1}, 2, new Progress(10, 1).at(1)));
        assertEquals(4, diverged.exitCode());
        assertTrue(diverged.getMessage().contains("learning-rate"), diverged.getMessage());
        assertArrayEquals(before, learner.state().values().toArray());
    }

    @Test
    void aLastBatchMayBeSmaller() {
        Network network = Networks.of(2, "{ type = stochastic, units = 4 }", OUTPUT);
        Learner roomy = learner(network, "batch = 50, updater.learning-rate = 0.3", 1);
        Learner tight = learner(network, "batch = 3, updater.learning-rate = 0.3", 1);
        Examples examples = separable();
        int[] places = {4, 5, 6};
        Progress progress = new Progress(10, 1).at(0);
        roomy.step(examples, Networks.places(50), 50, progress);
        tight.state().values().set(roomy.state().values());
        roomy.step(examples, places, 3, progress.at(1));
        tight.step(examples, places, 3, progress.at(1));
        assertEquals(roomy.state().parametersSha256(), tight.state().parametersSha256());
    }

    @Test
    void evaluationDoesNotDependOnTheBatch() {
        Network network = Networks.of(
                2,
                "{ type = dropout }",
                "{ type = stochastic, units = 12 }",
                "{ type = gaussian-noise, std = 1 }",
                OUTPUT);
        Learner learner = learner(network, "batch = 15", 3);
        Examples examples = separable();
        train(learner, examples, 15, 2);
        for (Mode mode : new Mode[] {Mode.MEANS, Mode.THRESHOLDS, Mode.SAMPLES}) {
            Score one = evaluator(network, learner, mode, 3, 1).score(examples, 0, 90);
            Score many = evaluator(network, learner, mode, 3, 37).score(examples, 0, 90);
            Score parts = evaluator(network, learner, mode, 3, 8)
                    .score(examples, 0, 41)
                    .plus(evaluator(network, learner, mode, 3, 100).score(examples, 41, 90));
            assertEquals(one.errors(), many.errors(), mode.name());
            double bound = 2 * Rounding.of(Rounding.forward(2, 12, 3), 1 + one.loss());
            assertEquals(one.loss(), many.loss(), bound, mode.name());
            assertEquals(one.loss(), parts.loss(), bound, mode.name());
            assertEquals(one.errors(), parts.errors(), mode.name());
        }
    }

    /** The mean of 4000 predictions is that of two values; 4.5 standard errors of at most ½/√4000. */
    @Test
    void drawsOfSamplesAverageToTheExpectedPrediction() {
        Network network = Networks.of(2, "{ type = stochastic, units = 1 }", "{ type = output, units = 2 }");
        Learner learner = learner(network, "batch = 1", 3);
        learner.state().matrix("layer1.weights").set(0, 0, 3f);
        Examples example = Networks.copies(1, 2, 0, 0.4f, 0.2f);
        double p = 1
                / (1
                        + Math.exp(-(0.4
                                        * learner.state()
                                                .matrix("layer0.weights")
                                                .get(0, 0)
                                + 0.2 * learner.state().matrix("layer0.weights").get(1, 0))));
        double other = learner.state().matrix("layer1.weights").get(0, 1);
        double expected = p / (1 + Math.exp(other - 3)) + (1 - p) * 0.5;
        Evaluator many = evaluator(network, learner, Mode.SAMPLES, 4000, 1);
        assertEquals(expected, many.predict(example, 0, 1).get(0, 0), 4.5 * 0.5 / Math.sqrt(4000));
        double single = evaluator(network, learner, Mode.SAMPLES, 1, 1)
                .predict(example, 0, 1)
                .get(0, 0);
        double bound = Rounding.of(Rounding.forward(2, 1, 2), 1);
        double fired = 1 / (1 + Math.exp(other - 3));
        assertTrue(Math.abs(single - 0.5) < bound || Math.abs(single - fired) < bound, "got " + single);
    }

    @Test
    void evaluationChangesNothing() {
        Network network = Networks.of(2, "{ type = stochastic, units = 4, estimator = reinforce }", OUTPUT);
        Learner learner = learner(network, "batch = 15", 3);
        float[] before = learner.state().values().toArray();
        for (Mode mode : new Mode[] {Mode.MEANS, Mode.THRESHOLDS, Mode.SAMPLES}) {
            evaluator(network, learner, mode, 2, 7).score(separable(), 0, 90);
        }
        assertArrayEquals(before, learner.state().values().toArray());
    }
}
