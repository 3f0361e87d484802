package org.coinflip.spark.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.coinflip.data.output.Lease;
import org.coinflip.spark.checkpoint.Ending;
import org.junit.jupiter.api.Test;

/** Trainings that end before their last epoch: by early stopping, by their time, and in haste. */
class EarlyEndTest extends StoppedTrainings {
    @Test
    void earlyStoppingRestoresTheBestParametersAndGoesOnLikewise() throws IOException {
        String settings =
                "training { epochs = 40, updater.learning-rate = 0.1 }, validation { patience = 2, metric = error }, ";
        JsonNode summary = train("early", settings);
        assertTrue(summary.get("stoppedEarly").asBoolean(), summary.toString());
        List<JsonNode> lines = lines("early");
        int best = summary.get("bestRound").asInt();
        assertEquals(best + 2 * 4, lines.size());
        double least = lines.stream()
                .filter(line -> line.has("valid"))
                .mapToDouble(line -> line.get("valid").get("error").asDouble())
                .min()
                .orElseThrow();
        assertEquals(least, lines.get(best - 1).get("valid").get("error").asDouble());
        assertEquals(lines.get(best - 1).get("valid"), summary.get("valid"));
        for (int after : new int[] {best - 1, best + 5}) {
            stopped("early-" + after, after, settings);
            JsonNode resumed = train("early-" + after, settings + "resume = true");
            assertEquals(summary.get("parametersSha256"), resumed.get("parametersSha256"), "after " + after);
            assertEquals(summary.get("test"), resumed.get("test"));
            assertEquals(summary.get("valid"), resumed.get("valid"));
        }
    }

    /** More of it is better, and no score has it: looks measure it, and a training that goes on finds it in their lines. */
    @Test
    void earlyStoppingWatchesAMeasureThatIsToBeMore() throws IOException {
        String settings =
                "training { epochs = 40, updater.learning-rate = 0.1 }, validation { patience = 2, metric = auc }, ";
        JsonNode summary = train("auc", settings);
        assertTrue(summary.get("stoppedEarly").asBoolean(), summary.toString());
        int best = summary.get("bestRound").asInt();
        List<JsonNode> lines = lines("auc");
        double most = lines.stream()
                .filter(line -> line.has("valid"))
                .mapToDouble(line -> line.at("/valid/measures/auc").asDouble())
                .max()
                .orElseThrow();
        assertEquals(most, summary.at("/valid/measures/auc").asDouble());
        assertEquals(lines.get(best - 1).get("valid"), summary.get("valid"));
        assertEquals(1, summary.at("/valid/measures").size());
        stopped("auc-stopped", best + 1, settings);
        JsonNode resumed = train("auc-stopped", settings + "resume = true");
        assertEquals(summary.get("parametersSha256"), resumed.get("parametersSha256"));
        assertEquals(summary.get("test"), resumed.get("test"));
    }

    /** Rounds take longer than a nanosecond: time is up after the first, and one more may be under way. */
    @Test
    void aTrainingThatItsTimeEndsIsLookedAtAndGoesOnToTheSameBits() throws IOException {
        JsonNode ended = train("timed", "training.max-seconds = 1e-9");
        int rounds = ended.get("rounds").asInt();
        assertTrue(rounds >= 1 && rounds <= 2, "" + rounds);
        assertEquals("training.max-seconds", ended.get("endedBy").asText());
        List<JsonNode> lines = lines("timed");
        assertEquals(rounds, lines.size());
        assertEquals(lines.get(rounds - 1).get("valid"), ended.get("valid"));
        JsonNode later = train("timed", "resume = true, training.max-seconds = 2e-9");
        assertTrue(later.get("rounds").asInt() > rounds);
        JsonNode resumed = train("timed", "resume = true");
        assertEquals(later.get("rounds"), resumed.get("resumedAfterRound"));
        assertTrue(resumed.path("endedBy").isMissingNode());
        assertEquals(unbroken.get("parametersSha256"), resumed.get("parametersSha256"));
        assertEquals(unbroken.get("test"), resumed.get("test"));
    }

