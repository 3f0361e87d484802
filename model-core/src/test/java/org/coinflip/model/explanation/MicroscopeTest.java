package org.coinflip.model.explanation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.typesafe.config.ConfigFactory;
import java.util.ArrayList;
import java.util.List;
import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.layer.Mode;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.network.Pass;
import org.coinflip.model.noise.Draws;
import org.coinflip.model.noise.NoiseKey;
import org.coinflip.model.oracle.Networks;
import org.coinflip.model.oracle.Rounding;
import org.coinflip.model.settings.Section;
import org.coinflip.model.training.Learner;
import org.coinflip.model.training.TrainingSpec;
import org.coinflip.model.training.updater.Progress;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the microscope shows is what steps take. */
@Tag("numerical")
class MicroscopeTest {
    private static final Backend BACKEND = Backend.detect();
    private static final long SEED = 11;
    private static final int STEPS_PER_EPOCH = 4;
    private static final String OUTPUT = "{ type = output, units = 3 }";

    private static Learner learner(Network network, int batch) {
        TrainingSpec spec = TrainingSpec.read(Section.root(ConfigFactory.parseString(
                "batch = " + batch + ", epochs = 3, updater { type = Sgd, learning-rate = 1 }")));
        Learner learner = new Learner(network, spec, BACKEND, SEED);
        network.initialise(learner.state(), SEED);
        return learner;
    }

    /** The step takes its biases from 0 to −g, without a rounding. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "reinforce",
                "{ type = reinforce, baseline = moving-average }",
                "{ type = rloo, samples = 3 }",
                "nvil",
                "straight-through",
                "{ type = straight-through, derivative = sigmoid }",
                "arm",
                "disarm",
                "local-expectation",
                "rebar",
                "muprop"
            })
    void gradientIsWhatTheStepTakesBitForBit(String estimator) {
        Network network = Networks.of(5, "{ type = stochastic, units = 7, estimator = " + estimator + " }", OUTPUT);
        Examples examples = Networks.random(8, 5, 3, 2);
        Learner learner = learner(network, 1);
        Progress progress = new Progress(STEPS_PER_EPOCH, 3);
        for (int step = 0; step < 2; step++) {
            learner.step(examples, new int[] {step}, 1, progress.at(step));
        }
        learner.state().view("layer0.biases").fill(0f);
        Microscope microscope = new Microscope(network, BACKEND, 2);
        microscope.focus(learner.pass());
        learner.pass().load(examples, new int[] {5}, 1);
        double meanLoss = learner.differentiate(progress.at(2), 0);
        Explanation seen = microscope.read(learner.pass(), learner.state(), 0);
        assertEquals(5, seen.id());
        assertEquals(meanLoss, learner.step(examples, new int[] {5}, 1, progress.at(2)));
        assertEquals((float) meanLoss, (float) seen.loss());
        float[] gradient = seen.layers().get(0).rows().get(0).gradient();
        for (int j = 0; j < 7; j++) {
            // -0 is what a step from 0 makes of 0
            assertEquals(
                    0f - gradient[j], 0f + learner.state().view("layer0.biases").get(j), "unit " + j);
        }
    }

    /** A look is no step: parameters and what estimators learn are as they were. */
    @Test
    void lookingChangesNothing() {
        Network network = Networks.of(5, "{ type = stochastic, units = 7, estimator = reinforce }", OUTPUT);
        Examples examples = Networks.random(8, 5, 3, 2);
        Learner looked = learner(network, 4);
        Learner other = learner(network, 4);
        int[] places = Networks.places(4);
        Progress progress = new Progress(STEPS_PER_EPOCH, 3);
        Microscope microscope = new Microscope(network, BACKEND, 3);
        microscope.focus(looked.pass());
        for (int step = 0; step < 3; step++) {
            looked.pass().load(examples, places, 4);
            looked.differentiate(progress.at(step), 0);
            microscope.read(looked.pass(), looked.state(), 1);
            looked.step(examples, places, 4, progress);
            other.step(examples, places, 4, progress);
        }
        assertArrayEquals(
                other.state().values().toArray(), looked.state().values().toArray());
    }

