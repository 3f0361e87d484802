package org.coinflip.spark.job;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.ZipFile;
import org.apache.hadoop.conf.Configuration;
import org.coinflip.Gradients;
import org.coinflip.Laws;
import org.coinflip.Model;
import org.coinflip.NetworkBuilder;
import org.coinflip.Trainer;
import org.coinflip.data.DataSpec;
import org.coinflip.data.Dataset;
import org.coinflip.data.Split;
import org.coinflip.dl4j.DataSets;
import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.settings.Section;
import org.coinflip.model.storage.StoredModel;
import org.coinflip.model.training.Evaluator;
import org.coinflip.spark.LocalSpark;
import org.coinflip.spark.experiment.Experiment;
import org.coinflip.spark.output.ModelDirectory;
import org.coinflip.spark.train.Training;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Networks go to DL4J and come back as they were, and predict the same on both sides. */
class ConvertJobTest {
    private static final double ROUNDING = 1e-5;

    @TempDir
    private Path folder;

    private static Outcome convert(String... arguments) {
        return Outcome.of(new ConvertJob(), arguments);
    }

    private String path(String name) {
        return folder.resolve(name).toString();
    }

    private static Examples digits(String scale) {
        DataSpec spec = DataSpec.read(Section.root(ConfigFactory.parseString(
                "source = digits, scale = " + scale + ", split { train = 1297, valid = 250, test = 250 }")));
        return Dataset.open(spec, new Configuration()).examples(Split.TEST);
    }

    /** What a model folder says of some examples as its engine sees them. */
    private Matrix predictions(String model, Examples examples) {
        StoredModel read = ModelDirectory.read(path(model), new Configuration());
        return new Evaluator(read.network(), read.state(), read.evaluation(), Backend.detect(), 250, read.seed())
                .predict(examples, 0, 250);
    }

    private static void assertSame(Matrix own, INDArray dl4j) {
        for (int r = 0; r < 250; r++) {
            for (int j = 0; j < 10; j++) {
                assertEquals(dl4j.getFloat(r, j), own.get(r, j), ROUNDING);
            }
        }
    }

    private static INDArray output(MultiLayerNetwork network, Examples examples) {
        return network.output(
                DataSets.of(examples, IntStream.range(0, 250).toArray(), 250).getFeatures());
    }

