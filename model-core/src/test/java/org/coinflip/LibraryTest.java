package org.coinflip;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.coinflip.dl4j.DataSets;
import org.coinflip.model.error.CoinflipException;
import org.coinflip.model.error.DataException;
import org.coinflip.model.error.DivergenceException;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.example.Examples;
import org.coinflip.model.example.FloatFeatures;
import org.coinflip.model.kernel.operation.Activation;
import org.coinflip.model.layer.FeatureShape;
import org.coinflip.model.layer.convolution.PoolLayer;
import org.coinflip.model.network.NetworkSpec;
import org.coinflip.model.noise.NoiseKey;
import org.coinflip.model.objective.Objective;
import org.coinflip.model.settings.Section;
import org.coinflip.model.training.Score;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.dataset.ViewIterator;
import org.nd4j.linalg.learning.config.Adam;

class LibraryTest {
    private static final int COUNT = 96;
    private static final float[][] X = features();
    private static final int[] Y = labels();

    @TempDir
    private Path folder;

    private static float[][] features() {
        NoiseKey key = new NoiseKey(5, 0, 0);
        float[][] x = new float[COUNT][4];
        for (int i = 0; i < COUNT; i++) {
            for (int j = 0; j < 4; j++) {
                x[i][j] = (float) (2 * key.uniform(4L * i + j) - 1);
            }
        }
        return x;
    }

    private static int[] labels() {
        int[] y = new int[COUNT];
        for (int i = 0; i < COUNT; i++) {
            y[i] = X[i][0] + X[i][1] > 0 ? X[i][2] > 0 ? 2 : 1 : 0;
        }
        return y;
    }

    private static NetworkSpec network() {
        return NetworkBuilder.inputs(4)
                .stochastic(12, Laws.bernoulli(), Gradients.disarm())
                .output(3);
    }

    private static Trainer trainer() {
        return Trainer.of(network()).epochs(3).batch(10).adam(0.01).seed(9);
    }

    @Test
    void aBuiltNetworkIsTheOneThatAnExperimentFileWrites() {
        NetworkSpec built = NetworkBuilder.inputs(7)
                .gaussianNoise(0.1)
                .dense(6, Activation.TANH)
                .layerNorm()
                .dropout(0.9)
                .maxout(5)
                .stochastic(8, Laws.noisyRectifier())
                .stochastic(4, Laws.bernoulli(), Gradients.reinforce(), keys -> keys.sparsity(0.2, 0.05)
                        .initialBias(-1))
                .treeExperts(4, 6, Activation.TANH, Gradients.reinforce())
                .layer("{ type = gated-experts, experts = 3, gater = [ { units = 2, activation = tanh } ] }")
                .output(3, Objective.SQUARED_ERROR);
        NetworkSpec read = NetworkSpec.read(
                Section.root(
                                ConfigFactory.parseString(
                                        """
                                network.layers = [
                                  { type = gaussian-noise, std = 0.1 }
                                  { type = dense, units = 6, activation = tanh }
                                  { type = layer-norm, channels = 6, epsilon = 1e-5 }
                                  { type = dropout, keep = 0.9 }
                                  { type = maxout, units = 5 }
                                  { type = stochastic, units = 8, law = noisy-rectifier }
                                  { type = stochastic, units = 4, law = bernoulli, estimator = reinforce
                                    sparsity { target = 0.2, weight = 0.05 }, initial-bias = -1 }
                                  { type = tree-experts, depth = 4, units = 6, activation = tanh }
                                  { type = gated-experts, experts = 3, gater = [ { units = 2, activation = tanh } ] }
                                  { type = output, units = 3, objective = squared-error }
                                ]"""))
                        .section("network"),
                7);
        assertEquals(read, built);
        assertEquals(built, NetworkSpec.read(Section.root(built.write())));
    }

    @Test
    void aBuilderOfSequencesReadsAsAnExperimentFile() {
        NetworkSpec built = NetworkBuilder.images(28, 28, 1)
                .recurrent(12, keys -> keys.set("output", "all").set("time-constants", List.of(1, 4, 16)))
                .lstm(8, keys -> keys.set("output", "all"))
                .gru(6, keys -> keys.set("skip", Map.of("cost", 0.1)))
                .output(10);
        String layers =
                """
                layers = [
                  { type = recurrent, units = 12, steps = 28, time-constants = [1, 4, 16], output = all }
                  { type = lstm, units = 8, output = all }
                  { type = gru, units = 6, skip { cost = 0.1 } }
                  { type = output, units = 10 }
                ]""";
        NetworkSpec read =
                NetworkSpec.read(Section.root(ConfigFactory.parseString(layers)), FeatureShape.pictures(28, 28, 1));
        assertEquals(read, built);
        assertEquals(built, NetworkSpec.read(Section.root(built.write())));
    }

