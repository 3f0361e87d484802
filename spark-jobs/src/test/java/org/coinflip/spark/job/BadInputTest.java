package org.coinflip.spark.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.coinflip.model.storage.StoredModel;
import org.coinflip.spark.output.ModelDirectory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a training refuses: one line on standard error, the exit code of its kind, and nothing written. */
class BadInputTest {
    private static final int USAGE = 2;
    private static final int DATA = 3;
    private static final int DIVERGED = 4;
    private static final int IMAGES = 0x0803;
    private static final int LABELS = 0x0801;

    @TempDir
    private Path folder;

    @Test
    void anUnknownKeyIsAnsweredWithTheNearestKnownOne() {
        refused(USAGE, "did you mean training?", "trainng.epochs=2");
        refused(USAGE, "did you mean epochs?", "training.epoch=2");
        refused(USAGE, "did you mean learning-rate?", "training.updater.learningrate=0.1");
        refused(USAGE, "did you mean workers?", "averaging.worker=2");
    }

    @Test
    void anUnknownOptionAndAnArgumentThatIsNoSetting() {
        refused(USAGE, "--mster", "--mster=local[1]");
        refused(USAGE, "--master", "--master");
        refused(USAGE, "expected key=value", "epochs");
        refused(USAGE, "network.layers=[", "network.layers=[");
    }

    @Test
    void anExperimentFileThatIsMissingOrBroken() throws IOException {
        refused(USAGE, "none.conf", "--conf=none.conf");
        Path broken = Files.writeString(folder.resolve("broken.conf"), "training { epochs = 2");
        refused(USAGE, "broken.conf", "--conf=" + broken);
        // digits come along, and would be taken without a word
        Path without = Files.writeString(folder.resolve("without.conf"), "training { epochs = 2 }");
        refused(USAGE, "data: got nothing in --conf", "--conf=" + without);
        Path dangling = Files.writeString(folder.resolve("dangling.conf"), "seed = ${nothing}");
        refused(USAGE, "nothing", "--conf=" + dangling);
    }

    @Test
    void anOutputLayerWhoseUnitsAreNotTheClasses() {
        refused(USAGE, "10", "network.layers=[{ type = dense, units = 5 }, { type = output, units = 7 }]");
    }

    @Test
    void numbersOutsideTheirRange() {
        refused(USAGE, "workers", "averaging.workers=0");
        refused(USAGE, "workers", "averaging.workers=-1");
        refused(USAGE, "epochs", "training.epochs=many");
        refused(USAGE, "batch", "training.batch=0");
        refused(USAGE, "learning-rate", "training.updater.learning-rate=NaN");
    }

    @Test
    void anOutputThatExistsIsLeftAlone() throws IOException {
        Path output = Files.createDirectory(folder.resolve("there"));
        Path file = Files.writeString(output.resolve("summary.json"), "mine");
        refused(USAGE, "is no job's output", "output=" + output);
        refused(USAGE, "is no job's output", "output=" + output, "overwrite=true");
        refused(USAGE, "holds no training", "output=" + output, "resume=true");
        assertEquals("mine", Files.readString(file));
    }

    @Test
    void filesThatAreMissing() {
        refused(DATA, "none: no such folder", "--conf=../conf/mnist/dense.conf", "data.path=" + folder.resolve("none"));
        refused(DATA, "none.csv", "data.source=csv", "data.path=" + folder.resolve("none.csv"));
    }

    @Test
    void idxFilesThatAreNotWhatTheySay() throws IOException {
        byte[] images = idx(IMAGES, new int[] {40, 2, 3}, 240);
        byte[] labels = idx(LABELS, new int[] {40}, 40);
        byte[] stored = gzip(images);
        refusedIdx("truncated", Arrays.copyOf(stored, stored.length - 9), labels);
        refusedIdx("magic number", idx(0x0903, new int[] {40, 2, 3}, 240), labels);
        refusedIdx("got 240 bytes", Arrays.copyOf(images, 240), labels);
        refusedIdx("got 39 labels", images, idx(LABELS, new int[] {39}, 39));
        byte[] outside = labels.clone();
        outside[outside.length - 1] = 17;
        refusedIdx("label 17", images, outside);
        refusedIdx("is empty", new byte[0], labels);
    }

