package org.coinflip.spark.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.apache.hadoop.hdfs.protocol.HdfsConstants;
import org.coinflip.data.output.Lease;
import org.coinflip.model.error.UsageException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All that jobs read and write on a real HDFS: a name node and a data node in this process. */
@Tag("cluster")
class HdfsTest {
    @TempDir
    private static java.nio.file.Path local;

    private static Hdfs hdfs;
    private static FileSystem files;
    private static String root;

    @BeforeAll
    static void start() throws IOException {
        hdfs = new Hdfs(local);
        files = hdfs.files();
        root = hdfs.root();
    }

    @AfterAll
    static void stop() {
        hdfs.close();
    }

    /** And one that is left by a process that is gone, of another machine, is taken over. */
    @Test
    void oneJobAtATimeHasAnOutput() throws IOException {
        Path output = new Path(root + "leased");
        try (Lease lease = Lease.take(files, output, "train")) {
            String line = assertThrows(UsageException.class, () -> Lease.take(files, output, "sweep"))
                    .getMessage();
            assertTrue(line.contains("is in use by train (process "), line);
        }
        assertFalse(files.exists(output));
        hdfs.put("leased/.coinflip.lease", "{\"id\": \"x\", \"job\": \"sweep\", \"machine\": \"elsewhere\"}");
        assertThrows(UsageException.class, () -> Lease.take(files, output, "train"));
        files.setTimes(new Path(output, Lease.FILE), System.currentTimeMillis() - 100_000, -1);
        try (Lease lease = Lease.take(files, output, "train")) {
            lease.require();
        }
    }

    @Test
    void preparesTrainsEvaluatesPredictsAndGoesOnAsOnLocalFiles() throws IOException {
        succeeds(new PrepareJob(), "data.source=digits", "shards=2", "output=" + root + "prepared");
        String[] onHdfs = {"data.source=prepared", "data.path=" + root + "prepared"};
        succeeds(new TrainJob(), training(root + "whole", onHdfs));
        String expected = hdfs.summary("whole").get("parametersSha256").asText();

        // an experiment file of HDFS, and a training whose driver was lost in the midst of a checkpoint and with an
        // open file
        hdfs.put("experiment.conf", "training { epochs = 4 }");
        List<String> cut = new ArrayList<>(List.of(training(root + "cut", onHdfs)));
        cut.add("--conf=" + root + "experiment.conf");
        succeeds(new TrainJob(), cut.toArray(new String[0]));
        loseAfter(4, "cut");
        try (OutputStream open = lostWriter().create(new Path(root + "cut/metrics.jsonl"), true)) {
            open.write("{\"round\":".getBytes(StandardCharsets.UTF_8));
            List<String> resume = new ArrayList<>(cut);
            resume.add("resume=true");
            succeeds(new TrainJob(), resume.toArray(new String[0]));
        } catch (IOException e) {
            // the file of the driver that was lost is no longer its own
            assertTrue(e.getMessage().contains("metrics.jsonl"), e.getMessage());
        }
        assertEquals(expected, hdfs.summary("cut").get("parametersSha256").asText());
        assertEquals(4, hdfs.summary("cut").get("resumedAfterRound").asInt());
        assertEquals(8, hdfs.text("cut/metrics.jsonl").lines().count());

        succeeds(
                new EvaluateJob(),
                "--master=local[2]",
                "model=" + root + "cut/model",
                onHdfs[0],
                onHdfs[1],
                "output=" + root + "evaluated");
        assertEquals(
                hdfs.summary("whole").get("test").get("errors"),
                hdfs.summary("evaluated").get("errors"));
        succeeds(
                new PredictJob(),
                "--master=local[2]",
                "model=" + root + "whole/model",
                onHdfs[0],
                onHdfs[1],
                "format=csv",
                "split=test",
                "output=" + root + "predicted");
        assertTrue(files.exists(new Path(root + "predicted")));

        // the same from local files to local files
        succeeds(new TrainJob(), training(local.resolve("train").toString(), "data.source=digits"));
        JsonNode locally =
                new ObjectMapper().readTree(local.resolve("train/summary.json").toFile());
        assertEquals(expected, locally.get("parametersSha256").asText());
    }

