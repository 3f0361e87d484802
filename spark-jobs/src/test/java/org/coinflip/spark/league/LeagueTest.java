package org.coinflip.spark.league;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.SparkSession;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.estimator.registry.Estimators;
import org.coinflip.spark.LocalSpark;
import org.coinflip.spark.checkpoint.Ending;
import org.coinflip.spark.sweep.SweepStopped;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whole leagues in this process. */
class LeagueTest {
    /** The rates are far below what serves, so that the search has to go beyond them. */
    private static final String TINY =
            """
            data { source = digits, split { train = 200, valid = 100, test = 100 } }
            network.layers = [ { type = stochastic, units = 8 }, { type = output, units = 10 } ]
            training { epochs = 2, batch = 20, updater { type = Adam, learning-rate = 0.01 } }
            averaging { workers = 1, steps-per-round = 10 }
            evaluation { mode = samples, draws = 2 }
            league {
              units = [binary, 4-ary], rates = [1e-5, 1e-4, 1e-3], most-rates = 4, replicates = 2
              estimators = [reinforce, disarm, { type = rloo, samples = 2 }, fini]
              published = [
                { units = binary, estimator = disarm, value = 0.5, source = "A. Nyone 2020" }
                { units = binary, estimator = oracle, value = 0.1, source = "A. Nyone 2020" }
              ]
            }
            """;

    @TempDir
    private Path folder;

    private Map<String, Object> run(LocalSpark spark, String name, String more, Ending ending) {
        String output = "output = \"" + folder.resolve(name) + "\"\n";
        SparkSession session =
                SparkSession.builder().config(spark.context().getConf()).getOrCreate();
        return LeagueRun.prepare(ConfigFactory.parseString(TINY + more + "\n" + output))
                .run(session, ending);
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> list(Object value) {
        return (List<Map<String, Object>>) value;
    }

    /** Without the times. */
    private String table(String name) throws Exception {
        StringBuilder lines = new StringBuilder();
        for (String line : Files.readAllLines(folder.resolve(name).resolve("league.csv"))) {
            String[] fields = line.split(",", -1);
            fields[15] = "";
            lines.append(String.join(",", fields)).append('\n');
        }
        return lines.toString();
    }

    @Test
    void goesBeyondTheRatesThatItWasGivenAndComesOutTheSameOnAnyClusterAndWhenItWasStopped() throws Exception {
        Map<String, Object> summary;
        try (LocalSpark spark = new LocalSpark(2)) {
            summary = run(spark, "two", "", () -> false);
        }
        assertEquals("done", summary.get("status"));
        List<Map<String, Object>> tables = list(summary.get("tables"));
        assertEquals(
                List.of("binary", "4-ary"),
                tables.stream().map(table -> table.get("units")).toList());
        boolean beyond = false;
        for (Map<String, Object> table : tables) {
            Set<Object> names = new HashSet<>();
            for (Map<String, Object> row : list(table.get("rows"))) {
                names.add(row.get("estimator"));
                List<?> tried = (List<?>) row.get("ratesTried");
                double rate = (Double) row.get("rate");
                boolean inside = !tried.get(0).equals(rate)
                        && !tried.get(tried.size() - 1).equals(rate);
                assertEquals(!inside, row.get("atBorder"));
                assertTrue(inside || tried.size() == 4, row.toString());
                beyond |= tried.size() == 4;
            }
            assertEquals(
                    table.get("units").equals("4-ary")
                            ? Set.of("reinforce", "rloo samples=2")
                            : Set.of("reinforce", "rloo samples=2", "fini", "disarm"),
                    names);
        }
        assertTrue(beyond, summary.toString());
        String page = Files.readString(folder.resolve("two/league.md"));
        assertTrue(page.contains("### digits, binary"), page);
        assertTrue(page.contains("| 0.5, A. Nyone 2020 |"), page);
        assertTrue(page.contains("|  | oracle |  |"), page);
        assertTrue(Files.readString(folder.resolve("two/report.html")).contains("digits, 4-ary"));

        try (LocalSpark spark = new LocalSpark(1)) {
            int[] asked = {0};
            assertThrows(SweepStopped.class, () -> run(spark, "one", "", () -> ++asked[0] > 12));
            run(spark, "one", "", () -> false);
        }
        assertEquals(table("two"), table("one"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "league.units = [ternary] | league.units: got [\"ternary\"], expected units by name: binary, counts, or K-ary",
                "league.rates = [0.1, 0.01, 0.001] | league.rates: got [0.1,0.01,0.001], expected numbers above 0, each greater",
                "league.rates = [0.1, 0.2] | league.rates: got [0.1,0.2], expected at least 3",
                "league.metric = test.error | league.metric: got \"test.error\", expected a metric of the validation split",
                "league.estimators = [rlo] | estimator.type: got \"rlo\", expected a gradient estimator",
                "league.without = [rlo] | league.without: got [\"rlo\"], expected estimators of the league",
                "league.replicate = 3 | league.replicate: unknown key; did you mean replicates?",
                "league.units = [5-ary] | units: got 8, expected a multiple of 5"
            })
    void refusesInOneLine(String more, String part) {
        UsageException refused = assertThrows(
                UsageException.class,
                () -> LeagueRun.prepare(
                        ConfigFactory.parseString(TINY + more + "\noutput = \"" + folder.resolve("refused") + "\"")));
        assertTrue(refused.getMessage().contains(part), refused.getMessage());
        assertEquals(1, refused.getMessage().lines().count());
        assertFalse(Files.exists(folder.resolve("refused")));
    }

    /** The shipped files are whole: each is read, and every registered estimator but those of other laws is in one of the digits' tables. */
    @Test
    void shippedLeaguesAreRead() throws Exception {
        try (var files = Files.list(Path.of("../conf/league"))) {
            for (Path file : files.toList()) {
                LeagueSpec spec =
                        LeagueSpec.read(ConfigFactory.parseFile(file.toFile()).resolve());
                Set<String> here = new HashSet<>();
                spec.dataSets().forEach(data -> spec.units().forEach(units -> spec.estimators().stream()
                        .filter(one -> spec.refusal(data, units, one).isEmpty())
                        .forEach(one -> here.add(one.label()))));
                if (file.endsWith("digits.conf")) {
                    Set<String> all = new HashSet<>(Estimators.names());
                    // of units with a derivative and of k of n; and one that is left out
                    List.of("pathwise", "implicit-mle", "simple", "exact").forEach(all::remove);
                    assertEquals(all, here);
                }
                assertTrue(here.size() > 20, file + ": " + here);
            }
        }
    }
}
