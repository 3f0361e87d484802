package org.coinflip.spark.job;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.typesafe.config.ConfigFactory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.coinflip.data.Dataset;
import org.coinflip.data.Split;
import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.kernel.FlushToZero;
import org.coinflip.model.kernel.KernelChoice;
import org.coinflip.model.layer.stochastic.StochasticStage;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.network.Network;
import org.coinflip.model.training.Learner;
import org.coinflip.model.training.WorkerOrder;
import org.coinflip.model.training.updater.Progress;
import org.coinflip.spark.experiment.Experiment;
import org.coinflip.spark.shard.LocalShards;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trainings of the digits: of one worker, which is followed step by step here; of several with what a round may have besides. */
@Tag("numerical")
class ExplainJobTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String NETWORK = "network.layers=[{type=stochastic,units=12,estimator=reinforce},"
            + "{type=stochastic,units=9,estimator{type=rloo,samples=2}},{type=output,units=10}]";
    private static final int EXAMPLE = 17;

    @TempDir
    private static Path folder;

    private static Path one;
    private static Path two;
    private static Path averaged;

    @BeforeAll
    static void train() {
        one = folder.resolve("one");
        two = folder.resolve("two");
        averaged = folder.resolve("averaged");
        run(
                0,
                new TrainJob(),
                "--master=local[1]",
                NETWORK,
                "seed=3",
                "arithmetic=portable",
                "training.epochs=3",
                "training.batch=40",
                "training.updater.type=Adam",
                "training.updater.learning-rate=0.01",
                "averaging.workers=1",
                "averaging.steps-per-round=7",
                "checkpoint.every=4",
                "checkpoint.keep=100",
                "output=" + one);
        run(
                0,
                new TrainJob(),
                "--master=local[1]",
                NETWORK,
                "seed=4",
                "training.epochs=4",
                "training.schedule={type=plateau,rate=0.5,patience=1}",
                "averaging.workers=2",
                "averaging.steps-per-round=6",
                "averaging.outer.type=nesterov",
                "validation.every=1",
                "checkpoint.every=3",
                "checkpoint.keep=100",
                "output=" + two);
        run(
                0,
                new TrainJob(),
                "--master=local[1]",
                NETWORK,
                "seed=5",
                "training.epochs=2",
                "training.ema=0.9",
                "averaging.workers=3",
                "averaging.updater-state=restart",
                "training.updater.type=Adam",
                "averaging.steps-per-round=10",
                "checkpoint.every=2",
                "output=" + averaged);
    }

    /** An estimator that is chosen is the one that the step was taken with, in an epoch's first step too. */
    @Test
    void showsTheEstimatorThatWasChosen() throws IOException {
        Path chosen = folder.resolve("chosen");
        run(
                0,
                new TrainJob(),
                "--master=local[1]",
                "network.layers=[{type=stochastic,units=6,estimator={type=auto,among=[reinforce,straight-through]}},{type=output,units=10}]",
                "seed=6",
                "arithmetic=portable",
                "training.epochs=3",
                "training.batch=700",
                "averaging.workers=2",
                "output=" + chosen);
        for (int epoch = 1; epoch <= 3; epoch++) {
            JsonNode seen = explained("chosen-" + epoch, "model=" + chosen, "example=" + EXAMPLE, "epoch=" + epoch);
            assertTrue(seen.get("exact").asBoolean(), seen.get("parameters").asText());
            assertEquals(1, seen.get("steps").asInt());
            assertEquals(
                    "straight-through",
                    seen.get("layers").get(0).get("estimator").get("type").asText());
        }
    }

    /** The job's printed lines. */
    private static String run(int exit, JobCommand job, String... arguments) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
        System.setErr(System.out);
        int code;
        try {
            code = JobCommand.run(job, arguments);
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
        String text = said.toString(StandardCharsets.UTF_8);
        assertEquals(exit, code, text);
        return text;
    }

    private static JsonNode explained(String name, String... arguments) throws IOException {
        Path output = folder.resolve(name);
        List<String> all = new ArrayList<>(List.of("output=" + output, "reference-draws=2"));
        all.addAll(List.of(arguments));
        run(0, new ExplainJob(), all.toArray(new String[0]));
        return JSON.readTree(output.resolve("explanation.json").toFile());
    }

    private static float[] floats(JsonNode list) {
        float[] values = new float[list.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) list.get(i).asDouble();
        }
        return values;
    }

    private static float[] row(Matrix matrix, int r) {
        float[] row = new float[matrix.columns()];
        matrix.getRow(r, row, 0);
        return row;
    }

    /** Here every step of the training is taken by hand; what the pass holds after the step is what it was taken with. */
    @Test
    void whatIsRecomputedIsWhatTheStepWasTakenWithBitForBit() throws IOException {
        JsonNode seen = explained("by-hand", "model=" + one, "example=" + EXAMPLE, "epoch=3");
        assertTrue(seen.get("exact").asBoolean());
        assertTrue(seen.get("replayedFrom").asInt() > 0, "from a checkpoint");
        JsonNode summary = JSON.readTree(one.resolve("summary.json").toFile());
        Experiment experiment =
                Experiment.read(ConfigFactory.parseString(summary.get("config").toString()));
        Dataset data = Dataset.open(experiment.data(), new Configuration());
        Examples examples = new LocalShards(data.examples(Split.TRAIN), 1, experiment.seed()).of(0);
        Network network = new Network(experiment.networkSpec(data.description().shape()));
        KernelChoice kernels = KernelChoice.PORTABLE;
        Learner learner = new Learner(network, experiment.training(), Backend.of(kernels), experiment.seed());
        network.initialise(learner.state(), experiment.seed());
        int batch = 40;
        int steps = (examples.size() + batch - 1) / batch;
        int[] places = new int[batch];
        try (FlushToZero flushing = kernels.arithmetic().begin()) {
            for (int epoch = 0; epoch < 3; epoch++) {
                WorkerOrder order = new WorkerOrder(experiment.seed(), epoch, 0, examples.size(), batch);
                for (int step = 0; step < steps; step++) {
                    int count = order.places(step, places);
                    Progress progress = new Progress(steps, 3).at((long) epoch * steps + step);
                    double loss = learner.step(examples, places, count, progress);
                    int at = placeOf(examples, places, count);
                    if (epoch == 2 && at >= 0) {
                        assertEquals(step + 1, seen.get("step").asInt());
                        assertEquals(loss, seen.get("meanLoss").asDouble());
                        assertSame(seen, learner, at, count);
                        return;
                    }
                }
            }
        }
        throw new AssertionError("the example was not taken");
    }

    private static int placeOf(Examples examples, int[] places, int count) {
        for (int i = 0; i < count; i++) {
            if (examples.id(places[i]) == EXAMPLE) {
                return i;
            }
        }
        return -1;
    }

    private static void assertSame(JsonNode seen, Learner learner, int at, int count) {
        List<StochasticStage> stages = learner.pass().stochasticStages();
        for (int l = 0; l < 2; l++) {
            StochasticStage stage = stages.get(l);
            JsonNode row = seen.get("layers").get(l).get("rows").get(0);
            assertArrayEquals(row(stage.logits(), at), floats(row.get("logits")));
            assertArrayEquals(row(stage.probabilities(), at), floats(row.get("probabilities")));
            assertArrayEquals(row(stage.logitGradient(), at), floats(row.get("gradient")));
            assertEquals(l + 1, row.get("samples").size());
            for (int s = 0; s <= l; s++) {
                JsonNode sample = row.get("samples").get(s);
                float[] coins = floats(sample.get("values"));
                assertArrayEquals(row(stage.samples(), s * count + at), coins);
                assertEquals(stage.losses()[s * count + at], (float)
                        sample.get("loss").asDouble());
                float[] u = floats(sample.get("uniforms"));
                float[] p = floats(row.get("probabilities"));
                for (int j = 0; j < u.length; j++) {
                    assertEquals(u[j] < p[j] ? 1f : 0f, coins[j]);
                }
            }
        }
    }

    /** An outer optimiser, a learning rate that looks decide, averages over steps, several workers: each round gives the loss that it gave. */
    @Test
    void roundsGiveWhatTheyGave() throws IOException {
        for (JsonNode seen : List.of(
                explained("two-workers", "model=" + two, "example=" + EXAMPLE, "epoch=4"),
                explained("three-workers", "model=" + averaged, "example=" + EXAMPLE, "epoch=2"))) {
            assertTrue(seen.get("exact").asBoolean(), seen.get("parameters").asText());
            assertEquals(
                    seen.get("roundsReplayed").asInt(), seen.get("roundsSame").asInt());
        }
    }

    @Test
    void isTheSameFromTheBeginningAsFromACheckpoint() throws IOException {
        JsonNode near = explained("near", "model=" + two, "example=" + EXAMPLE, "epoch=3");
        assertTrue(near.get("replayedFrom").asInt() > 0);
        Path without = folder.resolve("without");
        try (Stream<Path> files = Files.walk(two)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path name = two.relativize(file);
                if (!name.startsWith("checkpoints") && !name.toString().startsWith(".")) {
                    Files.createDirectories(without.resolve(name).getParent());
                    Files.copy(file, without.resolve(name));
                }
            }
        }
        JsonNode far = explained("far", "model=" + without, "example=" + EXAMPLE, "epoch=3");
        assertEquals(0, far.get("replayedFrom").asInt());
        assertTrue(
                far.get("roundsReplayed").asInt() > near.get("roundsReplayed").asInt());
        assertEquals(near.get("layers"), far.get("layers"));
    }

    @Test
    void showsWhatItSeesOnAPageInTablesAndInLines() throws IOException {
        Path output = folder.resolve("shown");
        String said = run(
                0,
                new ExplainJob(),
                "model=" + one,
                "example=" + EXAMPLE,
                "epoch=1",
                "reference-draws=4",
                "output=" + output);
        JsonNode seen = JSON.readTree(output.resolve("explanation.json").toFile());
        List<String> lines = said.lines().toList();
        assertEquals(6, lines.size(), said);
        assertTrue(
                lines.get(0)
                        .matches(
                                "example 17 in epoch 1, step \\d+ of 33, worker 0: loss \\d\\.\\d{4}, label 7, predicted \\d"
                                        + " \\(p 0\\.\\d{3}\\)"),
                said);
        assertTrue(lines.get(1).startsWith("what training had, to the bit: "), said);
        float[] gradient = floats(seen.at("/layers/0/rows/0/gradient"));
        int largest = 0;
        for (int j = 1; j < gradient.length; j++) {
            largest = Math.abs(gradient[j]) > Math.abs(gradient[largest]) ? j : largest;
        }
        int on = 0;
        for (float h : floats(seen.at("/layers/0/rows/0/samples/0/values"))) {
            on += h == 1 ? 1 : 0;
        }
        assertTrue(
                lines.get(2)
                        .startsWith("layer 0, bernoulli by reinforce: " + on + " of 12 units on; largest gradients: "
                                + largest + " "),
                said);
        List<String> table = Files.readAllLines(output.resolve("layer-0.csv"));
        assertEquals(
                "row,unit,logit,probability,uniform,value,loss,baseline,signal,gradient,mean,deviation,reference,reference_error",
                table.get(0));
        assertEquals(13, table.size());
        for (int j = 0; j < 12; j++) {
            String[] cells = table.get(1 + j).split(",");
            assertEquals(j, Integer.parseInt(cells[1]));
            assertEquals(gradient[j], Float.parseFloat(cells[9]));
        }
        assertTrue(Files.readString(output.resolve("layer-1.csv"))
                .startsWith("row,unit,logit,probability,uniform_0,value_0,"));
        String page = Files.readString(output.resolve("report.html"));
        for (String part : List.of(
                "Example 17 in epoch 1",
                "Layer 0: bernoulli by reinforce",
                "(h − p) (L − L̄)",
                ">gradient<",
                ">reference<",
                "as taken")) {
            assertTrue(page.contains(part), part);
        }
        // p, u, h, gradient, mean, reference of 12 units; of 9 units of two samples
        assertEquals(6 * 12 + 8 * 9, page.split("<rect", -1).length - 1);
    }

    /** The same numbers throw the coins whatever the parameters are. */
    @Test
    void coinsAreThrownByTheSameNumbersUnderOtherParameters() throws IOException {
        String[] asked = {"example=" + EXAMPLE, "epoch=2"};
        JsonNode trained = explained("trained", "model=" + one, asked[0], asked[1]);
        JsonNode model = explained("model", "model=" + one.resolve("model"), asked[0], asked[1]);
        JsonNode checkpoint =
                explained("checkpoint", "model=" + one.resolve("checkpoints/round-00000004"), asked[0], asked[1]);
        JsonNode early = explained("early", "model=" + one, asked[0], asked[1], "step=1");
        JsonNode otherDraw = explained("draw", "model=" + one, asked[0], asked[1], "draw=1");
        String uniforms = "/layers/0/rows/0/samples/0/uniforms";
        for (JsonNode other : List.of(model, checkpoint, early)) {
            assertEquals(trained.at(uniforms), other.at(uniforms));
            assertFalse(other.get("exact").asBoolean());
            assertEquals(1, other.get("batch").asInt());
            assertNotEquals(trained.at("/layers/0/rows/0/logits"), other.at("/layers/0/rows/0/logits"));
        }
        assertNotEquals(trained.at(uniforms), otherDraw.at(uniforms));
        assertEquals(trained.at("/layers/0/rows/0/logits"), otherDraw.at("/layers/0/rows/0/logits"));
        assertFalse(otherDraw.get("exact").asBoolean());
    }

    @Test
    void refusesInALine() throws IOException {
        String model = "model=" + one;
        refused(2, "model: got nothing", "example=1", "epoch=1");
        refused(2, "example: got nothing", model, "epoch=1");
        refused(2, "epoch", model, "example=1");
        refused(2, "epoch: got 4, expected 1 to 3", model, "example=17", "epoch=4");
        refused(2, "epoch: got 4, expected 1 to 3", model + "/model", "example=17", "epoch=4");
        refused(2, "step: got 34, expected 1 to 33", model, "example=17", "epoch=1", "step=34");
        refused(2, "step", model + "/model", "example=17", "epoch=1", "step=3");
        refused(2, "reference-draws", model, "example=17", "epoch=1", "reference-draws=1");
        refused(
                3,
                "expected one of 1797 ids from 0 to 1796, of which 1796 is the nearest",
                model,
                "example=1800",
                "epoch=1");
        refused(
                3,
                "expected one of 1797 ids from 0 to 1796, of which 0 is the nearest",
                model + "/model",
                "example=-2",
                "epoch=1");
        refused(
                3,
                "round-00000001, which is not there",
                model + "/checkpoints/round-00000001",
                "example=17",
                "epoch=1");
        refused(
                3,
                "there is neither summary.json nor model.json",
                "model=" + folder.resolve("none"),
                "example=17",
                "epoch=1");
        refused(2, "is in the test split", model, "example=" + idIn(Split.TEST), "epoch=1");
        refused(3, "expected a training", "model=" + plainOf("evaluate", "/job"), "example=17", "epoch=1");
        refused(2, "expected coinflip", "model=" + plainOf("dl4j", "/config/backend"), "example=17", "epoch=1");
        refused(3, "was trained on", "model=" + plainOf("1", "/identity/data/classes"), "example=17", "epoch=1");
        Path stopped = Files.createDirectories(folder.resolve("stopped"));
        Files.copy(one.resolve("metrics.jsonl"), stopped.resolve("metrics.jsonl"));
        refused(3, "expected a training that has ended", "model=" + stopped, "example=17", "epoch=1");
        Path policy = folder.resolve("policy");
        run(
                0,
                new TrainJob(),
                "--master=local[1]",
                "environment.type=bandit",
                "environment.success=[0.2,0.8]",
                "network.layers=[{type=stochastic,units=1,estimator=reinforce},{type=reward}]",
                "training.epochs=1",
                "output=" + policy);
        refused(2, "model: got a policy", "model=" + policy, "example=1", "epoch=1");
        refused(2, "model: got a policy", "model=" + policy.resolve("model"), "example=1", "epoch=1");
        Path dense = folder.resolve("dense");
        run(
                0,
                new TrainJob(),
                "--master=local[1]",
                "network.layers=[{type=dense,units=4},{type=output,units=10}]",
                "training.epochs=1",
                "output=" + dense);
        refused(2, "without a stochastic layer", "model=" + dense, "example=17", "epoch=1");
        refused(2, "without a stochastic layer", "model=" + dense.resolve("model"), "example=17", "epoch=1");
    }

    private static long idIn(Split split) throws IOException {
        JsonNode summary = JSON.readTree(one.resolve("summary.json").toFile());
        Experiment experiment =
                Experiment.read(ConfigFactory.parseString(summary.get("config").toString()));
        return Dataset.open(experiment.data(), new Configuration())
                .examples(split)
                .id(0);
    }

    /** A folder with the training's summary, a value of which is another. */
    private static Path plainOf(String value, String pointer) throws IOException {
        ObjectNode summary =
                (ObjectNode) JSON.readTree(one.resolve("summary.json").toFile());
        summary.remove("sealSha256");
        int slash = pointer.lastIndexOf('/');
        ((ObjectNode) summary.at(pointer.substring(0, slash))).put(pointer.substring(slash + 1), value);
        Path other = Files.createDirectories(folder.resolve("other-" + value));
        JSON.writeValue(other.resolve("summary.json").toFile(), summary);
        return other;
    }

    private static void refused(int exit, String line, String... arguments) {
        List<String> all = new ArrayList<>(List.of("output=" + folder.resolve("refused")));
        all.addAll(Arrays.asList(arguments));
        String text = run(exit, new ExplainJob(), all.toArray(new String[0]));
        assertTrue(text.contains(line), text);
        assertEquals(1, text.strip().lines().count(), text);
        assertTrue(Files.notExists(folder.resolve("refused")));
    }
}
