package org.coinflip.model.explanation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import java.util.ArrayList;
import java.util.List;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.layer.Mode;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.network.Pass;
import org.coinflip.model.noise.Draws;
import org.coinflip.model.noise.NoiseKey;
import org.coinflip.model.oracle.Enumeration;
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

/** What the microscope shows is what steps take; what it sets beside it is what summing over all values gives. */
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

    /** Of the first layer of two, given nothing; of the second, given the coins of the first. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                OUTPUT,
                "{ type = residual, layers = 1 }, " + OUTPUT,
                "{ type = product, image = [1, 1, 3], gater = 1 }, " + OUTPUT
            })
    void referenceIsTheGradientGivenTheLayersBelow(String top) {
        String layer = "{ type = stochastic, units = 3, estimator = straight-through }";
        Network network = Networks.of(2, layer, layer, top);
        State state = Networks.state(network, 7, 1);
        float[] features = {0.4f, -0.8f};
        Explanation seen =
                new Microscope(network, BACKEND, 400).look(state, Networks.copies(1, 3, 1, features), 0, SEED, 2, 0, 1);
        double[] below = new Enumeration(network, state, 1, features).gradient();
        Moments first = seen.layers().get(0).rows().get(0).moments().orElseThrow();
        int biases = network.layout().segment("layer0.biases").offset();
        for (int j = 0; j < 3; j++) {
            double error = first.referenceError().orElseThrow()[j];
            assertTrue(error > 0, "the layer above draws");
            // normal but for terms of 1/400: all three pass but once in 10⁴ seeds
            assertEquals(below[biases + j], first.reference().orElseThrow()[j], 4.5 * error);
        }
        assertEquals(ExplainedLayer.Reference.ENUMERATION, seen.layers().get(1).reference());
        float[] coins = seen.layers().get(0).rows().get(0).samples().get(0).values();
        Network above = Networks.of(3, layer, top);
        int output = above.layers().size() - 1;
        State parameters = new State(above.layout());
        for (String name : new String[] {"weights", "biases"}) {
            parameters.view("layer0." + name).set(state.view("layer1." + name));
            parameters.view("layer" + output + "." + name).set(state.view("layer" + (output + 1) + "." + name));
        }
        Enumeration given = new Enumeration(above, parameters, 1, coins);
        double[] exact = given.gradient();
        double[] bounds = given.gradientBounds(Rounding.gradient(1, 3, 3, 3, 8));
        Moments second = seen.layers().get(1).rows().get(0).moments().orElseThrow();
        int at = above.layout().segment("layer0.biases").offset();
        for (int j = 0; j < 3; j++) {
            assertEquals(exact[at + j], second.reference().orElseThrow()[j], bounds[at + j]);
            assertEquals(0, second.referenceError().orElseThrow()[j], 0);
        }
    }

    /** One unit below (b − t)²: REINFORCE without a baseline has the values (1 − p) f(1) and −p f(0). */
    @Test
    @Tag("statistical")
    void momentsAreTheEstimatorsOwn() {
        double t = 0.45;
        float a = 0.4f;
        int draws = 1000;
        Network network = Networks.of(
                1,
                "{ type = stochastic, units = 1, estimator { type = reinforce, baseline = none } }",
                "{ type = function, function { type = quadratic, t = " + t + " } }");
        State state = new State(network.layout());
        network.initialise(state, 1);
        state.view("layer0.biases").set(0, a);
        Moments moments = new Microscope(network, BACKEND, draws)
                .look(state, Networks.copies(1, 1, 0, 0f), 0, SEED, 0, 0, 1)
                .layers()
                .get(0)
                .rows()
                .get(0)
                .moments()
                .orElseThrow();
        double p = Enumeration.sigmoid(a);
        double on = (1 - p) * (1 - t) * (1 - t);
        double off = -p * t * t;
        double deviation = Math.sqrt(p * (1 - p)) * (on - off);
        // 4.5 standard errors: one seed in 10⁵ fails
        assertEquals(p * on + (1 - p) * off, moments.mean()[0], 4.5 * deviation / Math.sqrt(draws));
        assertEquals(deviation, moments.deviation()[0], 0.05 * deviation);
        assertEquals(
                p * (1 - p) * ((1 - t) * (1 - t) - t * t), moments.reference().orElseThrow()[0], Rounding.of(20, 1));
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

    /** A term of sparsity is of the batch: an example alone would have another, in its layer and in what is passed on below. */
    @Test
    void noMomentsWhereTheBatchEntersTheEstimate() {
        String plain = "{ type = stochastic, units = 6, estimator = straight-through }";
        Network network = Networks.of(
                5,
                plain,
                "{ type = stochastic, units = 6, estimator = straight-through, sparsity { target = 0.1 } }",
                plain,
                OUTPUT);
        Explanation seen = new Microscope(network, BACKEND, 2)
                .look(Networks.state(network, 3, 1), Networks.random(2, 5, 3, 2), 0, SEED, 0, 0, 1);
        for (int l = 0; l < 3; l++) {
            ExplainedLayer layer = seen.layers().get(l);
            assertEquals(l == 2, layer.rows().get(0).moments().isPresent());
            assertEquals(
                    l == 2 ? ExplainedLayer.Reference.ENUMERATION : ExplainedLayer.Reference.NONE, layer.reference());
        }
    }

    /** A row below a layer that normalises by the batch has another loss by itself; one above it has what the batch gave it. */
    @Test
    void noMomentsBelowALayerThatNormalisesByTheBatch() {
        String plain = "{ type = stochastic, units = 6, estimator = straight-through }";
        Network network = Networks.of(5, plain, "{ type = batch-norm }", plain, OUTPUT);
        State state = Networks.state(network, 3, 1);
        Examples examples = Networks.random(4, 5, 3, 2);
        Microscope microscope = new Microscope(network, BACKEND, 2);
        Pass pass = network.bind(state, null, BACKEND, 4);
        microscope.focus(pass);
        pass.load(examples, Networks.places(4), 4);
        pass.context().setNoise(Mode.TRAIN, SEED, 0, 0);
        pass.forward();
        pass.backward();
        Explanation seen = microscope.read(pass, state, 1);
        for (int l = 0; l < 2; l++) {
            ExplainedLayer layer = seen.layers().get(l);
            assertEquals(l == 1, layer.rows().get(0).moments().isPresent());
            assertEquals(
                    l == 1 ? ExplainedLayer.Reference.ENUMERATION : ExplainedLayer.Reference.NONE, layer.reference());
        }
        UsageException refused =
                assertThrows(UsageException.class, () -> microscope.look(state, examples, 1, SEED, 0, 0, 1));
        assertTrue(refused.getMessage().startsWith("explain: got a network that normalises by the batch"));
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
