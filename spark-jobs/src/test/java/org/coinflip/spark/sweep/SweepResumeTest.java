package org.coinflip.spark.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.coinflip.model.error.UsageException;
import org.coinflip.spark.LocalSpark;
import org.junit.jupiter.api.Test;

/** Sweeps that go on: after a stop, from a damaged journal, to more trials, and from the table of another sweep. */
class SweepResumeTest extends LocalSweeps {
    private static final String RACE =
            """
            sweep { sampler { type = tpe, start = 3 }, trials = 20, replicates = 5, window = 3, scheduler = race, space {
              training.updater.learning-rate { log-uniform = [1e-5, 0.1] }
            } }
            training.epochs = 2
            """;

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

    /** Asked to end as soon as a trial is in its journal, it has a table, a summary and a report of those that are done. */
    @Test
    void aSweepThatIsAskedToEndTellsOfWhatIsDone() throws Exception {
        String settings = DIGITS
                + "sweep { trials = 12, space { training.updater.learning-rate { log-uniform = [1e-4, 0.1] } } }";
        try (LocalSpark spark = new LocalSpark(2)) {
            JsonNode whole = sweep(spark, "whole", settings);
            Sweep stopped =
                    Sweep.prepare(ConfigFactory.parseString(settings + "\noutput = \"" + folder.resolve("part") + '"'));
            assertThrows(SweepStopped.class, () -> stopped.run(session(spark), this::hasRecords));
            JsonNode part = summary("part");
            assertEquals("stopped", part.get("status").asText());
            int executed = part.get("executed").asInt();
            assertTrue(executed > 0 && executed < 12, executed + " trials");
            assertEquals(
                    executed + 1,
                    Files.readAllLines(folder.resolve("part/table.csv")).size());
            assertTrue(Files.exists(folder.resolve("part/report.html")));
            JsonNode resumed = sweep(spark, "part", settings);
            assertEquals(whole.get("tableSha256"), resumed.get("tableSha256"));
            assertEquals(12 - executed, resumed.get("executed").asInt());
        }
    }

    private boolean hasRecords() {
        try (Stream<Path> files = Files.list(folder.resolve("part/journal"))) {
            for (Path file : files.toList()) {
                if (Files.readString(file).contains("\"trial\"")) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
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
}
