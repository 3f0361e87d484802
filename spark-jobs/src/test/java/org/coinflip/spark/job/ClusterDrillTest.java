package org.coinflip.spark.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.coinflip.spark.train.FaultDrill;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trainings on a standalone cluster of separate processes that are killed. Left out with {@code -DexcludedGroups=cluster}. */
@Tag("cluster")
class ClusterDrillTest {
    /** Kills of the drill; {@code -Dtrain.kills=20} for the long one. */
    private static final int KILLS = Integer.getInteger("train.kills", 2);

    /** Of the moments at which is killed, and of the victims. */
    private static final long SEED = Long.getLong("train.kills.seed", 7);

    private static final int ROUNDS = 60;
    private static final int STOPPED = 5;

    @TempDir
    private static Path folder;

    private static StandaloneCluster cluster;
    private static String expected;

    @BeforeAll
    static void start() throws Exception {
        cluster = new StandaloneCluster(folder.resolve("cluster"), 2);
        assertEquals(0, JobCommand.run(new TrainJob(), arguments("unbroken", "--master=local[2]")));
        expected = parameters("unbroken");
        assertEquals(ROUNDS, summary("unbroken").get("rounds").asInt());
    }

    @AfterAll
    static void stop() throws InterruptedException {
        cluster.close();
    }

    @Test
    void failuresLossesSlownessAndEmptyShardsChangeNoBit() throws Exception {
        JobProcess drill = JobProcess.run(
                folder,
                cluster.master(),
                Map.of(
                        "spark.speculation", "true",
                        "spark.speculation.interval", "100ms",
                        "spark.speculation.multiplier", "1.2",
                        "spark.speculation.quantile", "0.5",
                        "spark.coinflip.patience", "3s",
                        "spark.network.timeout", "10s",
                        "spark.network.timeoutInterval", "2s",
                        "spark.executor.heartbeatInterval", "2s"),
                FaultDrill.class);
        List<String> lines = Files.readAllLines(folder.resolve("printed.txt"));
        assertEquals(0, drill.exit(), drill.errors() + " " + lines);
        List<String> slow = List.of("HANGS", "STOPS_ITS_EXECUTOR");
        List<String> quick = List.of("NONE", "FAILS", "ENDS_ITS_EXECUTOR", "IS_SLOW");
        List<String> looks = List.of("ENDS_AN_EXECUTOR_IN_A_LOOK");
        int first = 0;
        for (List<String> faults : List.of(all(quick, slow, looks), all(quick, looks))) {
            List<String> network = lines.subList(first, first + faults.size() + 4);
            first += network.size();
            String sha = network.get(0).split(" ")[1];
            List<String> expected = new ArrayList<>(List.of("LOCAL " + sha));
            faults.forEach(fault -> expected.add(fault + " " + sha));
            String sparse = network.get(expected.size()).split(" ")[1];
            expected.addAll(List.of("LOCAL " + sparse, "HAS_NO_EXAMPLES " + sparse));
            assertEquals(expected, network.subList(0, expected.size()));
            String[] seen = network.get(expected.size()).split(" ");
            assertTrue(Integer.parseInt(seen[1]) > 0, "no executor was lost");
        }
    }

    @SafeVarargs
    private static List<String> all(List<String>... some) {
        return Stream.of(some).flatMap(List::stream).toList();
    }

    /** The second network keeps states of examples: the driver has those that one executor alone kept. */
    @Test
    void theOnlyExecutorMayBeLost() throws Exception {
        Map<String, String> one = Map.of("spark.cores.max", "1");
        JobProcess drill = JobProcess.run(
                folder,
                cluster.master(),
                one,
                FaultDrill.class,
                "NONE",
                "ENDS_ITS_EXECUTOR",
                "ENDS_AN_EXECUTOR_IN_A_LOOK");
        List<String> lines = Files.readAllLines(folder.resolve("printed.txt"));
        assertEquals(0, drill.exit(), drill.errors() + " " + lines);
        assertEquals(10, lines.size(), lines.toString());
        for (List<String> network : List.of(lines.subList(0, 5), lines.subList(5, 10))) {
            String sha = network.get(0).split(" ")[1];
            assertEquals(
                    List.of(
                            "LOCAL " + sha,
                            "NONE " + sha,
                            "ENDS_ITS_EXECUTOR " + sha,
                            "ENDS_AN_EXECUTOR_IN_A_LOOK " + sha,
                            "lost 2"),
                    network);
        }
    }

    @Test
    void executorsThatComeAndGoChangeNoBit() throws Exception {
        Map<String, String> dynamic = Map.of(
                "spark.dynamicAllocation.enabled", "true",
                "spark.dynamicAllocation.shuffleTracking.enabled", "true",
                "spark.dynamicAllocation.executorIdleTimeout", "3s",
                "spark.dynamicAllocation.cachedExecutorIdleTimeout", "10s",
                "spark.dynamicAllocation.minExecutors", "0",
                "spark.dynamicAllocation.maxExecutors", "2");
        JobProcess job = JobProcess.run(folder, cluster.master(), dynamic, TrainJob.class, arguments("dynamic"));
        assertEquals(0, job.exit(), job.errors().toString());
        assertEquals(expected, parameters("dynamic"));
    }

