package org.coinflip.spark.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.apache.hadoop.hdfs.protocol.HdfsConstants;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Jobs in processes of their own, their executors on a standalone cluster, all that they read and write on HDFS: nothing of others is lost there, settings are
 * heeded, full disks and signals are a line, and waits end. Some thirty jobs one after another take minutes: run with {@code -Dtrust.drill=true}.
 */
@Tag("cluster")
@EnabledIfSystemProperty(named = "trust.drill", matches = "true")
class TrustDrillTest {
    private static final int ROUNDS = 20;
    private static final int STOPPED = 5;
    /** That a signal may take, with the end of Spark, on a machine that does other things too. */
    private static final long MOST_SECONDS = 60;

    @TempDir
    private static java.nio.file.Path folder;

    private static StandaloneCluster cluster;
    private static Hdfs hdfs;
    private static DistributedFileSystem files;
    private static String root;
    private static String expected;

    @BeforeAll
    static void start() throws Exception {
        hdfs = new Hdfs(folder);
        files = hdfs.files();
        root = hdfs.root();
        cluster = new StandaloneCluster(folder.resolve("cluster"), 2);
        succeeds(TrainJob.class, training("unbroken"));
        expected = hdfs.summary("unbroken").get("parametersSha256").asText();
        assertEquals(ROUNDS, hdfs.summary("unbroken").get("rounds").asInt());
    }

    @AfterAll
    static void stop() throws InterruptedException {
        cluster.close();
        hdfs.close();
    }

    /** A: inputs under another spelling of their path, folders of others, files of others beside ours. */
    @Test
    void nothingOfOthersIsRemoved() throws Exception {
        succeeds(PrepareJob.class, "data.source=digits", "output=" + root + "data/prepared");
        String[] data = {"data.source=prepared", "data.path=" + root + "data/prepared"};
        for (String output : new String[] {"data/prepared", "data", "data/../data//prepared"}) {
            refused(2, "holds the input data.path", training(output, data[0], data[1], "overwrite=true"));
        }
        assertTrue(files.exists(new Path(root + "data/prepared/manifest.json")));

        hdfs.put("theirs/checkpoints/round-00000001.json", "{}");
        hdfs.put("theirs/manifest.json", "mine");
        refused(2, "is no job's output", training("theirs", "overwrite=true"));
        assertEquals("mine", hdfs.text("theirs/manifest.json"));
        assertEquals("{}", hdfs.text("theirs/checkpoints/round-00000001.json"));

        succeeds(TrainJob.class, training("beside", data[0], data[1]));
        hdfs.put("beside/checkpoints/mybackup.bin", "mine");
        hdfs.put("beside/notes.txt", "mine");
        JobProcess again = run(TrainJob.class, training("beside", data[0], data[1], "overwrite=true"));
        assertEquals(0, again.exit(), again.errors().toString());
        assertTrue(
                again.errors().stream().anyMatch(line -> line.contains("keeps 2 that no job wrote")),
                again.errors().toString());
        assertEquals("mine", hdfs.text("beside/checkpoints/mybackup.bin"));
        assertEquals("mine", hdfs.text("beside/notes.txt"));
        assertEquals(expected, hdfs.summary("beside").get("parametersSha256").asText());
    }

    /** C: a training that is done goes on to more epochs, to the bits of one that was as long, and refuses all else. */
    @Test
    void settingsAreHeededWhereATrainingIsDone() throws Exception {
        succeeds(TrainJob.class, training("longer", "training.epochs=1"));
        refused(2, "seed is 1 there, 99 here", training("longer", "training.epochs=1", "resume=true", "seed=99"));
        JobProcess done = run(TrainJob.class, training("longer", "training.epochs=1", "resume=true"));
        assertEquals(0, done.exit(), done.errors().toString());
        assertTrue(printed().contains("is done already"), printed());
        succeeds(TrainJob.class, training("longer", "resume=true"));
        assertEquals(expected, hdfs.summary("longer").get("parametersSha256").asText());
    }

    /** K: a full HDFS is a line; with room the training goes on to the same bits. */
    @Test
    void aFullHdfsIsALineAndTheTrainingGoesOnWhenThereIsRoom() throws Exception {
        Path small = new Path(root + "small");
        files.mkdirs(small);
        // a block is reserved whole when a file is begun, and a checkpoint's is written while the file of metrics is
        // open
        files.setQuota(small, HdfsConstants.QUOTA_DONT_SET, 2 * files.getDefaultBlockSize(small));
        JobProcess full = run(TrainJob.class, training("small/run", "checkpoint.every=1"));
        assertEquals(2, full.exit(), full.errors().toString());
        assertEquals(1, full.errors().size(), full.errors().toString());
        assertTrue(full.errors().get(0).contains("quota"), full.errors().toString());
        assertTrue(full.errors().get(0).contains("make room"), full.errors().toString());
        files.setQuota(small, HdfsConstants.QUOTA_DONT_SET, HdfsConstants.QUOTA_RESET);
        succeeds(TrainJob.class, training("small/run", "checkpoint.every=1", "resume=true"));
        assertEquals(expected, hdfs.summary("small/run").get("parametersSha256").asText());
    }

