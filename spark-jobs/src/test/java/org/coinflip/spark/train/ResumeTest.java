package org.coinflip.spark.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.coinflip.data.output.Lease;
import org.coinflip.model.error.CoinflipException;
import org.coinflip.model.error.DataException;
import org.coinflip.model.error.UsageException;
import org.coinflip.spark.LocalSpark;
import org.coinflip.spark.checkpoint.Ending;
import org.coinflip.spark.checkpoint.TrainingStopped;
import org.coinflip.spark.experiment.Experiment;
import org.coinflip.spark.experiment.RewardExperiment;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trainings that are stopped and go on, in this process. */
class ResumeTest {
    /** All kinds of state: an updater's memory, a baseline, trained coefficients of a control variate. */
    private static final String NETWORK =
            """
            network.layers = [
              { type = gaussian-noise, std = 0.1 }
              { type = stochastic, units = 12, law = bernoulli, estimator = reinforce }
              { type = stochastic, units = 8, law = bernoulli, estimator = relax }
              { type = output, units = 10 }
            ]
            data.split { train = 600, valid = 200, test = 200 }
            training { epochs = 4, batch = 10, updater { type = Adam, learning-rate = 0.01 }, schedule { type = linear } }
            averaging { workers = 3, steps-per-round = 5 }
            validation { draws = 2, examples = 32 }
            checkpoint { every = 2, keep = 3 }
            """;

    private static final int ROUNDS = 16;

    private static LocalSpark spark;
    private static JsonNode unbroken;

    @TempDir
    private static Path folder;

    @BeforeAll
    static void trainWithoutABreak() throws IOException {
        spark = new LocalSpark(2);
        unbroken = train("unbroken", "");
        assertEquals(ROUNDS, lines("unbroken").size());
    }

    @AfterAll
    static void stop() {
        spark.close();
    }

    @Test
    void goesOnToTheSameBitsFromAnyRoundHoweverOften() throws IOException {
        for (int after : new int[] {1, 5, 8, ROUNDS - 2}) {
            String name = "after-" + after;
            stopped(name, after, "");
            JsonNode resumed = train(name, "resume = true, averaging.partitions = 5");
            same(resumed, name);
            assertEquals(Math.max(2, after), resumed.get("resumedAfterRound").asInt());
        }
        stopped("often", 2, "");
        stopped("often", 1, "resume = true");
        stopped("often", 6, "resume = true");
        same(train("often", "resume = true"), "often");
    }

    @Test
    void whatWasBeingWrittenIsNoCheckpoint() throws IOException {
        stopped("half", 6, "checkpoint.keep = 9");
        byte[] whole = Files.readAllBytes(checkpoint("half", "round-00000006.bin"));
        Files.write(checkpoint("half", "round-00000008.bin"), java.util.Arrays.copyOf(whole, whole.length / 2));
        Files.write(checkpoint("half", ".round-00000009.bin.0f8fad5b-d9cb-469f-a165-70867728950e"), whole);
        Files.writeString(checkpoint("half", "mybackup.bin"), "mine");
        Files.writeString(Files.createDirectories(checkpoint("half", "keep")).resolve("x"), "mine");
        JsonNode resumed = train("half", "resume = true");
        assertEquals(6, resumed.get("resumedAfterRound").asInt());
        same(resumed, "half");
        try (Stream<Path> left = Files.list(folder.resolve("half/checkpoints"))) {
            assertTrue(left.noneMatch(file -> file.toString().contains(".round-00000009")));
        }
        assertEquals("mine", Files.readString(checkpoint("half", "mybackup.bin")));
        assertEquals("mine", Files.readString(checkpoint("half", "keep/x")));
    }

    @Test
    void aDamagedCheckpointIsRefusedAndTheOneBeforeIsOffered() throws IOException {
        stopped("damaged", 6, "");
        Path latest = checkpoint("damaged", "round-00000006.bin");
        byte[] whole = Files.readAllBytes(latest);
        for (int place = 0; place < whole.length; place += whole.length / 40) {
            byte[] damaged = whole.clone();
            damaged[place] ^= 1;
            Files.write(latest, damaged);
            refused(
                    DataException.class,
                    "go on from the one before by resume=round-00000004",
                    "damaged",
                    "resume = true");
        }
        Files.write(latest, java.util.Arrays.copyOf(whole, whole.length - 1));
        refused(DataException.class, "is damaged (it has " + (whole.length - 1) + " bytes", "damaged", "resume = true");
        Files.delete(latest);
        refused(DataException.class, "resume=round-00000004", "damaged", "resume = true");
        Files.write(latest, whole);
        Files.writeString(checkpoint("damaged", "round-00000006.json"), "{ \"round\"");
        refused(DataException.class, "resume=round-00000004", "damaged", "resume = true");
        refused(UsageException.class, "expected one of round-00000002, round-0", "damaged", "resume = round-00000001");
        JsonNode resumed = train("damaged", "resume = round-00000004");
        assertEquals(4, resumed.get("resumedAfterRound").asInt());
        same(resumed, "damaged");
    }

