package org.coinflip.model.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.coinflip.Model;
import org.coinflip.NetworkBuilder;
import org.coinflip.Scorer;
import org.coinflip.Trainer;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.Arithmetic;
import org.coinflip.model.layer.Mode;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.memory.Segment;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.noise.NoiseKey;
import org.coinflip.model.oracle.Networks;
import org.coinflip.model.oracle.Rounding;
import org.coinflip.model.storage.StoredModel;
import org.coinflip.model.training.EvaluationSpec;
import org.coinflip.model.transform.Binarisation;
import org.coinflip.model.transform.Naming;
import org.coinflip.model.transform.Projection;
import org.coinflip.model.transform.ProjectionSpec;
import org.coinflip.model.transform.Scaling;
import org.coinflip.model.transform.Transformation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is exported is run by Microsoft's runtime, and held to {@link Scorer}. */
class OnnxExportTest {
    private static final int ROWS = 17;
    private static final int WIDTH = 5;
    private static final EvaluationSpec MEANS = new EvaluationSpec(Mode.MEANS, 1);
    private static final EvaluationSpec THRESHOLDS = new EvaluationSpec(Mode.THRESHOLDS, 1);
    private static final String CLASSES = "{ type = output, units = 3 }";

    @TempDir
    private Path folder;

    private static float[][] features() {
        NoiseKey key = new NoiseKey(4, 0, 0);
        float[][] x = new float[ROWS][WIDTH];
        for (int i = 0; i < ROWS; i++) {
            for (int j = 0; j < WIDTH; j++) {
                x[i][j] = (float) key.uniform((long) WIDTH * i + j);
            }
        }
        return x;
    }

    private static StoredModel stored(Transformation transformation, String... layers) {
        Network network = Networks.of(transformation.width(), layers);
        State state = Networks.state(network, 3, 1);
        network.layout().segments().stream()
                .filter(segment -> segment.role() == Segment.Role.STATISTICS)
                .forEach(segment -> {
                    // of a batch of weight 2, each channel with other moments
                    Floats numbers = state.view(segment);
                    boolean squares = segment.name().endsWith(".squares");
                    for (int i = 0; i < numbers.length(); i++) {
                        numbers.set(i, numbers.length() == 1 ? 2f : squares ? 2f + i : (i - 1) / 3f);
                    }
                });
        return new StoredModel(network, state, transformation, MEANS, Arithmetic.PORTABLE, 1);
    }