    @Test
    void aSweepWritesItsJournalStatesAndTableAndGoesOn() throws IOException {
        String[] sweep = {
            "--master=local[2]",
            "network.layers=[{type=stochastic,units=4,law=bernoulli},{type=output,units=10}]",
            "training={epochs=4,batch=64}",
            "validation={draws=2,examples=8}",
            "sweep={sampler=random,trials=6,scheduler={type=asha,factor=2},"
                    + "space={\"training.updater.learning-rate\"={log-uniform=[0.001,0.1]}}}",
            "output=" + root + "sweep"
        };
        succeeds(new SweepJob(), sweep);
        String table = hdfs.summary("sweep").get("tableSha256").asText();
        assertTrue(files.exists(new Path(root + "sweep/table.parquet/part-00000.parquet")));
        assertTrue(files.listStatus(new Path(root + "sweep/checkpoints")).length > 0);
        files.delete(new Path(root + "sweep/summary.json"), false);
        files.delete(files.listStatus(new Path(root + "sweep/journal"))[0].getPath(), false);
        succeeds(new SweepJob(), sweep);
        assertEquals(table, hdfs.summary("sweep").get("tableSha256").asText());
    }

    @Test
    void aFullHdfsIsOneClearError() throws IOException {
        Path folder = new Path(root + "small");
        files.mkdirs(folder);
        // a block is reserved whole when a file is begun
        ((DistributedFileSystem) files).setQuota(folder, HdfsConstants.QUOTA_DONT_SET, 1 << 20);
        Outcome preflight =
                Outcome.of(new TrainJob(), training(root + "small/run", "data.source=digits", "--preflight"));
        assertEquals(2, preflight.exit(), preflight.err());
        List<String> refused = preflight
                .err()
                .lines()
                .filter(line -> line.startsWith("output: hdfs"))
                .toList();
        assertEquals(1, refused.size(), preflight.err());
        assertTrue(refused.get(0).contains("small/run cannot be written (The DiskSpace quota"), refused.get(0));
        assertEquals(0, files.listStatus(folder).length);
        Outcome outcome = Outcome.of(new TrainJob(), training(root + "small/run", "data.source=digits"));
        assertEquals(2, outcome.exit(), outcome.err());
        List<String> lines = outcome.err()
                .lines()
                .filter(line -> line.startsWith("output hdfs"))
                .toList();
        assertEquals(1, lines.size(), outcome.err());
        assertTrue(lines.get(0).contains("quota"), lines.get(0));
        assertTrue(lines.get(0).contains("make room"), lines.get(0));
        assertFalse(outcome.err().contains("unexpected"), outcome.err());
    }

    private static String[] training(String output, String... more) {
        List<String> all = new ArrayList<>(List.of(more));
        all.add("--master=local[2]");
        all.add("network.layers=[{type=stochastic,units=6,law=bernoulli},{type=output,units=10}]");
        all.addAll(List.of("training.epochs=4", "training.updater.type=Adam", "validation.draws=2"));
        all.addAll(List.of("averaging.workers=3", "averaging.steps-per-round=8", "validation.examples=16"));
        all.addAll(List.of("checkpoint.every=2", "checkpoint.keep=5", "output=" + output));
        return all.toArray(new String[0]);
    }

    /** Leaves of a whole run what a driver leaves that is killed when it writes the checkpoint after a round. */
    private static void loseAfter(int round, String run) throws IOException {
        Path folder = new Path(root + run);
        for (String written : List.of("summary.json", "report.html", "model")) {
            files.delete(new Path(folder, written), true);
        }
        Path checkpoints = new Path(folder, "checkpoints");
        for (var file : files.listStatus(checkpoints)) {
            String name = file.getPath().getName();
            if (Integer.parseInt(name.substring(6, 14)) > round && name.endsWith(".json")) {
                files.delete(file.getPath(), false);
            }
        }
    }

    /** Another client than the jobs', with leases of its own. */
    private static FileSystem lostWriter() throws IOException {
        return FileSystem.newInstance(files.getUri(), new Configuration());
    }

    private static void succeeds(JobCommand job, String... arguments) {
        Outcome outcome = Outcome.of(job, arguments);
        assertEquals(0, outcome.exit(), outcome.err());
    }
}