    @Test
    void anotherTrainingsCheckpointIsRefusedAndSaysWhatDiffers() throws IOException {
        stopped("foreign", 4, "");
        refused(
                UsageException.class,
                "round-00000004.bin is of another training (training.epochs is 4 there, 3 here)",
                "foreign",
                "resume = true, training.epochs = 3");
        String wider = NETWORK.replace("units = 12", "units = 13") + "resume = true";
        refused(UsageException.class, "(network.layers[1].units is 12 there, 13 here)", "foreign", wider);
        refused(UsageException.class, "(seed is 1 there, 2 here)", "foreign", "resume = true, seed = 2");
        refused(UsageException.class, "(data.splitSeed is", "foreign", "resume = true, data.split.seed = 3");
        refused(UsageException.class, "exists, expected a new folder", "foreign", "");
        refused(UsageException.class, "expected one of them", "foreign", "resume = true, overwrite = true");
        refused(UsageException.class, "resume: got ", "foreign", "resume = yes");
        same(train("foreign", "resume = true"), "foreign");
    }

    @Test
    void withoutACheckpointItBeginsAndWithoutATrainingItRefuses() throws IOException {
        same(train("fresh", "resume = true"), "fresh");
        Path other = Files.createDirectory(folder.resolve("other"));
        Files.writeString(other.resolve("sweep.json"), "{}");
        refused(UsageException.class, "holds no training", "other", "resume = true");
        Files.writeString(Files.createDirectory(folder.resolve("thesis")).resolve("thesis.tex"), "mine");
        refused(UsageException.class, "holds no training", "thesis", "resume = true");
        Files.createDirectory(folder.resolve("thesis/checkpoints"));
        refused(UsageException.class, "holds no training", "thesis", "resume = true");
        assertTrue(Files.exists(folder.resolve("thesis/thesis.tex")));
    }

    @Test
    void checkpointsThatLostTheirMarksAreNotBegunOver() throws IOException {
        stopped("markless", 6, "checkpoint.keep = 9");
        try (Stream<Path> files = Files.list(folder.resolve("markless/checkpoints"))) {
            for (Path mark :
                    files.filter(file -> file.toString().endsWith(".json")).toList()) {
                Files.delete(mark);
            }
        }
        refused(
                UsageException.class,
                "has no marks round-….json, expected one beside each checkpoint",
                "markless",
                "resume = true");
        assertTrue(Files.exists(checkpoint("markless", "round-00000006.bin")));
        same(train("markless", "overwrite = true"), "markless");
    }

    @Test
    void anOverwrittenRunIsNoMeasureForTheNext() throws IOException {
        train("again", "checkpoint { every = 0, keep = 1, best = 1 }");
        List<String> first = names("again");
        train("again", "overwrite = true, checkpoint { every = 0, keep = 1, best = 1 }");
        assertEquals(first, names("again"));
    }