    /** K: SIGTERM in a look that takes minutes, on executors: a checkpoint, a line, in bounded time; then the same bits. */
    @Test
    void aSignalInALongLookIsHeededInTime() throws Exception {
        String[] settings = {
            "network.layers=[{type=stochastic,units=2000,law=bernoulli},{type=output,units=10}]",
            "evaluation={mode=samples,draws=32768}",
            "checkpoint={every=1,grace=2,keep=100}"
        };
        Process process = start(TrainJob.class, training("look", settings));
        try {
            await(process, () -> files.exists(new Path(root + "look/checkpoints/round-00000009.json")));
            long began = System.nanoTime();
            process.destroy();
            assertTrue(process.waitFor(MOST_SECONDS, TimeUnit.SECONDS), "it goes on");
            List<String> errors = errors();
            assertEquals(STOPPED, process.exitValue(), errors.toString());
            assertEquals(1, errors.size(), errors.toString());
            assertTrue(
                    errors.get(0)
                            .matches("stopped by SIGTERM after round \\d+ of " + ROUNDS
                                    + ", whose checkpoint is in .*: the same command with resume=true goes on.*"),
                    errors.toString());
            assertTrue(System.nanoTime() - began < TimeUnit.SECONDS.toNanos(MOST_SECONDS));
        } finally {
            process.destroyForcibly();
        }
        assertTrue(files.exists(new Path(root + "look/checkpoints")));
        awaitNoExecutors();
    }

    /** L: executors that the cluster cannot give, and file systems that do not answer. */
    @Test
    void waitsAreSaidAndEnd() throws Exception {
        Map<String, String> tooMuch = Map.of("spark.executor.memory", "9g");
        JobProcess waited =
                JobProcess.run(folder, cluster.master(), tooMuch, TrainJob.class, training("never", "--wait=20"));
        assertEquals(1, waited.exit(), errors().toString());
        assertEquals(1, errors().size(), errors().toString());
        assertTrue(
                errors().get(0).startsWith("waited 20 s, as long as --wait says, for executors of 9g"),
                errors().toString());
        assertFalse(files.exists(new Path(root + "never")));

        Process process = JobProcess.start(folder, cluster.master(), tooMuch, TrainJob.class, training("never"));
        try {
            await(process, () -> java.nio.file.Files.readString(folder.resolve("errors.txt"))
                    .contains("waiting for executors"));
            process.destroy();
            assertTrue(process.waitFor(MOST_SECONDS, TimeUnit.SECONDS), "it goes on");
            assertEquals(STOPPED, process.exitValue(), errors().toString());
            assertEquals(1, errors().size(), errors().toString());
            assertTrue(errors().get(0).startsWith("stopped while it waited for executors"), errors().toString());
        } finally {
            process.destroyForcibly();
        }
        assertFalse(files.exists(new Path(root + "never")));

        long began = System.nanoTime();
        JobProcess nobody = run(TrainJob.class, training("x", "output=hdfs://127.0.0.1:1/x"));
        assertEquals(2, nobody.exit(), nobody.errors().toString());
        assertEquals(1, nobody.errors().size(), nobody.errors().toString());
        assertTrue(
                nobody.errors().get(0).contains("127.0.0.1:1"), nobody.errors().toString());
        assertTrue(System.nanoTime() - began < TimeUnit.MINUTES.toNanos(2));
    }

    private interface Condition {
        boolean holds() throws IOException;
    }

    private static void await(Process process, Condition condition) throws Exception {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
        while (!condition.holds()) {
            assertTrue(process.isAlive() && System.nanoTime() < end, () -> "ended or hangs: " + process);
            Thread.sleep(50);
        }
    }

    /** The cluster is given back: others need it. */
    private static void awaitNoExecutors() throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(MOST_SECONDS);
        while (!cluster.executors().isEmpty()) {
            assertTrue(System.nanoTime() < end, "executors of a driver that has ended still run");
            Thread.sleep(100);
        }
    }

    private static String[] training(String output, String... more) {
        List<String> all = new ArrayList<>();
        all.add("network.layers=[{type=stochastic,units=12,law=bernoulli,estimator=reinforce},{type=output,units=10}]");
        all.add("training={epochs=2,batch=16,updater={type=Adam,learning-rate=0.005}}");
        // processes of one machine may find another library the fastest
        all.add("arithmetic=portable");
        all.addAll(List.of("averaging.workers=3", "averaging.steps-per-round=3", "checkpoint.every=5"));
        all.addAll(List.of("validation.draws=2", "validation.examples=16", "output=" + root + output));
        all.addAll(List.of(more));
        return all.toArray(new String[0]);
    }

    private static Process start(Class<?> job, String... arguments) throws IOException {
        return JobProcess.start(folder, cluster.master(), job, arguments);
    }

    private static JobProcess run(Class<?> job, String... arguments) throws Exception {
        JobProcess process = JobProcess.run(folder, cluster.master(), job, arguments);
        return new JobProcess(process.exit(), errors());
    }

    private static List<String> errors() throws IOException {
        return JobProcess.errors(folder).stream()
                .filter(line -> !line.startsWith("preflight warning: "))
                .toList();
    }

    private static String printed() throws IOException {
        return java.nio.file.Files.readString(folder.resolve("printed.txt"));
    }

    private static void succeeds(Class<?> job, String... arguments) throws Exception {
        JobProcess process = run(job, arguments);
        assertEquals(0, process.exit(), process.errors().toString());
    }

    private static void refused(int exit, String part, String... arguments) throws Exception {
        JobProcess process = run(TrainJob.class, arguments);
        assertEquals(exit, process.exit(), process.errors().toString());
        assertEquals(1, process.errors().size(), process.errors().toString());
        assertTrue(process.errors().get(0).contains(part), process.errors().toString());
    }
}
