package org.coinflip.spark.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.coinflip.model.error.UsageException;
import org.coinflip.spark.LocalSpark;
import org.coinflip.spark.experiment.Experiment;
import org.coinflip.spark.inference.Evaluation;
import org.coinflip.spark.train.Training;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole sweeps in this process. */
class SweepTest {
    private static final String DIGITS =
            """
            network.layers = [ { type = stochastic, units = 12, law = bernoulli }, { type = output, units = 10 } ]
            training { epochs = 4, batch = 64, updater { type = Adam, learning-rate = 0.01 } }
            averaging { workers = 2, steps-per-round = 10 }
            validation { draws = 2, examples = 16 }
            """;
    private static final String ESTIMATORS =
            """
            sweep { sampler = sobol, trials = 12, replicates = 2, compare = network.layers.stochastic.estimator, space {
              network.layers.stochastic.estimator = [straight-through, reinforce, rloo]
              training.updater.learning-rate { log-uniform = [0.001, 0.1] }
              averaging.workers = [1, 2, 3]
            } }
            """;
    private static final String ASHA =
            """
            sweep { sampler { type = tpe, start = 3 }, trials = 9, window = 3, scheduler { type = asha, factor = 2 }, space {
              training.updater.learning-rate { log-uniform = [1e-5, 0.1] }
              network.layers.0.units { int = [4, 24] }
            } }
            """;
    /** A whole pass of brackets: 4 begin at 1 epoch, 3 at 2 and 3 at 4. */
    private static final String HYPERBAND = ASHA.replace("trials = 9, ", "").replace("asha", "hyperband");

    private static final String RACE =
            """
            sweep { sampler { type = tpe, start = 3 }, trials = 20, replicates = 5, window = 3, scheduler = race, space {
              training.updater.learning-rate { log-uniform = [1e-5, 0.1] }
            } }
            training.epochs = 2
            """;

    private static final String POPULATION =
            """
            sweep { trials = 5, window = 3, scheduler { type = population, every = 1, part = 0.4 }, space {
              training.updater.learning-rate { log-uniform = [1e-4, 0.1] }
              network.layers.0.units = [8, 12]
            } }
            """;

    private static final String DRILL =
            """
            sweep { trial = drill, sampler = grid, execution { trial-seconds = 6, task-seconds = 0.1 }, space {
              drill.fault = [none, diverges, throws, out-of-memory, stack-overflow, never-ends, none]
              drill.value = [1, 2]
            } }
            """;

    @TempDir
    private Path folder;

    private JsonNode sweep(LocalSpark spark, String name, String settings) throws Exception {
        String output = "output = \"" + folder.resolve(name) + "\"\n";
        Sweep.prepare(ConfigFactory.parseString(settings + "\n" + output)).run(session(spark));
        return summary(name);
    }

    private static SparkSession session(LocalSpark spark) {
        return SparkSession.builder().config(spark.context().getConf()).getOrCreate();
    }

    private JsonNode summary(String name) throws Exception {
        return new ObjectMapper()
                .readTree(folder.resolve(name).resolve("summary.json").toFile());
    }

