package org.coinflip.spark.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.coinflip.model.error.UsageException;
import org.coinflip.spark.LocalSpark;
import org.junit.jupiter.api.Test;

/** Sweeps that are refused before their first trial, and trials that fail. */
class SweepFailureTest extends LocalSweeps {
    private static final String DRILL =
            """
            sweep { trial = drill, sampler = grid, execution { trial-seconds = 6, task-seconds = 0.1 }, space {
              drill.fault = [none, diverges, throws, out-of-memory, stack-overflow, never-ends, none]
              drill.value = [1, 2]
            } }
            """;

    @Test
    void whatMakesNoSenseIsRefusedInALineBeforeAnythingIsWritten() {
        String space = "space.training.updater.learning-rate { log-uniform = [1e-3, 1] }";
        refused("no axis", DIGITS + "sweep { }");
        refused("a section sweep", DIGITS);
        refused(
                "did you mean learning-rate?",
                DIGITS + "sweep { space.training.updater.learning-rat { uniform = [0.1, 1] } }");
        refused(
                "option strait-through",
                DIGITS
                        + "sweep { sampler = grid, replicates = 1, space { network.layers.stochastic.estimator = [reinforce, strait-through], training.batch = [8, 16, 32] } }");
        refused("got maxout", DIGITS + "sweep { space.network.layers.maxout.units = [1, 2] }");
        refused("none of", DIGITS + "sweep { " + space + ", constraints = [\"training.updater.learning-rate > 2\"] }");
        refused(
                "not training.bath; did you mean training.batch?",
                DIGITS + "sweep { " + space + ", constraints = [\"training.bath > 2\"] }");
        String codes =
                DIGITS + "network.layers = [{ type = output, units = 64, objective = bernoulli-reconstruction }]\n";
        refused("expected valid.squaredError", codes + "sweep { " + space + " }");
        refused("expected test.error", DIGITS + "sweep { " + space + ", limits = [\"test.squaredError < 1\"] }");
        refused("did you mean valid.error?", DIGITS + "sweep { " + space + ", metric = valid.eror }");
        refused(
                "error, as sweep.metric wants",
                DIGITS + "validation.metric = ece, sweep { " + space + ", metric = valid.balancedError }");
        refused("did you mean trials?", DIGITS + "sweep { " + space + ", trails = 3 }");
        refused("one of random", DIGITS + "sweep { " + space + ", sampler = rnadom }");
        refused("unknown key", DIGITS + "sweep { " + space + ", sampler { type = tpe, strat = 3 } }");
        refused("one of none, asha", DIGITS + "sweep { " + space + ", scheduler = hyperbend }");
        refused("training.epochs is an axis", DIGITS + "sweep { space.training.epochs = [1, 2], scheduler = asha }");
        refused("an axis of sweep.space", DIGITS + "sweep { " + space + ", compare = training.updater.learning-rat }");
        refused("expected a choice", DIGITS + "sweep { " + space + ", compare = training.updater.learning-rate }");
        refused("sweep.replicates of 2", DIGITS + "sweep { " + space + ", scheduler = race }");
        refused("a multiple of", DIGITS + "sweep { " + space + ", scheduler = race, trials = 5, replicates = 2 }");
        String two = ", objectives = [valid.error, valid.loss]";
        refused(
                "none beside several objectives",
                DIGITS + "sweep { " + space + two + ", sampler = tpe, evidence = [out/before] }");
        refused("compares single values", DIGITS + "sweep { " + space + two + ", scheduler = asha }");
        refused("either these or metric", DIGITS + "sweep { " + space + two + ", metric = valid.loss }");
        refused("times differ", DIGITS + "sweep { " + space + ", objectives = [valid.error, seconds] }");
        refused("a trial measures one", DIGITS + "sweep { " + space + ", objectives = [valid.auc, valid.ece] }");
        refused("did you mean valid.loss?", DIGITS + "sweep { " + space + ", limits = [\"valid.los < 1\"] }");
        refused("sweep.limits: got", DIGITS + "sweep { " + space + ", limits = [\"valid.loss\"] }");
        refused(
                "at least one axis of numbers",
                DIGITS + "sweep { space.training.batch = [8, 16], scheduler = population }");
        refused(
                "did you mean training.updater.learning-rate?",
                DIGITS + "sweep { " + space
                        + ", scheduler { type = population, perturb = [training.updater.learning-rat] } }");
        refused("only trainings have models", "sweep { trial = nothing, space.point.x = [1], keep-models = 1 }");
        refused("expected tasks", "sweep { trial = nothing, space.point.x = [1], execution.as = jobs }");
    }

    @Test
    void whatNoTrialCanHaveIsRefusedBeforeTheFirst() {
        for (String[] bad : new String[][] {
            {"training.max-seconds = 2", "training.max-seconds: got 2.0, expected none in a sweep"},
            {
                "sweep.scheduler = asha, validation.patience = 2",
                "validation.patience: got 2, expected 0 with this sweep.scheduler"
            },
            {
                "sweep.scheduler = asha, training.schedule.type = plateau",
                "training.schedule.type: got plateau, expected another with this sweep.scheduler"
            },
            {"backend = dl4j", "backend: got dl4j, expected coinflip"},
            {"network.layers = [ { type = output, units = 7 } ]", "7"}
        }) {
            UsageException failure = assertThrows(
                    UsageException.class,
                    () -> Sweep.prepare(ConfigFactory.parseString(DIGITS + bad[0]
                            + "\nsweep { trials = 3, space { training.batch = [8, 16, 32] } }\noutput = \""
                            + folder.resolve("refused") + "\"")));
            assertTrue(failure.getMessage().contains(bad[1]), failure.getMessage());
            assertFalse(Files.exists(folder.resolve("refused")));
        }
    }

