package org.coinflip.spark.job;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

/** Steps that are replayed are those that were taken: of one worker, which is followed step by step here; of several with what a round may have besides. */
@Tag("numerical")
class ReplayedStepTest extends ExplainedTraining {
    private static Path two;
    private static Path averaged;

    @BeforeAll
    static void trainMore() {
        two = folder.resolve("two");
        averaged = folder.resolve("averaged");
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

    private static float[] row(Matrix matrix, int r) {
        float[] row = new float[matrix.columns()];
        matrix.getRow(r, row, 0);
        return row;
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
}