    /** Those of a batch's examples add up to what the batch's step takes. */
    @Test
    void gradientsOfTheExamplesOfABatchAddUp() {
        int batch = 6;
        Network network = Networks.of(
                5,
                "{ type = stochastic, units = 9, estimator = straight-through }",
                "{ type = stochastic, units = 7, estimator = reinforce }",
                OUTPUT);
        Examples examples = Networks.random(batch, 5, 3, 2);
        Learner learner = learner(network, batch);
        learner.state().view("layer0.biases").fill(0f);
        learner.state().view("layer1.biases").fill(0f);
        Microscope microscope = new Microscope(network, BACKEND, 0);
        microscope.focus(learner.pass());
        learner.pass().load(examples, Networks.places(batch), batch);
        Progress progress = new Progress(STEPS_PER_EPOCH, 3).at(5);
        learner.differentiate(progress, 0);
        double[][] sums = {new double[9], new double[7]};
        double[][] magnitudes = {new double[9], new double[7]};
        for (int row = 0; row < batch; row++) {
            Explanation seen = microscope.read(learner.pass(), learner.state(), row);
            assertEquals(1, seen.epoch());
            for (int l = 0; l < 2; l++) {
                float[] gradient = seen.layers().get(l).rows().get(0).gradient();
                for (int j = 0; j < gradient.length; j++) {
                    sums[l][j] += gradient[j];
                    magnitudes[l][j] += Math.abs(gradient[j]);
                }
            }
        }
        learner.step(progress);
        for (int l = 0; l < 2; l++) {
            for (int j = 0; j < sums[l].length; j++) {
                assertEquals(
                        -sums[l][j] / batch,
                        learner.state().view("layer" + l + ".biases").get(j),
                        Rounding.of(batch + 3, magnitudes[l][j] / batch));
            }
        }
    }

    /** The first candidate is in force where none has been chosen. */
    @Test
    void aChosenEstimatorSaysWhatItHoldsAgainstTheLoss() {
        String reinforce = "{ type = reinforce, baseline = minimum-variance }";
        List<ExplainedRow> rows = new ArrayList<>();
        for (String estimator : new String[] {reinforce, "{ type = auto, among = [" + reinforce + ", disarm] }"}) {
            Network network = Networks.of(5, "{ type = stochastic, units = 4, estimator = " + estimator + " }", OUTPUT);
            State state = new State(network.layout());
            network.initialise(state, 3);
            rows.add(new Microscope(network, BACKEND, 0)
                    .look(state, Networks.random(3, 5, 3, 2), 2, SEED, 4, 0, 1)
                    .layers()
                    .get(0)
                    .rows()
                    .get(0));
        }
        assertArrayEquals(rows.get(0).gradient(), rows.get(1).gradient());
        assertArrayEquals(
                rows.get(0).samples().get(0).baselines().orElseThrow(),
                rows.get(1).samples().get(0).baselines().orElseThrow());
    }

    @Test
    void coinsAreThoseOfTheKernels() {
        int units = 150;
        Network network = Networks.of(
                5, "{ type = stochastic, units = " + units + ", estimator { type = rloo, samples = 2 } }", OUTPUT);
        State state = Networks.state(network, 3, 1);
        Examples examples = Networks.random(3, 5, 3, 2);
        ExplainedRow row = new Microscope(network, BACKEND, 0)
                .look(state, examples, 2, SEED, 4, 0, 1)
                .layers()
                .get(0)
                .rows()
                .get(0);
        assertEquals(2, row.samples().size());
        for (int s = 0; s < 2; s++) {
            Draws draws = new Draws(units).of(SEED, 4, 0, new long[] {2}, 1, r -> r);
            int[] words = NoiseKey.room(units);
            BACKEND.sampling().words(draws, 0, s, units, words);
            float[] u = row.samples().get(s).uniforms().orElseThrow();
            for (int j = 0; j < units; j++) {
                assertEquals(NoiseKey.ofWord(words[j]), u[j]);
                boolean on = u[j] < row.probabilities().orElseThrow()[j];
                assertEquals(on ? 1f : 0f, row.samples().get(s).values()[j]);
            }
        }
    }