    private static float[][] run(byte[] model, float[][] x) {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            try (OrtSession session = environment.createSession(model, options);
                    OnnxTensor input = OnnxTensor.createTensor(environment, x);
                    OrtSession.Result result = session.run(Map.of(OnnxExport.INPUT, input))) {
                return (float[][]) result.get(OnnxExport.OUTPUT).orElseThrow().getValue();
            }
        } catch (OrtException e) {
            throw new AssertionError(e);
        }
    }

    private static void same(StoredModel stored, EvaluationSpec use) {
        Scorer scorer = Scorer.of(stored);
        Scorer used = use.mode() == Mode.THRESHOLDS ? scorer.withThresholds() : scorer.withMeans();
        float[][] x = features();
        for (int i = 0; i < ROWS && !stored.transformation().fill().isEmpty(); i++) {
            x[i][i % WIDTH] = Float.NaN;
        }
        float[][] got = run(OnnxExport.of(stored, use), x);
        assertEquals(ROWS, got.length);
        for (int i = 0; i < ROWS; i++) {
            float[] expected = used.predict(x[i]);
            assertEquals(expected.length, got[i].length);
            for (int j = 0; j < expected.length; j++) {
                // four layers of up to 12 units with weights of about 1; of either library
                double magnitude = 40 + Math.abs(expected[j]);
                assertEquals(expected[j], got[i][j], 2 * Rounding.of(Rounding.forward(5, 12, 12, 12, 3), magnitude));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ type = dense, units = 7, activation = linear }",
                "{ type = dense, units = 7, activation = tanh }",
                "{ type = dense, units = 7, activation = sigmoid }",
                "{ type = dense, units = 7, activation = relu }",
                "{ type = dense, units = 7, activation = softplus }",
                "{ type = maxout, units = 4, pieces = 3 }",
                "{ type = rescale, factor = 2, offset = -1 }",
                "{ type = dropout, keep = 0.5 }",
                "{ type = layer-norm, epsilon = 0.1 }",
                "{ type = batch-norm }",
                "{ type = centre }",
                "{ type = gaussian-noise, std = 0.3 }",
                "{ type = stochastic, units = 9, estimator = disarm }"
            })
    void layersPredictAlike(String layer) {
        StoredModel stored =
                stored(Transformation.none(WIDTH), "{ type = dense, units = 6, activation = tanh }", layer, CLASSES);
        same(stored, MEANS);
        same(stored, THRESHOLDS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ type = conv, image = [2, 3, 2], order = channels-last, channels = 3, kernel = 2, activation = relu }",
                "{ type = conv, image = [3, 2, 2], channels = 2, kernel = 3, padding = 2, stride = 2, pieces = 2 }",
                "{ type = conv, image = [4, 3, 1], channels = 3, kernel = 2 }, { type = pool, kernel = 2, stride = 1 }",
                "{ type = conv, image = [4, 3, 1], channels = 2, kernel = 1, estimator = disarm }, { type = pool, kind = mean, kernel = 2 }",
                "{ type = conv, image = [3, 4, 1], channels = 4, kernel = 3, padding = 1, activation = tanh }, { type = global-mean }",
                "{ type = conv, image = [3, 4, 1], channels = 4, kernel = 3 }, { type = layer-norm, epsilon = 0.1 }",
                "{ type = conv, image = [3, 4, 1], channels = 4, kernel = 3 }, { type = batch-norm }, { type = pool, kernel = 1 }",
                "{ type = conv, image = [3, 4, 1], channels = 1, kernel = 3, padding = 1, activation = relu }, { type = residual, layers = 1 }, { type = dense, units = 12 }, { type = residual, layers = 3 }",
                "{ type = conv, image = [3, 2, 2], channels = 3, kernel = 3, padding = 1, activation = relu }, { type = gated-maps, gater = [{ units = 4, activation = tanh }] }, { type = gated-maps, by = position, gate { activation = tanh } }",
                "{ type = gated-maps, image = [3, 2, 2], by = position, kernel = 5 }"
            })
    void mapsPredictAlike(String layers) {
        StoredModel stored =
                stored(Transformation.none(WIDTH), "{ type = dense, units = 12, activation = tanh }", layers, CLASSES);
        same(stored, MEANS);
        same(stored, THRESHOLDS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"step-cross-entropy", "multi-label"})
    void outputsAtEveryPositionPredictAlike(String objective) {
        same(
                stored(
                        Transformation.none(WIDTH),
                        "{ type = dense, units = 12, activation = tanh }",
                        "{ type = conv, image = [3, 4, 1], channels = 3, kernel = 2, activation = relu }",
                        "{ type = output, units = 4, per-step = true, objective = " + objective + " }"),
                MEANS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cross-entropy",
                "squared-error",
                "regression",
                "bernoulli-reconstruction",
                "gaussian-reconstruction"
            })
    void objectivesPredictAlike(String objective) {
        int units = objective.endsWith("reconstruction") ? WIDTH : objective.equals("regression") ? 1 : 3;
        same(
                stored(
                        Transformation.none(WIDTH),
                        "{ type = stochastic, units = 8 }",
                        "{ type = output, units = " + units + ", objective = " + objective + " }"),
                MEANS);
    }

    @Test
    void featuresAreTransformedAlike() {
        List<Float> scale = List.of(0.5f, 2f, 1f, -1f, 3f);
        List<Float> offset = List.of(0f, 0.25f, -1f, 1f, 0.5f);
        same(stored(new Transformation(Scaling.STANDARD, Binarisation.NONE, scale, offset), CLASSES), MEANS);
        List<Float> fill = List.of(1f, -2f, 0.5f, 3f, 0f);
        same(
                stored(new Transformation(Scaling.STANDARD, Binarisation.NONE, scale, offset).withFill(fill), CLASSES),
                MEANS);
        Binarisation half = new Binarisation(Binarisation.Type.THRESHOLD, 0.5, 0);
        same(stored(new Transformation(Scaling.UNIT, half, scale, offset), CLASSES), MEANS);
        Projection projection = new Projection(
                new ProjectionSpec(ProjectionSpec.Type.PCA, 2, false, 0),
                2,
                List.of(0.1f, 0.2f, 0.3f, 0.4f, 0.5f),
                List.of(1f, 0f, -1f, 2f, 0.5f, 0.25f, 1f, 1f, -2f, 0f));
        same(
                stored(
                        new Transformation(Scaling.STANDARD, Binarisation.NONE, scale, offset, projection, Naming.NONE),
                        "{ type = stochastic, units = 4 }",
                        CLASSES),
                MEANS);
    }

    /** Of 20,000 draws a mean is off by 0.0036 at most (one standard error); 51 numbers within 6 of them: one in 10⁷. */
    @Test
    void drawsHaveTheirMean() {
        int draws = 20_000;
        double error = 6 * Math.sqrt(0.25 / draws);
        StoredModel stored = stored(Transformation.none(WIDTH), "{ type = stochastic, units = 6 }", CLASSES);
        float[][] got = run(OnnxExport.of(stored, new EvaluationSpec(Mode.SAMPLES, draws)), features());
        double apart = 0;
        for (int i = 0; i < ROWS; i++) {
            double[] expected = expected(stored.state(), features()[i]);
            float[] means = Scorer.of(stored).withMeans().predict(features()[i]);
            for (int j = 0; j < 3; j++) {
                assertEquals(expected[j], got[i][j], error, "example " + i + ", class " + j);
                apart = Math.max(apart, Math.abs(means[j] - expected[j]));
            }
        }
        assertTrue(apart > error, "means would have passed too: " + apart);
    }

    /** The prediction by all 64 configurations of six units. */
    private static double[] expected(State state, float[] x) {
        Matrix below = matrix(state, "layer0.weights");
        Floats biasesBelow = state.view(state.layout().segment("layer0.biases"));
        Matrix above = matrix(state, "layer1.weights");
        Floats biasesAbove = state.view(state.layout().segment("layer1.biases"));
        double[] expected = new double[3];
        for (int h = 0; h < 64; h++) {
            double probability = 1;
            double[] y = new double[3];
            for (int j = 0; j < 3; j++) {
                y[j] = biasesAbove.get(j);
            }
            for (int k = 0; k < 6; k++) {
                double a = biasesBelow.get(k);
                for (int j = 0; j < WIDTH; j++) {
                    a += x[j] * below.get(j, k);
                }
                boolean on = (h >> k & 1) == 1;
                probability *= 1 / (1 + Math.exp(on ? -a : a));
                for (int j = 0; j < 3 && on; j++) {
                    y[j] += above.get(k, j);
                }
            }
            double sum = Math.exp(y[0]) + Math.exp(y[1]) + Math.exp(y[2]);
            for (int j = 0; j < 3; j++) {
                expected[j] += probability * Math.exp(y[j]) / sum;
            }
        }
        return expected;
    }

    private static Matrix matrix(State state, String name) {
        return state.matrix(state.layout().segment(name));
    }

    @Test
    void whatOnnxHasNotIsRefused() {
        for (String layer : List.of(
                "{ type = stochastic, units = 4, law = noisy-rectifier }",
                "{ type = gated-experts, experts = 4, gater = [ { units = 3, activation = tanh } ] }",
                "{ type = tree-experts, depth = 2, units = 4 }")) {
            StoredModel stored = stored(Transformation.none(WIDTH), layer, CLASSES);
            UsageException failure = assertThrows(UsageException.class, () -> OnnxExport.of(stored, MEANS));
            assertEquals(1, failure.getMessage().lines().count());
        }
        Binarisation drawn = new Binarisation(Binarisation.Type.BERNOULLI, 0.5, 0);
        Transformation transformation =
                new Transformation(Scaling.UNIT, drawn, Collections.nCopies(WIDTH, 1f), Collections.nCopies(WIDTH, 0f));
        StoredModel stored = stored(transformation, CLASSES);
        assertThrows(UsageException.class, () -> OnnxExport.of(stored, MEANS));
    }

    @Test
    void aModelWritesAFile() throws Exception {
        int[] y = new int[ROWS];
        for (int i = 0; i < ROWS; i++) {
            y[i] = i % 2;
        }
        Model model = Trainer.of(NetworkBuilder.inputs(WIDTH)
                        .stochastic(8, org.coinflip.Laws.bernoulli(), org.coinflip.Gradients.disarm())
                        .output(2))
                .epochs(2)
                .portable()
                .fit(Examples.of(features(), y));
        Path file = folder.resolve("network.onnx");
        model.withMeans().exportOnnx(file);
        float[][] got = run(Files.readAllBytes(file), features());
        for (int i = 0; i < ROWS; i++) {
            float[] expected = model.withMeans().predict(features()[i]);
            assertEquals(expected[0], got[i][0], 2 * Rounding.of(Rounding.forward(5, 8, 2), 8));
        }
        assertThrows(UsageException.class, () -> model.exportOnnx(folder));
    }
}