    @Test
    void aBuilderOfImagesReadsAsAnExperimentFile() {
        NetworkSpec built = NetworkBuilder.images(8, 8, 3)
                .conv(6, 3, keys -> keys.set("padding", 1).set("activation", "relu"))
                .batchNorm()
                .pool(PoolLayer.Kind.MAX, 2)
                .conv(4, 2, Laws.bernoulli(), Gradients.disarm())
                .layerNorm()
                .conv(3, 2, Activation.TANH)
                .globalMean()
                .output(10);
        String layers =
                """
                layers = [
                  { type = conv, channels = 6, kernel = 3, padding = 1, activation = relu }
                  { type = batch-norm, channels = 6, momentum = 0.9 }
                  { type = pool, kernel = 2 }
                  { type = conv, channels = 4, kernel = 2, law = bernoulli, estimator = disarm }
                  { type = layer-norm, channels = 4 }
                  { type = conv, channels = 3, kernel = 2, activation = tanh }
                  { type = global-mean }
                  { type = output, units = 10 }
                ]""";
        NetworkSpec read =
                NetworkSpec.read(Section.root(ConfigFactory.parseString(layers)), FeatureShape.pictures(8, 8, 3));
        assertEquals(read, built);
        assertEquals(built, NetworkSpec.read(Section.root(built.write())));
        String message = assertThrows(UsageException.class, () -> NetworkBuilder.images(8, 0, 1))
                .getMessage();
        assertTrue(message.startsWith("images: got 8 × 0 pixels of 1 planes, expected at least 1"), message);
    }

    @Test
    void everyNamedLawAndEstimatorIsWhatItsNameReads() {
        assertEquals(Laws.of("bernoulli"), Laws.bernoulli());
        assertEquals("categorical", Laws.categorical(3).write().get("type"));
        assertEquals("concrete", Laws.concrete(0.5).write().get("type"));
        assertEquals(
                "categorical-concrete", Laws.categoricalConcrete(3, 1).write().get("type"));
        assertEquals(
                "stochastic-times-smooth", Laws.stochasticTimesSmooth().write().get("type"));
        assertEquals("noisy-rectifier", Laws.noisyRectifier().write().get("type"));
        assertEquals("nrelu", Laws.nrelu().write().get("type"));
        assertEquals("semantic-hashing", Laws.semanticHashing(4).write().get("type"));
        assertEquals("gaussian", Laws.gaussian(0.5).write().get("type"));
        assertEquals("disarm", Gradients.disarm().write().get("type"));
        assertEquals(
                "auto",
                Gradients.auto(Laws.bernoulli(), Gradients.straightThrough(), Gradients.disarm())
                        .write()
                        .get("type"));
        assertEquals("reinforce", Gradients.reinforce().write().get("type"));
        assertEquals("straight-through", Gradients.straightThrough().write().get("type"));
        assertEquals("rloo", Gradients.leaveOneOut().write().get("type"));
        assertEquals("reinmax", Gradients.reinMax().write().get("type"));
        assertEquals("rebar", Gradients.rebar().write().get("type"));
        assertEquals("relax", Gradients.relax().write().get("type"));
        assertEquals("local-expectation", Gradients.localExpectation().write().get("type"));
        assertEquals("pathwise", Gradients.pathwise().write().get("type"));
    }

    @Test
    void aTrainingIsAFunctionOfSettingsAndExamplesWhateverTheirOrder() {
        Examples examples = Examples.of(X, Y);
        int[] backwards = new int[COUNT];
        for (int i = 0; i < COUNT; i++) {
            backwards[i] = COUNT - 1 - i;
        }
        String once = trainer().fit(examples).parametersSha256();
        assertEquals(once, trainer().fit(examples.select(backwards)).parametersSha256());
        assertEquals(once, trainer().updater(new Adam(0.01)).fit(examples).parametersSha256());
        assertEquals(
                once,
                Trainer.of(network())
                        .settings(
                                "seed = 9, training { epochs = 3, batch = 10, updater { type = Adam, learning-rate = 0.01 } }")
                        .fit(examples)
                        .parametersSha256());
        assertNotEquals(once, trainer().seed(10).fit(examples).parametersSha256());
    }

    @Test
    void whatIsSetIsReadFromAnExperimentFileAlike() {
        Trainer written =
                Trainer.of(network()).settings(trainer().write().root().render());
        assertEquals(trainer().write(), written.write());
    }