    private static List<String> names(String name) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve(name).resolve("checkpoints"))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void aFinishedTrainingGoesOnToMoreEpochsToTheBitsOfOneThatWasLongFromItsStart() throws IOException {
        String constant = "training.schedule.type = constant\n";
        JsonNode longer = train("longer", constant + "training.epochs = 6");
        train("shorter", constant);
        refused(UsageException.class, "(seed is 1 there, 99 here)", "shorter", constant + "resume = true, seed = 99");
        refused(
                UsageException.class,
                "(training.epochs is 4 there, 2 here)",
                "shorter",
                constant + "resume = true, training.epochs = 2");
        JsonNode grown = train("shorter", constant + "resume = true, training.epochs = 6");
        assertTrue(grown.has("resumedAfterRound"));
        assertEquals(longer.get("parametersSha256"), grown.get("parametersSha256"));
    }

    /** There is nothing to go on from, and no setting is passed over in silence. */
    @Test
    void aFinishedTrainingWithoutCheckpointsRefusesOtherSettings() throws IOException {
        String none = "checkpoint { every = 0, best = 0 }\n";
        train("none", none);
        refused(UsageException.class, "(seed is 1 there, 99 here)", "none", none + "resume = true, seed = 99");
        refused(
                UsageException.class,
                "kept no checkpoint (training.epochs is 4 there, 6 here)",
                "none",
                none + "resume = true, training.epochs = 6");
    }

    /** Runs of versions that kept no record: their checkpoints tell whose the folder is. */
    @Test
    void goesOnWithoutARecord() throws IOException {
        stopped("old", 4, "");
        Files.delete(folder.resolve("old/.coinflip.json"));
        refused(UsageException.class, "is no job's output", "old", "overwrite = true");
        same(train("old", "resume = true"), "old");
    }

    /** The learning rates in the lines are those that their losses give, and bits depend neither on a stop nor on partitions. */
    @Test
    void theLearningRateFallsWhereLooksGetNoBetterAndGoesOnLikewise() throws IOException {
        String settings =
                "training { epochs = 8, updater.learning-rate = 0.08, schedule { type = plateau, rate = 0.5, patience = 1 } }\n";
        JsonNode whole = train("plateau", settings);
        double rate = 0.08;
        double best = Double.POSITIVE_INFINITY;
        int falls = 0;
        for (JsonNode line : lines("plateau")) {
            assertEquals(rate, line.get("learningRate").asDouble(), 1e-15);
            if (line.has("valid")) {
                double loss = line.get("valid").get("loss").asDouble();
                boolean isFall = loss >= best;
                falls += isFall ? 1 : 0;
                rate *= isFall ? 0.5 : 1;
                best = Math.min(best, loss);
            }
        }
        assertTrue(falls >= 2, "" + falls);
        for (int after : new int[] {9, 22}) {
            stopped("plateau-" + after, after, settings);
            JsonNode resumed = train("plateau-" + after, settings + "resume = true, averaging.partitions = 5");
            assertEquals(whole.get("parametersSha256"), resumed.get("parametersSha256"), "after " + after);
        }
    }

    @Test
    void anAverageOverStepsGoesOnToTheSameBits() throws IOException {
        String settings = "training.ema = 0.9\n";
        JsonNode whole = train("ema", settings);
        assertNotEquals(unbroken.get("parametersSha256"), whole.get("parametersSha256"));
        stopped("ema-stopped", 5, settings);
        JsonNode resumed = train("ema-stopped", settings + "resume = true, averaging.partitions = 5");
        assertEquals(whole.get("parametersSha256"), resumed.get("parametersSha256"));
        assertEquals(whole.get("test"), resumed.get("test"));
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

    @Test
    void checkpointsComeByTimeToo() throws IOException {
        JsonNode summary = train("minutes", "checkpoint { every = 0, best = 0, keep = 99, minutes = 1e-9 }");
        assertEquals(unbroken.get("parametersSha256"), summary.get("parametersSha256"));
        long written =
                names("minutes").stream().filter(name -> name.endsWith(".bin")).count();
        assertTrue(written >= ROUNDS / 2, "" + written);
        train("hours", "checkpoint { every = 0, best = 0, minutes = 600 }");
        assertTrue(Files.notExists(folder.resolve("hours/checkpoints")));
    }

    @Test
    void keepsTheLatestAndTheBest() throws IOException {
        train("kept", "checkpoint { every = 1, keep = 2, best = 2 }");
        List<Double> losses = new ArrayList<>();
        for (JsonNode line : lines("kept")) {
            if (line.has("valid")) {
                losses.add(line.get("valid").get("loss").asDouble());
            }
        }
        assertEquals(4, losses.size());
        List<String> expected = new ArrayList<>(List.of("round-00000015", "round-00000016"));
        losses.stream()
                .sorted()
                .limit(2)
                .forEach(loss -> expected.add("round-000000" + String.format("%02d", 4 * (losses.indexOf(loss) + 1))));
        try (Stream<Path> files = Files.list(folder.resolve("kept/checkpoints"))) {
            assertEquals(
                    expected.stream().distinct().sorted().toList(),
                    files.map(file -> file.getFileName().toString())
                            .filter(name -> name.endsWith(".bin"))
                            .map(name -> name.replace(".bin", ""))
                            .sorted()
                            .toList());
        }
    }

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

    @Test
    void aPolicyGoesOnToTheSameBits() throws IOException {
        String settings =
                """
                environment { type = cart-pole, most-steps = 40 }
                network.layers = [ { type = stochastic, units = 1, law = bernoulli, estimator = nvil }, { type = reward } ]
                training { batch = 4, epochs = 8, updater { type = Adam, learning-rate = 0.05 } }
                averaging.workers = 3, validation { every = 2, patience = 3 }
                evaluation.episodes = 10
                """;
        String expected = policy("policy", settings, () -> false);
        assertThrows(TrainingStopped.class, () -> policy("policy-stopped", settings, afterRounds(3)));
        assertEquals(expected, policy("policy-stopped", settings + "resume = true", () -> false));
    }

    @Test
    void velocitiesOfOuterOptimisersAndAveragedOrRestartedMomentsGoOnToTheSameBits() throws IOException {
        Set<JsonNode> different = new HashSet<>();
        for (String policy : new String[] {
            "{ outer { type = momentum, learning-rate = 0.9, momentum = 0.6 } }",
            "{ outer { type = nesterov, momentum = 0.6 }, growth = 1.5, updater-state = restart }"
        }) {
            String name = "policy-" + policy.length();
            String settings = "averaging " + policy + "\ncheckpoint.every = 3\n";
            JsonNode whole = train(name, settings);
            different.add(whole.get("parametersSha256"));
            stopped(name + "-stopped", 1, settings);
            stopped(name + "-stopped", 4, settings + "resume = true\n");
            JsonNode resumed = train(name + "-stopped", settings + "resume = true, averaging.storage = file");
            assertEquals(6, resumed.get("resumedAfterRound").asInt());
            assertEquals(whole.get("parametersSha256"), resumed.get("parametersSha256"), policy);
            assertEquals(whole.get("test"), resumed.get("test"));
        }
        different.add(unbroken.get("parametersSha256"));
        assertEquals(3, different.size());
    }

    @Test
    void dl4jsBackendGoesOnToTheSameBits() throws IOException {
        String settings =
                """
                backend = dl4j, averaging.workers = 2
                network.layers = [ { type = dense, units = 8, activation = tanh }, { type = output, units = 10 } ]
                """;
        JsonNode whole = train("dl4j", settings);
        stopped("dl4j-stopped", 3, settings);
        JsonNode resumed = train("dl4j-stopped", settings + "resume = true");
        assertEquals(whole.get("parametersSha256"), resumed.get("parametersSha256"));
        assertEquals(whole.get("test"), resumed.get("test"));
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

    private static String policy(String name, String settings, Ending stop) throws IOException {
        Config config = ConfigFactory.parseString(settings + "\noutput = \"" + folder.resolve(name) + "\"");
        PolicyTraining.prepare(RewardExperiment.read(config)).run(spark.context(), stop);
        return summary(name).get("parametersSha256").asText();
    }

    private static void same(JsonNode resumed, String name) throws IOException {
        for (String key : new String[] {"parametersSha256", "valid", "test", "layers", "rounds"}) {
            assertEquals(unbroken.get(key), resumed.get(key), key);
        }
        List<JsonNode> expected = lines("unbroken");
        List<JsonNode> got = lines(name);
        assertEquals(expected.size(), got.size());
        double seconds = 0;
        for (int i = 0; i < expected.size(); i++) {
            for (String key : new String[] {"round", "epoch", "steps", "examples", "trainLoss", "valid"}) {
                assertEquals(expected.get(i).get(key), got.get(i).get(key), key);
            }
            assertTrue(got.get(i).get("seconds").asDouble() > seconds);
            seconds = got.get(i).get("seconds").asDouble();
        }
    }

    private static void stopped(String name, int after, String settings) {
        TrainingStopped stopped = assertThrows(
                TrainingStopped.class, () -> training(name, settings).run(spark.context(), afterRounds(after)));
        assertEquals(5, stopped.exitCode());
        assertTrue(stopped.getMessage().contains("resume=true"), stopped.getMessage());
    }

    /**
     * A request to stop that ends a training after so many rounds: executors hear of it in the round after that in which it is made, so after no fewer
     * than two.
     */
    private static Ending afterRounds(int count) {
        AtomicInteger left = new AtomicInteger(count - 1);
        return () -> left.decrementAndGet() <= 0;
    }

    private static void refused(Class<? extends CoinflipException> type, String part, String name, String settings) {
        CoinflipException failure = assertThrows(type, () -> training(name, settings));
        assertTrue(failure.getMessage().contains(part), failure.getMessage());
        assertEquals(1, failure.getMessage().lines().count(), failure.getMessage());
    }

    private static JsonNode train(String name, String settings) throws IOException {
        training(name, settings).run(spark.context());
        return summary(name);
    }

    private static Training training(String name, String settings) {
        return Training.prepare(
                Experiment.read(ConfigFactory.parseString(settings + "\noutput = \"" + folder.resolve(name) + "\"")
                        .withFallback(ConfigFactory.parseString(NETWORK))));
    }

    private static Path checkpoint(String name, String file) {
        return folder.resolve(name).resolve("checkpoints").resolve(file);
    }

    private static JsonNode summary(String name) throws IOException {
        return new ObjectMapper()
                .readTree(folder.resolve(name).resolve("summary.json").toFile());
    }

    private static List<JsonNode> lines(String name) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(folder.resolve(name).resolve("metrics.jsonl"))) {
            lines.add(new ObjectMapper().readTree(line));
        }
        return lines;
    }
}
