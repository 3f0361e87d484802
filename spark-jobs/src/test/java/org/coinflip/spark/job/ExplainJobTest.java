package org.coinflip.spark.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.coinflip.data.Dataset;
import org.coinflip.data.Split;
import org.coinflip.spark.experiment.Experiment;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is shown of a step, on a page, in tables and in lines; other parameters; what is refused. */
@Tag("numerical")
class ExplainJobTest extends ExplainedTraining {
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