    @Test
    void aDriverOrAnExecutorKilledAtAnyMomentChangesNoBit() throws Exception {
        Random random = new Random(SEED);
        for (int i = 0; i < KILLS; i++) {
            String name = "killed-" + i;
            boolean driver = KILLS <= 2 ? i == 0 : random.nextBoolean();
            int after = random.nextInt(ROUNDS - 6);
            long millis = random.nextInt(300);
            Process process = JobProcess.start(folder, cluster.master(), Map.of(), TrainJob.class, arguments(name));
            try {
                awaitRounds(process, name, after);
                Thread.sleep(millis);
                if (driver) {
                    process.destroyForcibly();
                } else {
                    List<ProcessHandle> executors = cluster.executors();
                    assertFalse(executors.isEmpty(), "no executor to kill");
                    executors.get(random.nextInt(executors.size())).destroyForcibly();
                }
                assertTrue(process.waitFor(5, TimeUnit.MINUTES));
            } finally {
                process.destroyForcibly();
            }
            int had = rounds(name);
            if (driver) {
                JobProcess resumed = JobProcess.run(
                        folder, cluster.master(), Map.of(), TrainJob.class, arguments(name, "resume=true"));
                assertEquals(0, resumed.exit(), resumed.errors().toString());
            } else {
                assertEquals(0, process.exitValue());
            }
            if (KILLS > 2) {
                JsonNode resumedAt = summary(name).path("resumedAfterRound");
                System.out.printf(
                        "kill %d: %s after round %d + %d ms, %d rounds were done, resumed after %s: %s%n",
                        i + 1,
                        driver ? "driver" : "executor",
                        after,
                        millis,
                        had,
                        resumedAt.isMissingNode() ? "-" : resumedAt.asText(),
                        parameters(name).equals(expected) ? "the same parameters" : "OTHER PARAMETERS");
            }
            assertEquals(expected, parameters(name), name);
            assertEquals(ROUNDS, rounds(name), name);
        }
    }

    @Test
    void sigtermEndsItAfterTheRoundAndItGoesOn() throws Exception {
        Process process = JobProcess.start(folder, cluster.master(), Map.of(), TrainJob.class, arguments("term"));
        awaitRounds(process, "term", 5);
        process.destroy();
        assertTrue(process.waitFor(2, TimeUnit.MINUTES));
        List<String> errors = JobProcess.errors(folder).stream()
                .filter(line -> !line.startsWith("preflight warning: "))
                .toList();
        assertEquals(STOPPED, process.exitValue(), errors.toString());
        assertEquals(1, errors.size(), errors.toString());
        assertTrue(errors.get(0).startsWith("stopped by SIGTERM after round "), errors.toString());
        assertTrue(errors.get(0).contains("resume=true goes on"), errors.toString());
        JobProcess resumed =
                JobProcess.run(folder, "local[2]", Map.of(), TrainJob.class, arguments("term", "resume=true"));
        assertEquals(0, resumed.exit(), resumed.errors().toString());
        assertEquals(expected, parameters("term"));
        assertTrue(errors.get(0).contains("after round " + summary("term").get("resumedAfterRound") + " of " + ROUNDS));
        // who starts it once more learns that it is done
        assertEquals(0, JobCommand.run(new TrainJob(), arguments("term", "resume=true")));
    }

    private static void awaitRounds(Process process, String name, int count) throws Exception {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
        while (rounds(name) <= count) {
            assertTrue(process.isAlive() && System.nanoTime() < end, () -> "ended or hangs before round " + count);
            Thread.sleep(20);
        }
    }

    private static int rounds(String name) throws IOException {
        Path file = folder.resolve(name).resolve("metrics.jsonl");
        return Files.exists(file) ? (int) Files.readString(file).lines().count() : 0;
    }

    private static String[] arguments(String name, String... more) {
        List<String> all = new ArrayList<>(List.of(more));
        all.add("output=" + folder.resolve(name));
        all.add("network.layers=[{type=stochastic,units=60,law=bernoulli,estimator=reinforce},{type=output,units=10}]");
        // processes of one machine may find another library the fastest; what is drilled is the averaging
        all.add("arithmetic=portable");
        all.addAll(List.of("training={epochs=6,batch=16,updater={type=Adam,learning-rate=0.005}}"));
        all.addAll(List.of("averaging.workers=3", "averaging.steps-per-round=3", "checkpoint.every=5"));
        all.addAll(List.of("validation.draws=2", "validation.examples=16", "validation.every=2"));
        return all.toArray(new String[0]);
    }

    private static String parameters(String name) throws IOException {
        return summary(name).get("parametersSha256").asText();
    }

    private static JsonNode summary(String name) throws IOException {
        return new ObjectMapper()
                .readTree(folder.resolve(name).resolve("summary.json").toFile());
    }
}