    @Test
    void dataSetsAndTheirIteratorsAreTheSameExamples() {
        Examples examples = Examples.of(X, Y);
        int[] places = new int[COUNT];
        for (int i = 0; i < COUNT; i++) {
            places[i] = i;
        }
        Examples again = DataSets.examples(DataSets.of(examples, places, COUNT));
        Examples iterated = DataSets.examples(new ViewIterator(DataSets.of(examples, places, COUNT), 7));
        assertArrayEquals(floats(examples), floats(again));
        assertEquals(
                trainer().fit(examples).parametersSha256(), trainer().fit(again).parametersSha256());
        assertArrayEquals(floats(examples), floats(iterated));
    }

    @Test
    void aListenerHearsOfEveryEpochAndPatienceGivesTheBest() {
        Examples valid = Examples.of(X, Y);
        List<Epoch> heard = new ArrayList<>();
        Model model = trainer()
                .sgd(5)
                .epochs(30)
                .validate(valid)
                .patience(2)
                .listener(heard::add)
                .fit(valid);
        double least = heard.stream()
                .mapToDouble(epoch -> epoch.valid().orElseThrow().loss())
                .min()
                .orElseThrow();
        assertEquals(least, model.evaluate(valid).loss(), 1e-12, "the same evaluation of the same parameters");
        assertEquals(1, heard.get(0).number());
        assertTrue(heard.size() < 30, "ends early: " + heard.size());
    }

    /** A nanosecond is over after the first step, which is an epoch of these. */
    @Test
    void timeEndsATrainingWithTheNetworkThatThereIs() {
        List<Epoch> heard = new ArrayList<>();
        Examples examples = Examples.of(X, Y);
        Model model = trainer()
                .epochs(1000)
                .batch(COUNT)
                .settings("training.max-seconds = 1e-9")
                .listener(heard::add)
                .fit(examples);
        assertEquals(1, heard.size());
        assertEquals(trainer().epochs(1).batch(COUNT).fit(examples).parametersSha256(), model.parametersSha256());
    }

    @Test
    void measuresSayWhatTheScoreSays() {
        Examples examples = Examples.of(X, Y);
        Model model = trainer().draws(5).fit(examples);
        Map<String, Object> measures = model.measure(examples);
        Score score = model.evaluate(examples);
        // of the mean prediction, which is float32
        assertEquals(score.loss(), (double) measures.get("logLoss"), 1e-6);
        List<?> byDraws = (List<?>) ((Map<?, ?>) measures.get("draws")).get("byDraws");
        assertEquals(4, byDraws.size());
        assertEquals(score.error(), ((Map<?, ?>) byDraws.get(3)).get("error"));
        refused(UsageException.class, () -> model.measure(Examples.of(X)), "without labels");
    }

    @Test
    void aSavedModelPredictsAsBefore() {
        Model model = trainer().draws(5).fit(Examples.of(X, Y));
        model.save(folder.resolve("m"));
        Model loaded = Model.load(folder.resolve("m"));
        for (int i = 0; i < COUNT; i++) {
            assertArrayEquals(model.predict(X)[i], loaded.predict(X)[i]);
        }
        assertEquals(model.parametersSha256(), loaded.parametersSha256());
        assertArrayEquals(
                model.withThresholds().predict(X[3]), loaded.withThresholds().predict(X[3]));
        refused(
                UsageException.class,
                () -> model.save(folder.resolve("m")),
                "exists, expected a folder without a model");
        model.replace(folder.resolve("m"));
    }

    @Test
    void aDamagedModelIsOneLine() throws IOException {
        trainer().fit(Examples.of(X, Y)).save(folder.resolve("m"));
        Path state = folder.resolve("m/state.bin");
        byte[] bytes = Files.readAllBytes(state);
        bytes[5] ^= 1;
        Files.write(state, bytes);
        refused(DataException.class, () -> Model.load(folder.resolve("m")), "SHA-256");
        refused(DataException.class, () -> Model.load(folder.resolve("none")), "cannot be read");
    }

