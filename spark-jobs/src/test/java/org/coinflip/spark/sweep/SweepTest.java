package org.coinflip.spark.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Row;
import org.coinflip.model.error.UsageException;
import org.coinflip.spark.LocalSpark;
import org.coinflip.spark.experiment.Experiment;
import org.coinflip.spark.inference.Evaluation;
import org.coinflip.spark.train.Training;
import org.junit.jupiter.api.Test;

/** Whole sweeps in this process: tables that are the same however they are run, what is compared, and what is kept. */
class SweepTest extends LocalSweeps {
    private static final String ESTIMATORS =
            """
            sweep { sampler = sobol, trials = 12, replicates = 2, compare = network.layers.stochastic.estimator, space {
              network.layers.stochastic.estimator = [straight-through, reinforce, rloo]
              training.updater.learning-rate { log-uniform = [0.001, 0.1] }
              averaging.workers = [1, 2, 3]
            } }
            """;

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
}