    /** REINFORCE: g = (h − p) (L − L̄); and with the mean of the others' losses as the baseline, the mean of that over the samples. */
    @ParameterizedTest
    @ValueSource(strings = {"reinforce", "{ type = rloo, samples = 3 }"})
    void gradientIsTheDeviationTimesTheCentredLoss(String estimator) {
        Network network = Networks.of(5, "{ type = stochastic, units = 7, estimator = " + estimator + " }", OUTPUT);
        Explanation seen = new Microscope(network, BACKEND, 0)
                .look(Networks.state(network, 3, 1), Networks.random(3, 5, 3, 2), 1, SEED, 0, 0, 1);
        ExplainedRow row = seen.layers().get(0).rows().get(0);
        int samples = row.samples().size();
        for (int j = 0; j < 7; j++) {
            double expected = 0;
            double magnitude = 0;
            for (ExplainedSample sample : row.samples()) {
                double deviation = sample.values()[j] - row.probabilities().orElseThrow()[j];
                double baseline = sample.baselines().orElseThrow()[j];
                expected += deviation * (sample.loss() - baseline) / samples;
                magnitude += Math.abs(deviation) * (sample.loss() + Math.abs(baseline));
            }
            assertEquals(expected, row.gradient()[j], Rounding.of(4 * samples + 4, magnitude));
        }
    }

    /** A row of the layer above for each sample of the layer below; their gradients add up to the step's. */
    @Test
    void samplesBelowAreRowsAbove() {
        Network network = Networks.of(
                5,
                "{ type = stochastic, units = 6, estimator { type = rloo, samples = 2 } }",
                "{ type = stochastic, units = 4, estimator { type = rloo, samples = 3 } }",
                OUTPUT);
        Learner learner = learner(network, 2);
        learner.state().view("layer1.biases").fill(0f);
        Examples examples = Networks.random(2, 5, 3, 2);
        Microscope microscope = new Microscope(network, BACKEND, 2);
        learner.pass().load(examples, new int[] {0, 1}, 2);
        Progress progress = new Progress(STEPS_PER_EPOCH, 3).at(0);
        learner.differentiate(progress, 0);
        double[] sums = new double[4];
        for (int row = 0; row < 2; row++) {
            Explanation seen = microscope.read(learner.pass(), learner.state(), row);
            ExplainedLayer above = seen.layers().get(1);
            assertEquals(2, above.rows().size());
            double loss = 0;
            for (ExplainedRow one : above.rows()) {
                assertEquals(3, one.samples().size());
                for (int j = 0; j < 4; j++) {
                    sums[j] += one.gradient()[j];
                }
                loss += one.samples().stream()
                                .mapToDouble(ExplainedSample::loss)
                                .sum()
                        / 6;
            }
            assertEquals(seen.loss(), loss, Rounding.of(8, loss));
        }
        learner.step(progress);
        for (int j = 0; j < 4; j++) {
            assertEquals(
                    -sums[j] / 2, learner.state().view("layer1.biases").get(j), Rounding.of(8, Math.abs(sums[j]) + 1));
        }
    }

    /** Layers from one on, run again under the noise that they had, give what they gave. */
    @Test
    void layersRunAgainFromOneOn() {
        String layer = "{ type = stochastic, units = 6, estimator = reinforce }";
        Network network = Networks.of(5, layer, layer, OUTPUT);
        Pass pass = network.bind(Networks.state(network, 3, 1), null, BACKEND, 2);
        pass.load(Networks.random(2, 5, 3, 2), new int[] {0, 1}, 2);
        pass.context().setNoise(Mode.TRAIN, SEED, 0, 0);
        pass.forward();
        float[] losses = pass.context().losses().clone();
        pass.context().setNoise(Mode.TRAIN, SEED, 0, 1);
        pass.forward(1);
        pass.context().setNoise(Mode.TRAIN, SEED, 0, 0);
        pass.forward(1);
        assertArrayEquals(losses, pass.context().losses());
    }
}