    /** The mean of the draws is that of the model's own prediction with as many; the deviation is that of each draw, computed one by one. */
    @Test
    void theSpreadIsThatOfTheDraws() {
        Model model = trainer().fit(Examples.of(X, Y));
        int draws = 6;
        Spread[] spread = model.spread(X, draws);
        float[][] mean = model.withDraws(draws).predict(X);
        float[][][] upTo = new float[draws][][];
        for (int k = 0; k < draws; k++) {
            upTo[k] = model.withDraws(k + 1).predict(X);
        }
        for (int i = 0; i < COUNT; i++) {
            assertArrayEquals(mean[i], spread[i].mean());
            for (int j = 0; j < 3; j++) {
                double squares = 0;
                for (int k = 0; k < draws; k++) {
                    double draw = (k + 1) * (double) upTo[k][i][j] - (k == 0 ? 0 : k * (double) upTo[k - 1][i][j]);
                    squares += (draw - mean[i][j]) * (draw - mean[i][j]);
                }
                // a draw is a difference of sums of at most 6 probabilities, each rounded to u = 2⁻²⁴ a few times
                double bound = 2 * draws * draws * 4 * 0x1p-24;
                assertEquals(Math.sqrt(squares / (draws - 1)), spread[i].deviation()[j], bound);
            }
        }
        assertTrue(spread[0].deviation()[0] > 0, "units draw");
    }

    @Test
    void anAutoencoderNeedsNoLabels() {
        NetworkSpec network = NetworkBuilder.inputs(4)
                .stochastic(6, Laws.bernoulli(), Gradients.straightThrough())
                .reconstruct(Objective.GAUSSIAN_RECONSTRUCTION);
        Model model = Trainer.of(network).epochs(2).sgd(0.05).fit(Examples.of(X));
        assertEquals(4, model.predict(X[0]).length);
        long[][] codes = model.codes(X, 0);
        assertEquals(COUNT, codes.length);
        assertTrue(codes[0][0] >>> 6 == 0, "six bits");
        refused(UsageException.class, () -> model.classify(X[0]), "tells classes apart");
        refused(UsageException.class, () -> model.codes(X, 2), "layer: got 2, expected 0 to 1");
    }

    @Test
    void whatIsWrongIsOneLine() {
        refused(DataException.class, () -> Examples.of(X, new int[3]), "96 examples and 3 labels");
        refused(DataException.class, () -> Examples.of(new float[][] {{1}, {Float.NaN}}), "example 1 has NaN");
        refused(DataException.class, () -> Examples.of(new float[][] {{1}, {1, 2}}), "example 1 has 2 features");
        refused(DataException.class, () -> Examples.of(new float[][] {{1}}, new int[] {-1}), "label -1");
        refused(UsageException.class, () -> trainer().fit(Examples.of(X)), "got no labels");
        refused(
                UsageException.class,
                () -> trainer().fit(Examples.of(new float[][] {{1}}, new int[] {0})),
                "1 features");
        int[] five = Y.clone();
        five[0] = 4;
        refused(UsageException.class, () -> trainer().fit(Examples.of(X, five)), "data of 5 classes");
        refused(UsageException.class, () -> trainer().batch(0).fit(Examples.of(X, Y)), "training.batch: got 0");
        refused(
                UsageException.class,
                () -> trainer().settings("training { epoch = 3 }").fit(Examples.of(X, Y)),
                "epochs");
        refused(UsageException.class, () -> trainer().settings("training {"), "settings cannot be read");
        refused(UsageException.class, () -> trainer().patience(1).fit(Examples.of(X, Y)), "validate");
        refused(
                UsageException.class,
                () -> trainer().settings("training.schedule.type = plateau").fit(Examples.of(X, Y)),
                "validate");
        refused(UsageException.class, () -> NetworkBuilder.inputs(0), "inputs: got 0");
        refused(
                UsageException.class,
                () -> NetworkBuilder.inputs(1).dense(0, Activation.TANH).output(2),
                "units");
        refused(UsageException.class, () -> NetworkBuilder.inputs(1).layer("{ type = "), "expected a section");
        Model model = trainer().fit(Examples.of(X, Y));
        refused(UsageException.class, () -> model.predict(new float[2]), "2 features, expected 4");
        refused(UsageException.class, () -> model.evaluate(Examples.of(X)), "without labels");
        refused(UsageException.class, () -> model.spread(X, 1), "at least 2");
    }

    @Test
    void aTrainingThatDivergesSaysSo() {
        Trainer wild = Trainer.of(
                        NetworkBuilder.inputs(4).dense(8, Activation.RELU).output(3, Objective.SQUARED_ERROR))
                .sgd(1e30)
                .epochs(5);
        refused(DivergenceException.class, () -> wild.fit(Examples.of(X, Y)), "diverged");
    }

    private static void refused(Class<? extends CoinflipException> type, Executable call, String part) {
        CoinflipException failure = assertThrows(type, call);
        assertEquals(1, failure.getMessage().lines().count(), failure.getMessage());
        assertTrue(failure.getMessage().contains(part), failure.getMessage());
    }

    private static float[] floats(Examples examples) {
        return ((FloatFeatures) examples.features()).floats();
    }
}