    private JsonNode summary(String output) throws IOException {
        return new ObjectMapper()
                .readTree(folder.resolve(output + "/summary.json").toFile());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ type = dense, units = 30, activation = relu }, { type = dense, units = 20, activation = softplus }",
                "{ type = stochastic, units = 30, estimator = reinforce }, { type = stochastic, units = 20, law = noisy-rectifier }"
            })
    void modelsGoToDl4jAndComeBackTheSame(String layers) throws IOException {
        Experiment experiment =
                Experiment.read(ConfigFactory.parseString("data { source = digits, split { train = 1297,"
                        + " valid = 250, test = 250 } }, training.epochs = 1, output = \"" + path("run") + "\","
                        + "network.layers = [ " + layers + ", { type = output, units = 10 } ]"));
        try (LocalSpark spark = new LocalSpark(1)) {
            Training.prepare(experiment).run(spark.context());
        }
        Outcome export = convert("model=" + path("run/model"), "output=" + path("exported"));
        assertEquals(0, export.exit(), export.err());
        MultiLayerNetwork network = ModelSerializer.restoreMultiLayerNetwork(
                folder.resolve("exported/network.zip").toFile());
        Examples test = digits("unit");
        assertSame(predictions("run/model", test), output(network, test));
        try (ZipFile zip = new ZipFile(folder.resolve("exported/network.zip").toFile())) {
            String json = new String(
                    zip.getInputStream(zip.getEntry("configuration.json")).readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(
                    layers.contains("stochastic"), json.contains("org.coinflip"), "needs Coinflip only for its layers");
        }
        Outcome back =
                convert("dl4j=" + path("exported/network.zip"), "trust=true", "output=" + path("back"), "scale=0.0625");
        assertEquals(0, back.exit(), back.err());
        assertEquals(summary("run").get("parametersSha256"), summary("back").get("parametersSha256"));
        assertSame(predictions("back/model", test), output(network, test));
    }

    @Test
    void dl4jNetworksOfDenseLayersAreImported() throws IOException {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(3)
                .list()
                .layer(new DenseLayer.Builder()
                        .nIn(64)
                        .nOut(15)
                        .activation(Activation.TANH)
                        .build())
                .layer(new DenseLayer.Builder()
                        .nOut(12)
                        .nIn(15)
                        .activation(Activation.SIGMOID)
                        .hasBias(false)
                        .build())
                .layer(new OutputLayer.Builder()
                        .nIn(12)
                        .nOut(10)
                        .activation(Activation.SOFTMAX)
                        .build())
                .build());
        network.init();
        ModelSerializer.writeModel(network, folder.resolve("theirs.zip").toFile(), true);
        Outcome convert = convert("dl4j=" + path("theirs.zip"), "trust=true", "output=" + path("imported"));
        assertEquals(0, convert.exit(), convert.err());
        Examples raw = digits("none");
        assertSame(predictions("imported/model", raw), output(network, raw));
    }

    /** What is in the file, OnnxExportTest holds to the scorer. */
    @Test
    void modelsGoToOnnxAsTheyAreUsed() throws IOException {
        Model model = Trainer.of(NetworkBuilder.inputs(2)
                        .stochastic(3, Laws.bernoulli(), Gradients.disarm())
                        .output(2))
                .epochs(1)
                .fit(Examples.of(new float[][] {{0, 1}, {1, 0}}, new int[] {0, 1}));
        model.save(folder.resolve("small"));
        byte[] asItIs = onnx("as-it-is", model);
        byte[] draws = onnx("draws", model.withDraws(5), "evaluation.mode=samples", "evaluation.draws=5");
        assertFalse(Arrays.equals(asItIs, draws));
        assertEquals("done", summary("draws").path("status").asText());
        refuses(2, "to", "model=" + path("small"), "to=tensorflow", "output=" + path("no"));
        refuses(2, "evaluation", "model=" + path("small"), "evaluation.mode=means", "output=" + path("no"));
        refuses(2, "to", "dl4j=" + path("network.zip"), "trust=true", "to=onnx", "output=" + path("no"));
    }

    private byte[] onnx(String output, Model used, String... settings) throws IOException {
        List<String> arguments =
                new ArrayList<>(List.of("model=" + path("small"), "to=onnx", "output=" + path(output)));
        arguments.addAll(List.of(settings));
        Outcome outcome = convert(arguments.toArray(String[]::new));
        assertEquals(0, outcome.exit(), outcome.err());
        byte[] written = Files.readAllBytes(folder.resolve(output + "/network.onnx"));
        Path expected = folder.resolve(output + ".onnx");
        used.exportOnnx(expected);
        assertArrayEquals(Files.readAllBytes(expected), written);
        return written;
    }

    @Test
    void whatCannotBeConvertedIsOneLine() throws IOException {
        MultiLayerNetwork recurrent = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .list()
                .layer(new LSTM.Builder().nIn(3).nOut(4).build())
                .layer(new RnnOutputLayer.Builder()
                        .nIn(4)
                        .nOut(2)
                        .activation(Activation.SOFTMAX)
                        .build())
                .build());
        recurrent.init();
        ModelSerializer.writeModel(recurrent, folder.resolve("recurrent.zip").toFile(), false);
        Files.writeString(folder.resolve("text.zip"), "no zip");
        refuses(3, "LSTM", "trust=true", "dl4j=" + path("recurrent.zip"));
        refuses(2, "trust=true", "dl4j=" + path("recurrent.zip"));
        refuses(3, "ModelSerializer", "trust=true", "dl4j=" + path("text.zip"));
        refuses(3, "missing.zip", "trust=true", "dl4j=" + path("missing.zip"));
        refuses(2, "neither of model and dl4j");
        refuses(2, "both", "dl4j=a", "model=b");
        refuses(2, "unknown key", "model=b", "scale=2");
        assertFalse(Files.exists(folder.resolve("refused")));
    }

    private void refuses(int exit, String part, String... arguments) {
        String[] all = java.util.Arrays.copyOf(arguments, arguments.length + 1);
        all[arguments.length] = "output=" + path("refused");
        Outcome outcome = convert(all);
        assertEquals(exit, outcome.exit(), outcome.err());
        assertEquals(1, outcome.err().lines().count(), outcome.err());
        assertTrue(outcome.err().contains(part), outcome.err());
    }
}