    @Test
    void theTableIsTheSameOnOneSlotAndTwoAndWithBundlesOfAnySize() throws Exception {
        for (String settings : List.of(DIGITS + ESTIMATORS, DIGITS + ASHA, DIGITS + HYPERBAND)) {
            String expected = null;
            for (int slots : new int[] {1, 2}) {
                try (LocalSpark spark = new LocalSpark(slots)) {
                    for (String more : List.of("", "sweep.execution.task-seconds = 10", "sweep.execution.as = jobs")) {
                        String name = Math.abs(settings.hashCode()) + "-" + slots + "-" + more.length();
                        JsonNode summary = sweep(spark, name, settings + more);
                        assertEquals(0, summary.get("failed").asInt());
                        String sha = summary.get("tableSha256").asText();
                        expected = expected == null ? sha : expected;
                        assertEquals(expected, sha, name);
                    }
                }
            }
        }
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

    @Test
    void seedsAreAnAxis() throws Exception {
        try (LocalSpark spark = new LocalSpark(2)) {
            String seeds = "sweep { trial = drill, sampler = grid, space { seed = [1, 2, 3] } }";
            sweep(spark, "seeds", seeds);
            List<Row> rows = session(spark)
                    .read()
                    .parquet(folder.resolve("seeds/table.parquet").toString())
                    .orderBy("trial")
                    .collectAsList();
            assertEquals(3, rows.size());
            for (int i = 0; i < 3; i++) {
                assertEquals(i + 1L, rows.get(i).<Long>getAs("seed"));
                assertEquals(String.valueOf(i + 1), rows.get(i).getAs("axis.seed"));
                assertEquals("done", rows.get(i).getAs("status"));
            }
            String header =
                    Files.readAllLines(folder.resolve("seeds/table.csv")).get(0);
            assertTrue(header.contains(",axis.seed,"), header);
            UsageException failure =
                    assertThrows(UsageException.class, () -> sweep(spark, "twice", seeds + "\nsweep.replicates = 2"));
            assertTrue(failure.getMessage().contains("sweep.replicates: got 2, expected 1"), failure.getMessage());
        }
    }

    @Test
    void goesOnWithTheSameValuesAndTheSameDataOnly() throws Exception {
        Path table = folder.resolve("table.csv");
        String rows = "0,0\n1,1\n".repeat(20);
        Files.writeString(table, "x,label\n" + rows);
        String settings =
                """
                data { source = csv, path = "%s" }
                network.layers = [ { type = output, units = 2 } ]
                training.epochs = 1
                sweep { trials = %s, space { training.updater.learning-rate { log-uniform = [0.001, 0.1] } } }
                """;
        try (LocalSpark spark = new LocalSpark(1)) {
            sweep(spark, "data", settings.formatted(table, 1));
            // defaults that are written out are the same sweep
            JsonNode more = sweep(
                    spark, "data", settings.formatted(table, 2) + "seed = 1, training.batch = 32, sweep.seed = 1");
            assertEquals(2, more.get("trials").asInt());
            assertEquals(1, more.get("executed").asInt());
            UsageException other = assertThrows(
                    UsageException.class, () -> sweep(spark, "data", settings.formatted(table, 3) + "seed = 2"));
            assertTrue(
                    other.getMessage().contains("holds another sweep (seed is 1 there, 2 here)"), other.getMessage());
            Files.writeString(
                    table,
                    "x,label\n"
                            + rows.replace("0,0", "0,7").replace("1,1", "1,0").replace("0,7", "0,1"));
            UsageException swapped =
                    assertThrows(UsageException.class, () -> sweep(spark, "data", settings.formatted(table, 3)));
            assertTrue(swapped.getMessage().contains("(data.files[0] is "), swapped.getMessage());
        }
    }

    @Test
    void estimatorsAreComparedInPairsUnderCommonRandomNumbers() throws Exception {
        try (LocalSpark spark = new LocalSpark(2)) {
            // the same estimator twice: under common random numbers every pair differs by exactly nothing
            String twice = ESTIMATORS.replace("rloo]", "{ type = straight-through, derivative = identity }]");
            JsonNode summary = sweep(spark, "pairs", DIGITS + twice);
            JsonNode twin = null;
            JsonNode original = null;
            for (JsonNode entry : summary.get("league")) {
                twin = entry.get("option").asText().contains("identity") ? entry : twin;
                original = entry.get("option").asText().equals("straight-through") ? entry : original;
            }
            assertEquals(original.get("metric"), twin.get("metric"));
            assertEquals(original.get("testError"), twin.get("testError"));
            assertEquals(4, twin.get("trials").asInt());
            List<String> lines = Files.readAllLines(folder.resolve("pairs/table.csv"));
            assertEquals(13, lines.size());
            assertTrue(Files.readString(folder.resolve("pairs/report.html")).contains("League of"));
            List<Row> rows = session(spark)
                    .read()
                    .parquet(folder.resolve("pairs/table.parquet").toString())
                    .orderBy("trial")
                    .collectAsList();
            assertEquals(12, rows.size());
            double error = rows.get(3).getAs("valid.error");
            assertTrue(lines.get(4).contains("," + error + ","), lines.get(4));
        }
    }

    @Test
    void trialsAreComparedByWhatTheSweepAsksThemToMeasure() throws Exception {
        try (LocalSpark spark = new LocalSpark(2)) {
            JsonNode summary = sweep(
                    spark,
                    "auc",
                    DIGITS
                            + "training.epochs = 1, sweep { sampler = grid, metric = valid.auc, space.network.layers.0.units = [1, 8] }");
            assertEquals("max", summary.get("mode").asText());
            List<Row> rows = session(spark)
                    .read()
                    .parquet(folder.resolve("auc/table.parquet").toString())
                    .collectAsList();
            double most = rows.stream()
                    .mapToDouble(row -> row.<Double>getAs("valid.auc"))
                    .max()
                    .orElseThrow();
            assertEquals(most, summary.get("best").get("metric").get("mean").asDouble());
            assertTrue(rows.stream().allMatch(row -> row.<Double>getAs("test.auc") > 0), rows.toString());
        }
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
    void aStoppedSweepGoesOnToTheSameTableAndRunsNothingTwice() throws Exception {
        try (LocalSpark spark = new LocalSpark(2)) {
            for (String settings : List.of(ASHA, HYPERBAND, RACE, POPULATION)) {
                String whole = "whole" + settings.hashCode();
                String stopped = "part" + settings.hashCode();
                String expected = sweep(spark, whole, DIGITS + settings)
                        .get("tableSha256")
                        .asText();
                sweep(spark, stopped, DIGITS + settings + "sweep.budget.epochs = 6");
                JsonNode part = summary(stopped);
                assertEquals("stopped", part.get("status").asText());
                int before = part.get("executed").asInt();
                JsonNode resumed = sweep(spark, stopped, DIGITS + settings);
                assertEquals(expected, resumed.get("tableSha256").asText());
                int all = summary(whole).get("executed").asInt();
                assertEquals(all, before + resumed.get("executed").asInt());
            }
        }
    }

    @Test
    void aJournalCutInTheMiddleAndLostCheckpointsGiveTheSameTable() throws Exception {
        try (LocalSpark spark = new LocalSpark(2)) {
            goesOnFromHalfAJournal(spark, "asha", DIGITS + ASHA);
            goesOnFromHalfAJournal(spark, "hyperband", DIGITS + HYPERBAND);
            goesOnFromHalfAJournal(spark, "race", DIGITS + RACE);
            goesOnFromHalfAJournal(spark, "population", DIGITS + POPULATION);
        }
    }

    @Test
    void aPopulationIsTheSameAsTasksAndAsJobsAndItsBestModelIsThatOfItsTable() throws Exception {
        try (LocalSpark spark = new LocalSpark(2)) {
            String settings = DIGITS + POPULATION + "sweep.keep-models = 1\n";
            JsonNode tasks = sweep(spark, "tasks", settings);
            assertEquals(
                    tasks.get("tableSha256"),
                    sweep(spark, "jobs", settings + "sweep.execution.as = jobs").get("tableSha256"));
            Path best = folder.resolve("tasks/best/1");
            JsonNode kept =
                    new ObjectMapper().readTree(best.resolve("summary.json").toFile());
            String row = Files.readAllLines(folder.resolve("tasks/table.csv"))
                    .get(1 + kept.get("trial").asInt());
            assertTrue(row.contains("," + kept.get("parametersSha256").asText() + ","), row);
            assertTrue(Files.readString(best.resolve("experiment.conf")).contains("# to epoch 1, as configuration "));
        }
    }

    private void goesOnFromHalfAJournal(LocalSpark spark, String name, String settings) throws Exception {
        JsonNode whole = sweep(spark, name, settings);
        Path journal = folder.resolve(name + "/journal");
        List<Path> files;
        try (Stream<Path> all = Files.list(journal)) {
            files = all.sorted().toList();
        }
        Path middle = files.get(files.size() / 2);
        byte[] bytes = Files.readAllBytes(middle);
        Files.write(middle, java.util.Arrays.copyOf(bytes, bytes.length / 2));
        Files.delete(files.get(files.size() - 1));
        try (Stream<Path> checkpoints = Files.list(Files.createDirectories(folder.resolve(name + "/checkpoints")))) {
            for (Path checkpoint : checkpoints.toList()) {
                Files.delete(checkpoint);
            }
        }
        Files.delete(folder.resolve(name + "/summary.json"));
        JsonNode again = sweep(spark, name, settings);
        assertEquals(whole.get("tableSha256"), again.get("tableSha256"));
        assertTrue(again.get("executed").asInt() >= 2);
    }

    @Test
    void moreTrialsGoOnFromThoseThatAreDone() throws Exception {
        try (LocalSpark spark = new LocalSpark(2)) {
            String nothing = "sweep { trial = nothing, space.point.x { uniform = [0, 1] }, trials = %d }";
            sweep(spark, "more", String.format(nothing, 10));
            JsonNode more = sweep(spark, "more", String.format(nothing, 25));
            assertEquals(15, more.get("executed").asInt());
            JsonNode fresh = sweep(spark, "fresh", String.format(nothing, 25));
            assertEquals(fresh.get("tableSha256"), more.get("tableSha256"));
            UsageException e =
                    assertThrows(UsageException.class, () -> sweep(spark, "more", String.format(nothing, 25)));
            assertTrue(e.getMessage().contains("all 25 trials done"), e.getMessage());
            e = assertThrows(
                    UsageException.class,
                    () -> sweep(spark, "more", String.format(nothing, 25).replace("[0, 1]", "[0, 2]")));
            assertTrue(e.getMessage().contains("another sweep"), e.getMessage());
        }
    }

    @Test
    void anotherSweepsTableIsEvidenceAndAPartOfTheIdentity() throws Exception {
        String function =
                """
                sweep { trial = function, sampler = %s, trials = %d, space { function.x1 { uniform = [%s] }, function.x2 { uniform = [0, 15] } } }
                """;
        try (LocalSpark spark = new LocalSpark(2)) {
            sweep(spark, "before", String.format(Locale.ROOT, function, "random", 30, "-5, 10"));
            String evidence = "sweep.evidence = [\"" + folder.resolve("before") + "\"]\n"
                    + "sweep.first = [ { function { x1 = 3.25, x2 = 2.5 } } ]\n";
            String wider = String.format(Locale.ROOT, function, "tpe", 20, "-4, 12");
            JsonNode after = sweep(spark, "after", wider + evidence);
            JsonNode alone = sweep(spark, "alone", wider);
            assertNotEquals(alone.get("tableSha256"), after.get("tableSha256"));
            List<String> lines = Files.readAllLines(folder.resolve("after/table.csv"));
            assertTrue(lines.get(1).contains(",3.25,2.5,"), lines.get(1));
            // what went before is a part of the sweep: other evidence is another sweep
            String more = wider.replace("trials = 20", "trials = 25");
            assertEquals(
                    25, sweep(spark, "after", more + evidence).get("trials").asInt());
            UsageException e = assertThrows(UsageException.class, () -> sweep(spark, "after", more));
            assertTrue(e.getMessage().contains("sweep.evidence"), e.getMessage());
            e = assertThrows(
                    UsageException.class,
                    () -> sweep(spark, "other", wider.replace("x2 {", "x3 {") + evidence.replace(", x2 = 2.5", "")));
            assertTrue(e.getMessage().contains("unknown key") || e.getMessage().contains("none of 30"), e.getMessage());
            e = assertThrows(
                    UsageException.class,
                    () -> sweep(spark, "other", String.format(Locale.ROOT, function, "sobol", 9, "-4, 12") + evidence));
            assertTrue(e.getMessage().contains("does not learn"), e.getMessage());
        }
    }

    /** The model of the best is the one of the table; a training of its file gives the same parameters, an evaluation the same test error. */
    @Test
    void theBestAreKeptAsFilesAndModels() throws Exception {
        String settings = DIGITS
                + """
                arithmetic = portable, training.epochs = 2
                sweep { trials = 4, replicates = 2, keep-models = 1, scheduler { type = asha, factor = 2 }
                  space.training.updater.learning-rate { log-uniform = [0.001, 0.1] } }
                """;
        try (LocalSpark spark = new LocalSpark(2)) {
            JsonNode summary = sweep(spark, "kept", settings);
            Path best = folder.resolve("kept/best");
            assertFalse(Files.exists(best.resolve("2/model")));
            Config experiment =
                    ConfigFactory.parseFile(best.resolve("1/experiment.conf").toFile());
            JsonNode kept =
                    new ObjectMapper().readTree(best.resolve("1/summary.json").toFile());
            assertEquals(
                    summary.get("best").get("configuration").asInt(),
                    kept.get("configuration").asInt());
            assertEquals("digits", experiment.getString("data.source"));
            assertEquals(experiment.getLong("seed"), kept.get("seed").asLong());
            String sha = kept.get("parametersSha256").asText();
            List<String> rows = Files.readAllLines(folder.resolve("kept/table.csv"));
            String row = rows.get(1 + kept.get("trial").asInt());
            assertTrue(row.contains("," + sha + ","), row);
            Path trained = folder.resolve("trained");
            Training.prepare(Experiment.read(
                            experiment.withValue("output", ConfigValueFactory.fromAnyRef(trained.toString()))))
                    .run(spark.context());
            assertEquals(sha, summary("trained").get("parametersSha256").asText());
            Evaluation.prepare(ConfigFactory.parseString("model = \"" + best.resolve("1/model") + "\", output = \""
                            + folder.resolve("evaluated") + "\""))
                    .run(spark.context());
            assertEquals(
                    kept.get("metrics").get("test.error"), summary("evaluated").get("error"));
        }
    }

    @Test
    void severalObjectivesHaveAFrontAndLimitsAreKept() throws Exception {
        String settings =
                """
                function.name = zdt1, sweep { trial = function, sampler { type = nsga2, population = 8 }, trials = 60
                  objectives = [value, { metric = second, mode = min }], limits = ["second <= 4"]
                  space.function { x1 { uniform = [0, 1] }, x2 { uniform = [0, 1] }, x3 { uniform = [0, 1] } } }
                """;
        try (LocalSpark spark = new LocalSpark(2)) {
            JsonNode summary = sweep(spark, "front", settings);
            assertTrue(summary.get("front").size() > 3, summary.get("front").toString());
            double hypervolume = summary.get("hypervolume").asDouble();
            assertTrue(hypervolume > 0.3 && hypervolume < 1, hypervolume + "");
            double before = Double.POSITIVE_INFINITY;
            for (JsonNode member : summary.get("front")) {
                assertTrue(member.get("second").asDouble() < before
                        && member.get("second").asDouble() <= 4);
                before = member.get("second").asDouble();
            }
            String report = Files.readString(folder.resolve("front/report.html"));
            assertTrue(report.contains("Pareto front") && report.contains("Hypervolume"));
            sweep(spark, "killed", settings.replace("trials = 60", "trials = 60, budget.epochs = 25"));
            assertEquals(25, summary("killed").get("trials").asInt());
            assertEquals(
                    summary.get("tableSha256"), sweep(spark, "killed", settings).get("tableSha256"));
        }
    }

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
}