    /** A look that time alone has caused counts neither for patience nor for the learning rate. */
    @Test
    void whatTimeCausedToBeSeenDecidesNothing() throws IOException {
        String settings =
                "training { epochs = 8, updater.learning-rate = 0.08, schedule { type = plateau, rate = 0.5, patience = 1 } }"
                        + "\nvalidation.patience = 3\n";
        JsonNode whole = train("decided", settings);
        train("undecided", settings + "training.max-seconds = 1e-9");
        for (int more = 2; more < 12; more++) {
            train("undecided", settings + "resume = true, training.max-seconds = " + more + "e-9");
        }
        assertTrue(lines("undecided").stream().anyMatch(line -> line.has("endOfTime")));
        JsonNode resumed = train("undecided", settings + "resume = true");
        assertEquals(whole.get("parametersSha256"), resumed.get("parametersSha256"));
        assertEquals(whole.get("bestRound"), resumed.get("bestRound"));
    }

    /** As where a look takes minutes: the process ends while the training runs, with what was handed over last. */
    @Test
    void whatDoesNotEndInTimeGoesOnFromWhatThereIs() throws IOException {
        for (int every : new int[] {0, 3}) {
            String settings = "checkpoint { every = " + every + ", best = 0, grace = 7 }";
            String name = "hasty-" + every;
            Hasty hasty = new Hasty("after round", folder.resolve(name), folder.resolve(name + "-left"));
            training(name, settings).run(spark.context(), hasty);
            assertTrue(
                    hasty.line.matches("stopped by SIGTERM after round \\d+ of 16, whose checkpoint is in .*:"
                            + " the same command with resume=true goes on, for what came after it did not end in 7 s"
                            + " \\(checkpoint.grace\\)"),
                    hasty.line);
            JsonNode resumed = train(name + "-left", settings + "\nresume = true");
            same(resumed, name + "-left");
            int after = resumed.get("resumedAfterRound").asInt();
            assertTrue(hasty.line.contains("after round " + after + " of"), hasty.line);
            assertTrue(after > 0 && (after % 4 == 0 || after % 3 == 0), "" + after);
        }
    }

    /** Before the first look and checkpoint there is nothing to keep, and nothing is said to be. */
    @Test
    void whatHasNothingToKeepBeginsAnew() throws IOException {
        String settings = "checkpoint { every = 0, best = 0 }";
        Hasty hasty =
                new Hasty("before there was a checkpoint", folder.resolve("nothing"), folder.resolve("nothing-left"));
        training("nothing", settings).run(spark.context(), hasty);
        assertTrue(hasty.line.contains("before there was a checkpoint"), hasty.line);
        assertTrue(hasty.line.endsWith("the same command with resume=true begins"), hasty.line);
        JsonNode resumed = train("nothing-left", settings + "\nresume = true");
        same(resumed, "nothing-left");
        assertTrue(resumed.path("resumedAfterRound").isMissingNode());
    }

    /** A request that the process end, which it does when it has something to say: what it has left then is copied. The training itself never hears of it. */
    private static final class Hasty implements Ending {
        /** Rounds are slow enough for the driver to take in what is handed over beside them. */
        private static final long SLOW_MILLIS = 100;

        private final String expected;
        private final Path run;
        private final Path copy;
        private volatile Supplier<String> last;
        private volatile String line;

        /** @param expected part of the line at which the process would end: the first of that kind counts */
        Hasty(String expected, Path run, Path copy) {
            this.expected = expected;
            this.run = run;
            this.copy = copy;
        }

        @Override
        public void inHaste(long seconds, Supplier<String> act) {
            last = act;
        }

        @Override
        public boolean getAsBoolean() {
            if (line == null || !line.contains(expected)) {
                try {
                    Thread.sleep(SLOW_MILLIS);
                    line = last.get();
                    if (line.contains(expected)) {
                        copy();
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            return false;
        }

        private void copy() throws IOException {
            try (Stream<Path> all = Files.walk(run)) {
                for (Path file : all.toList()) {
                    Path to = copy.resolve(run.relativize(file).toString());
                    String name = file.getFileName().toString();
                    if (Files.isDirectory(file)) {
                        Files.createDirectories(to);
                    } else if (!name.equals(Lease.FILE) && Files.exists(file)) {
                        Files.copy(file, to);
                    }
                }
            }
        }
    }
}