    @Test
    void aCsvWithWhatIsNoNumber() throws IOException {
        for (String wrong : List.of("NaN", "Infinity", "", "three")) {
            Path file = Files.writeString(folder.resolve("data.csv"), "a,b,label\n1,2,0\n3,4,1\n" + wrong + ",6,0\n");
            refused(
                    DATA,
                    "data.csv: line 4, column 1",
                    "data.source=csv",
                    "data.header=true",
                    "data.path=" + file,
                    "data.split={ train = 1, valid = 1, test = 1 }");
        }
    }

    @Test
    void throughSparkSubmitTooAFailureIsOneLine() throws Exception {
        JobProcess job = JobProcess.train(
                folder,
                "local[1]",
                "--conf=../conf/digits.conf",
                "trainng.epochs=2",
                "output=" + folder.resolve("out"));
        assertEquals(USAGE, job.exit());
        assertEquals(1, job.errors().size(), job.errors().toString());
        assertTrue(
                job.errors().get(0).contains("did you mean training?"),
                job.errors().toString());
        assertFalse(Files.exists(folder.resolve("out")));
        assertTrue(Files.readString(folder.resolve("job.log")).contains("UsageException"));
    }

    @Test
    void aTrainingThatDivergesKeepsItsLastGoodModel() throws Exception {
        Path output = folder.resolve("out");
        JobProcess job = JobProcess.train(
                folder,
                "local[1]",
                "--conf=../conf/digits.conf",
                "training.epochs=2",
                "network.layers=[{type=dense,units=20,activation=relu},{type=output,units=10}]",
                "training.updater={type=Sgd,learning-rate=1e30}",
                "output=" + output);
        assertEquals(DIVERGED, job.exit(), job.errors().toString());
        assertEquals(1, job.errors().size(), job.errors().toString());
        assertTrue(job.errors().get(0).contains("diverged"), job.errors().toString());
        JsonNode summary =
                new ObjectMapper().readTree(output.resolve("summary.json").toFile());
        assertEquals("diverged", summary.get("status").asText());
        StoredModel model = ModelDirectory.read(output.resolve("model").toString(), new Configuration());
        assertTrue(model.state().isFinite());
        assertEquals(summary.get("parametersSha256").asText(), model.state().parametersSha256());
    }

    private void refusedIdx(String part, byte[] images, byte[] labels) throws IOException {
        Path imageFile = Files.write(folder.resolve("images"), images);
        Path labelFile = Files.write(folder.resolve("labels"), labels);
        refused(
                DATA,
                part,
                "data.source=idx",
                "data.classes=10",
                "data.images=" + imageFile,
                "data.labels=" + labelFile,
                "data.split={ train = 20, valid = 10, test = 10 }");
    }

    private void refused(int exit, String part, String... arguments) {
        Path output = folder.resolve("out");
        List<String> line = new ArrayList<>(List.of("output=" + output));
        if (Arrays.stream(arguments).noneMatch(argument -> argument.startsWith("--conf="))) {
            line.add("--conf=../conf/digits.conf");
        }
        line.addAll(List.of(arguments));
        Outcome refused = Outcome.of(new TrainJob(), line.toArray(new String[0]));
        String said = refused.err();
        assertEquals(exit, refused.exit(), said);
        assertEquals(1, said.lines().count(), said);
        assertTrue(said.contains(part), said);
        assertFalse(said.contains("unexpected"), said);
        assertFalse(Files.exists(output), said);
    }

    /** An IDX file of zeros. */
    private static byte[] idx(int magic, int[] sizes, int values) {
        ByteBuffer bytes = ByteBuffer.allocate(4 + 4 * sizes.length + values);
        bytes.putInt(magic);
        for (int size : sizes) {
            bytes.putInt(size);
        }
        return bytes.array();
    }

    private static byte[] gzip(byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(content);
        }
        return bytes.toByteArray();
    }
}
