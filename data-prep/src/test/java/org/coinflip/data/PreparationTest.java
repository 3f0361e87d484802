package org.coinflip.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreparationTest {
    private final Configuration conf = new Configuration();

    @TempDir
    Path folder;

    private Path outputs;

    @BeforeEach
    void makeRoomForOutputs() throws IOException {
        outputs = Files.createDirectory(folder.resolve("outputs"));
    }

    @Test
    void preparedDataIsTheRawData() {
        for (String rules : new String[] {
            "scale = unit", "scale = standard", "scale = none", "binarise = threshold", "binarise = bernoulli"
        }) {
            for (String source : new String[] {"source = digits", csv()}) {
                DataSpec spec = Specs.of(source, rules);
                Preparation.prepare(spec, output(), 3, true, conf);
                SameExamples.assertIn(Dataset.open(spec, conf), opened(output()));
            }
        }
    }

    @Test
    void preparesMnistsFilesWithTheirOwnTestSet() throws IOException {
        Path mnist = Files.createDirectory(folder.resolve("mnist"));
        DataSpec spec = Specs.of("source = mnist, path = \"" + IdxBytes.mnistFolder(mnist) + "\"");
        Preparation.prepare(spec, output(), 2, false, conf);
        SameExamples.assertIn(Dataset.open(spec, conf), opened(output()));
    }

    @Test
    void syntheticDataIsPreparedAcrossItsShards() {
        // a row is 2^16 bytes, a shard 64 of them
        DataSpec spec = Specs.of(
                "source = synthetic, features = 65536, classes = 3, split { train = 150, valid = 9, test = 70 }");
        Dataset data = Dataset.open(spec, conf);
        assertEquals(3, data.shards(Split.TRAIN).size());
        Preparation.prepare(spec, output(), 2, false, conf);
        SameExamples.assertIn(data, opened(output()));
        assertEquals(75, opened(output()).shards(Split.TRAIN).get(1).size());
    }

    @Test
    void preparedDataCanBePreparedAgainInOtherShards() {
        Preparation.prepare(Specs.of(), output(), 3, false, conf);
        Preparation.prepare(prepared(output()), output() + "-again", 5, false, conf);
        assertEquals(5, opened(output() + "-again").shards(Split.TRAIN).size());
        SameExamples.assertIn(opened(output()), opened(output() + "-again"));
    }

    @Test
    void theSameInputGivesTheSameFiles() throws IOException {
        Preparation.prepare(Specs.of(), output() + "1", 2, false, conf);
        Preparation.prepare(Specs.of(), output() + "2", 2, false, conf);
        for (String file : List.of("manifest.json", "train/part-00000.parquet", "test/part-00001.parquet")) {
            assertArrayEquals(
                    Files.readAllBytes(Path.of(output() + "1", file)),
                    Files.readAllBytes(Path.of(output() + "2", file)),
                    file);
        }
    }

    @Test
    void readsAndWritesThroughAUriAndAnotherScheme() {
        conf.set("fs.viewfs.mounttable.cluster.link./data", "file://" + outputs);
        Preparation.prepare(Specs.of(), "file://" + output(), 2, false, conf);
        Preparation.prepare(Specs.of(), "viewfs://cluster/data/viewed", 2, false, conf);
        SameExamples.assertIn(opened("file://" + output()), opened("viewfs://cluster/data/viewed"));
        SameExamples.assertIn(opened(output()), opened(outputs + "/viewed"));
    }

    @Test
    void aShardIsReadElsewhereWithTheSettingsItCarries() throws Exception {
        conf.set("fs.viewfs.mounttable.cluster.link./data", "file://" + outputs);
        Preparation.prepare(Specs.of(), "viewfs://cluster/data/sent", 2, false, conf);
        for (Dataset data : new Dataset[] {opened("viewfs://cluster/data/sent"), Dataset.open(Specs.of(), conf)}) {
            ExampleShard shard = data.shards(Split.VALID).get(0);
            ByteArrayOutputStream sent = new ByteArrayOutputStream();
            try (ObjectOutputStream out = new ObjectOutputStream(sent)) {
                out.writeObject(shard);
            }
            assertTrue(sent.size() < 65_536, sent.size() + " bytes a shard");
            try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(sent.toByteArray()))) {
                SameExamples.assertSame(shard.read(), ((ExampleShard) in.readObject()).read());
            }
        }
    }

    @Test
    void hasOneFileAnExampleWhereShardsOutnumberExamples() {
        DataSpec spec = Specs.of("split { train = 2, valid = 3, test = 1 }");
        Preparation.prepare(spec, output(), 4, false, conf);
        assertEquals(2, opened(output()).shards(Split.TRAIN).size());
        assertEquals(3, opened(output()).shards(Split.VALID).size());
        SameExamples.assertIn(Dataset.open(spec, conf), opened(output()));
    }

    @Test
    void refusesAnOutputThatExists() {
        Preparation.prepare(Specs.of(), output(), 1, false, conf);
        OneLine.ofUsage(
                () -> Preparation.prepare(Specs.of("split.seed = 1"), output(), 1, false, conf),
                output() + ": exists, expected a new output",
                "overwrite=true");
        SameExamples.assertIn(Dataset.open(Specs.of(), conf), opened(output()));
    }

    @Test
    void overwritesPreparedDataAndNothingElse() throws IOException {
        Preparation.prepare(Specs.of(), output(), 1, false, conf);
        Preparation.prepare(Specs.of("split.seed = 1"), output(), 1, true, conf);
        assertEquals(1, opened(output()).description().splitSeed());
        assertEquals(List.of("out"), names(outputs));
        Path precious = Files.createDirectory(outputs.resolve("precious"));
        Files.writeString(precious.resolve("manifest.json"), "{}");
        OneLine.ofUsage(
                () -> Preparation.prepare(Specs.of(), precious.toString(), 1, true, conf),
                "precious: exists and is no job's output");
        assertEquals("{}", Files.readString(precious.resolve("manifest.json")));
        OneLine.ofUsage(
                () -> Preparation.prepare(
                        Specs.of("source = prepared, path = \"" + output() + "\""), output(), 1, true, conf),
                "holds the input data.path");
        assertEquals(1, opened(output()).description().splitSeed());
    }

    @Test
    void writesNothingOnFailure() throws IOException {
        String bad = IdxBytes.write(folder, "bad.csv", "x,class\n1,0\nNaN,1\n".getBytes(StandardCharsets.UTF_8));
        OneLine.ofData(
                () -> Preparation.prepare(
                        Specs.of("source = csv, path = \"" + bad + "\""), outputs + "/new/out", 1, false, conf),
                "bad.csv: line 3, column 1 (x)");
        OneLine.ofUsage(() -> Preparation.prepare(Specs.of("split.train = 5000"), output(), 1, false, conf), "5000");
        OneLine.ofUsage(() -> Preparation.prepare(Specs.of(), output(), 0, false, conf), "got 0 shards");
        assertEquals(List.of(), names(outputs));
    }

    @Test
    void refusesAnOutputBelowAFile() {
        String file = IdxBytes.write(folder, "file", new byte[] {1});
        OneLine.ofUsage(
                () -> Preparation.prepare(Specs.of(), file + "/out", 1, false, conf), "file/out: cannot be written");
    }

    private String output() {
        return outputs + "/out";
    }

    private Dataset opened(String path) {
        return Dataset.open(prepared(path), conf);
    }

    private static DataSpec prepared(String path) {
        return Specs.of("source = prepared, path = \"" + path + "\"");
    }

    private String csv() {
        StringBuilder table = new StringBuilder("x,y,class\n");
        for (int i = 0; i < 40; i++) {
            table.append(Math.sin(i))
                    .append(',')
                    .append(1e6 / (i + 1))
                    .append(',')
                    .append(i % 3)
                    .append('\n');
        }
        String path = IdxBytes.write(folder, "t.csv", table.toString().getBytes(StandardCharsets.UTF_8));
        return "source = csv, path = \"" + path + "\"";
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        }
    }
}