    private void refused(String part, String settings) {
        Path output = folder.resolve("refused");
        UsageException e = assertThrows(
                UsageException.class,
                () -> Sweep.prepare(ConfigFactory.parseString(settings + "\noutput = \"" + output + "\"")),
                settings);
        assertTrue(e.getMessage().contains(part), e.getMessage());
        assertEquals(1, e.getMessage().lines().count(), e.getMessage());
        assertFalse(Files.exists(output));
    }

    @Test
    void whateverGoesWrongInATrialIsARow() throws Exception {
        try (LocalSpark spark = new LocalSpark(2)) {
            JsonNode summary = sweep(spark, "drill", DRILL);
            assertEquals(14, summary.get("trials").asInt());
            assertEquals(10, summary.get("failed").asInt());
            assertEquals(2, summary.get("statuses").get("diverged").asInt());
            assertEquals(2, summary.get("statuses").get("timed-out").asInt());
            assertEquals(6, summary.get("statuses").get("failed").asInt());
            assertEquals("done", summary.get("status").asText());
            assertEquals(1.0, summary.get("best").get("metric").get("mean").asDouble());
            String table = Files.readString(folder.resolve("drill/table.csv"));
            for (String reason : List.of(
                    "OutOfMemoryError",
                    "StackOverflowError",
                    "IllegalStateException: a drill",
                    "sweep.trial-seconds",
                    "the loss is NaN")) {
                assertTrue(table.contains(reason), reason);
            }
        }
    }

    @Test
    void aTrialThatCannotBeStoppedIsLeftAndTheSweepGoesOn() throws Exception {
        try (LocalSpark spark = new LocalSpark(2)) {
            JsonNode summary = sweep(
                    spark,
                    "spin",
                    "sweep { trial = drill, sampler = grid, execution.trial-seconds = 3, space.drill.fault = [ignores-interrupts, none, throws] }");
            assertEquals(3, summary.get("trials").asInt());
            assertEquals(1, summary.get("statuses").get("timed-out").asInt());
            assertTrue(Files.readString(folder.resolve("spin/table.csv")).contains("cannot be stopped"));
        }
    }

    @Test
    void aCombinationThatCannotBeIsARowNotTheEnd() throws Exception {
        try (LocalSpark spark = new LocalSpark(2)) {
            // the exact gradient is for 20 units at most
            JsonNode summary = sweep(
                    spark,
                    "combination",
                    DIGITS
                            + "training.epochs = 1, sweep { sampler = grid, space { network.layers.0.units = [4, 40], network.layers.0.estimator = [exact, reinforce] } }");
            assertEquals(4, summary.get("trials").asInt());
            assertEquals(1, summary.get("failed").asInt());
            Set<String> reasons = new HashSet<>(Files.readAllLines(folder.resolve("combination/table.csv")));
            assertTrue(reasons.stream().anyMatch(line -> line.contains("at most 20")), reasons.toString());
        }
    }

    @Test
    void aSweepOfWhichNoTrialIsDoneIsAFailureThatNamesTheCommonestReason() throws Exception {
        try (LocalSpark spark = new LocalSpark(2)) {
            String none = "sweep { trial = drill, sampler = grid, space { drill.fault = [throws, diverges, throws] } }";
            for (int time = 0; time < 2; time++) {
                SweepFailure failure = assertThrows(SweepFailure.class, () -> sweep(spark, "none", none));
                assertEquals(1, failure.exitCode());
                assertTrue(
                        failure.getMessage().contains("3 of 3 trials failed, 2 of them failed: "),
                        failure.getMessage());
                assertEquals("failed", summary("none").get("status").asText());
                assertEquals(
                        4, Files.readAllLines(folder.resolve("none/table.csv")).size());
            }
            String some = "sweep { trial = drill, sampler = grid, space { drill.fault = [throws, none, throws] } }";
            assertEquals("done", sweep(spark, "some", some).get("status").asText());
        }
    }

    @Test
    void endsWhenMoreFailedThanItIsToBear() throws Exception {
        try (LocalSpark spark = new LocalSpark(1)) {
            String faults = "none, throws, throws" + ", none".repeat(40);
            String settings =
                    "sweep { trial = drill, sampler = grid, execution.task-seconds = 1e-9, space { drill.fault = ["
                            + faults + "] } }\n";
            SweepFailure failure = assertThrows(
                    SweepFailure.class, () -> sweep(spark, "bear", settings + "sweep.stop-after-failures = 2"));
            assertTrue(failure.getMessage().contains("2 of "), failure.getMessage());
            assertEquals("stopped", summary("bear").get("status").asText());
            assertTrue(summary("bear").get("trials").asInt() < 43);
            // with more patience it goes on to its end
            assertEquals(43, sweep(spark, "bear", settings).get("trials").asInt());
        }
    }
}
