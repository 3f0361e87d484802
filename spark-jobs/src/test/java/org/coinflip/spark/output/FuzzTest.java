package org.coinflip.spark.output;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ContainerNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.sql.SparkSession;
import org.coinflip.data.DataSpec;
import org.coinflip.data.Dataset;
import org.coinflip.data.Preparation;
import org.coinflip.data.Split;
import org.coinflip.data.output.Lease;
import org.coinflip.data.output.OwnFiles;
import org.coinflip.model.error.CoinflipException;
import org.coinflip.model.kernel.Arithmetic;
import org.coinflip.model.layer.Mode;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.network.NetworkSpec;
import org.coinflip.model.settings.Section;
import org.coinflip.model.storage.Sealed;
import org.coinflip.model.storage.Sha256;
import org.coinflip.model.storage.StoredModel;
import org.coinflip.model.training.EvaluationSpec;
import org.coinflip.model.transform.Binarisation;
import org.coinflip.model.transform.Scaling;
import org.coinflip.model.transform.Transformation;
import org.coinflip.spark.LocalSpark;
import org.coinflip.spark.checkpoint.StateFile;
import org.coinflip.spark.checkpoint.StateFileReader;
import org.coinflip.spark.experiment.Experiment;
import org.coinflip.spark.record.FinishedTraining;
import org.coinflip.spark.sweep.Sweep;
import org.coinflip.spark.sweep.journal.Journal;
import org.coinflip.spark.sweep.trial.TrialRecord;
import org.coinflip.spark.sweep.trial.TrialStatus;
import org.coinflip.spark.train.Training;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files that are read back, with a few bytes or values changed at random, checksums made to fit where there are any: they are read, or
 * refused by one line of ours, and nothing else comes out, in bounded time. {@code -Dcoinflip.fuzz.seconds=3600} tries each kind for as long, {@code
 * -Dcoinflip.fuzz.seed=2} others; otherwise as many changes are tried as take some seconds, always the same.
 */
class FuzzTest {
    private static final int CHANGES = 400;
    /** Of what takes longer to read. */
    private static final int FEW_CHANGES = 60;

    /** That no reading takes, however loaded the machine is. */
    private static final long MOST_SECONDS = 60;

    private static final long SECONDS = Long.getLong("coinflip.fuzz.seconds", 0);
    private static final long SEED = Long.getLong("coinflip.fuzz.seed", 11);
    private static final ObjectMapper JSON = new ObjectMapper();
    /** What sizes, counts, names and numbers are not. */
    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "0",
            "-1",
            "1",
            "2147483647",
            "-2147483648",
            "536870913",
            "9223372036854775807",
            "1e999",
            "-0.0",
            "0.5",
            "\"NaN\"",
            "\"\"",
            "\"\\u0000\\u001b[2J\"",
            "\"../../x\"",
            "[]",
            "{}",
            "[[]]",
            "[null]",
            "\"1e400\"");

    private final Random random = new Random(SEED);
    private final Configuration conf = new Configuration();

    @TempDir
    private Path folder;

    /** That a kind has, each changed for its part of the time. */
    private int files = 1;

    private FileSystem local;

    /** Reads something and may refuse it. */
    private interface Reading {
        void read() throws IOException;
    }

    @BeforeEach
    void open() throws IOException {
        local = FileSystem.getLocal(conf).getRawFileSystem();
    }

    private org.apache.hadoop.fs.Path path(Path path) {
        return new org.apache.hadoop.fs.Path(path.toUri());
    }

    private boolean isDone(int change, long began) {
        return isDone(change, CHANGES, began);
    }

    private boolean isDone(int change, int most, long began) {
        return SECONDS > 0 ? System.nanoTime() - began > SECONDS * 1_000_000_000L / files : change >= most;
    }

    /** Makes what else a file's reader looks at fit the file as it was changed. */
    private interface Fitting {
        void fit(byte[] changed) throws IOException;
    }

    /** Changes a file in many ways, one after another, and reads each. */
    private void fuzz(Path file, Reading reading) throws IOException {
        fuzz(file, CHANGES, changed -> {}, reading);
    }

    private void fuzz(Path file, int most, Fitting fitting, Reading reading) throws IOException {
        byte[] whole = Files.readAllBytes(file);
        long began = System.nanoTime();
        int refused = 0;
        int change = 0;
        for (; !isDone(change, most, began); change++) {
            byte[] changed = changed(whole);
            write(file, changed);
            fitting.fit(changed);
            refused += refuses(reading, changed) ? 1 : 0;
        }
        write(file, whole);
        fitting.fit(whole);
        reading.read();
        assertTrue(refused > 0, "none of " + change + " was refused");
    }

    /** In the place of a file, and of what Hadoop's local file system keeps beside it, which is not to find the change out first. */
    private static void write(Path file, byte[] content) throws IOException {
        Files.write(file, content);
        Files.deleteIfExists(file.resolveSibling("." + file.getFileName() + ".crc"));
    }

    private static boolean refuses(Reading reading, byte[] changed) {
        long began = System.nanoTime();
        PrintStream terminal = System.err;
        System.setErr(new PrintStream(OutputStream.nullOutputStream()));
        try {
            reading.read();
            return false;
        } catch (CoinflipException e) {
            assertTrue(e.getMessage().lines().count() == 1, e.getMessage());
            assertTrue(System.nanoTime() - began < MOST_SECONDS * 1_000_000_000L, e.getMessage());
            return true;
        } catch (IOException | RuntimeException | Error e) {
            throw new AssertionError("of " + new String(changed, StandardCharsets.ISO_8859_1), e);
        } finally {
            System.setErr(terminal);
        }
    }

    private byte[] changed(byte[] whole) throws IOException {
        return switch (random.nextInt(whole[0] == '{' ? 4 : 2)) {
            case 0 -> flipped(whole);
            case 1 -> random.nextBoolean()
                    ? Arrays.copyOf(whole, random.nextInt(whole.length))
                    : Arrays.copyOf(whole, whole.length + 1 + random.nextInt(8));
            default -> mutated(whole, Sealed.FIELD);
        };
    }

    private byte[] flipped(byte[] whole) {
        byte[] changed = whole.clone();
        for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
            changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return changed;
    }

    /** A value of the tree is another, is gone or is twice there; the seal, where there is one, is right. */
    private byte[] mutated(byte[] whole, String seal) throws IOException {
        ObjectNode tree = (ObjectNode) JSON.readTree(whole);
        List<ContainerNode<?>> nodes = new ArrayList<>();
        collect(tree, nodes);
        ContainerNode<?> node = nodes.get(random.nextInt(nodes.size()));
        JsonNode value = JSON.readTree(VALUES.get(random.nextInt(VALUES.size())));
        boolean gone = random.nextInt(5) == 0;
        if (node instanceof ObjectNode fields && !fields.isEmpty()) {
            List<String> names = new ArrayList<>();
            fields.fieldNames().forEachRemaining(names::add);
            String name = names.get(random.nextInt(names.size()));
            if (gone) {
                fields.remove(name);
            } else {
                fields.set(name, value);
            }
        } else if (node instanceof ArrayNode list) {
            if (gone && !list.isEmpty()) {
                list.remove(random.nextInt(list.size()));
            } else if (list.isEmpty() || random.nextInt(3) == 0) {
                list.add(value);
            } else {
                list.set(random.nextInt(list.size()), value);
            }
        }
        return JSON.writeValueAsBytes(tree.has(seal) ? Sealed.seal(tree) : tree);
    }

    private static void collect(JsonNode node, List<ContainerNode<?>> nodes) {
        if (node instanceof ContainerNode<?> container) {
            nodes.add(container);
            container.forEach(child -> collect(child, nodes));
        }
    }

    @Test
    void models() throws IOException {
        files = 3;
        Network network = new Network(NetworkSpec.read(
                Section.root(
                        ConfigFactory.parseString(
                                """
                        layers = [ { type = maxout, units = 3, pieces = 2 }
                                   { type = stochastic, units = 4, law = bernoulli, estimator = reinforce }
                                   { type = output, units = 2 } ]
                        """)),
                2));
        State state = new State(network.layout());
        network.initialise(state, 5);
        ModelDirectory.write(
                RunDirectory.at(folder.toString(), true, conf),
                "model",
                new StoredModel(
                        network,
                        state,
                        new Transformation(Scaling.STANDARD, Binarisation.NONE, List.of(0.5f, 2f), List.of(0f, 1f)),
                        new EvaluationSpec(Mode.SAMPLES, 9),
                        Arithmetic.PORTABLE,
                        7));
        Path model = folder.resolve("model");
        Reading reading = () -> ModelDirectory.read(model.toString(), conf);
        fuzz(model.resolve("model.json"), reading);
        fuzz(model.resolve("state.bin"), reading);
        fuzz(
                model.resolve("state.bin"),
                CHANGES,
                changed -> reseal(
                        model.resolve("model.json"),
                        description -> description.put("stateSha256", Sha256.hex(changed))),
                reading);
    }

    /** Changes a sealed document, and its seal with it. */
    private static void reseal(Path file, Consumer<ObjectNode> change) throws IOException {
        ObjectNode document = (ObjectNode) JSON.readTree(file.toFile());
        change.accept(document);
        write(file, JSON.writeValueAsBytes(Sealed.seal(document)));
    }

    /** Zips as they are, and with parts changed under checksums that fit. */
    @Test
    void dl4jNetworks() throws IOException {
        Network network = new Network(NetworkSpec.read(
                Section.root(
                        ConfigFactory.parseString(
                                """
                        layers = [ { type = dense, units = 5, activation = relu }
                                   { type = stochastic, units = 4, law = bernoulli, estimator = reinforce }
                                   { type = output, units = 2 } ]
                        """)),
                3));
        State state = new State(network.layout());
        network.initialise(state, 5);
        byte[] whole = Dl4jNetworkFile.write(new StoredModel(
                network, state, Transformation.none(3), new EvaluationSpec(Mode.MEANS, 1), Arithmetic.PORTABLE, 7));
        Map<String, byte[]> parts = new LinkedHashMap<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(whole))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                parts.put(entry.getName(), zip.readAllBytes());
            }
        }
        Path file = folder.resolve("network.zip");
        Reading reading = () -> Dl4jNetworkFile.read(file.toString(), 1, 0, conf);
        Files.write(file, zipped(parts));
        reading.read();
        long began = System.nanoTime();
        for (int change = 0; !isDone(change, began); change++) {
            byte[] changed = whole;
            if (random.nextInt(4) == 0) {
                changed = changed(whole);
            } else {
                Map<String, byte[]> others = new LinkedHashMap<>(parts);
                List<String> names = List.copyOf(parts.keySet());
                String name = names.get(random.nextInt(names.size()));
                others.put(name, changed(parts.get(name)));
                if (random.nextInt(20) == 0) {
                    others.remove(name);
                }
                changed = zipped(others);
            }
            Files.write(file, changed);
            refuses(reading, changed);
        }
    }

    private static byte[] zipped(Map<String, byte[]> parts) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> part : parts.entrySet()) {
                zip.putNextEntry(new ZipEntry(part.getKey()));
                zip.write(part.getValue());
            }
        }
        return bytes.toByteArray();
    }

    @Test
    void preparedData() throws IOException {
        files = 2;
        Path prepared = folder.resolve("prepared");
        Section settings = Section.root(ConfigFactory.parseString(
                "source = synthetic, features = 5, split { train = 40, valid = 10, test = 10 }"));
        Preparation.prepare(DataSpec.read(settings), prepared.toString(), 2, false, conf);
        DataSpec spec = DataSpec.read(
                Section.root(ConfigFactory.parseString("source = prepared, path = \"" + prepared + "\"")));
        Reading reading = () -> Dataset.open(spec, conf).examples(Split.TRAIN);
        fuzz(prepared.resolve("manifest.json"), reading);
        Path shard = prepared.resolve("train/part-00000.parquet");
        fuzz(
                shard,
                CHANGES / 2,
                changed -> reseal(
                        prepared.resolve("manifest.json"), manifest -> ((ObjectNode) manifest.at("/shards/train/0"))
                                .put("bytes", changed.length)
                                .put("sha256", Sha256.hex(changed))),
                reading);
    }

    /** A training that was stopped: its checkpoint, in every form under checksums that fit, its mark, its record and its summary. */
    @Test
    void trainings() throws IOException {
        files = 3;
        Path run = folder.resolve("run");
        String settings =
                """
                network.layers = [ { type = stochastic, units = 3, law = bernoulli, estimator = reinforce }, { type = output, units = 10 } ]
                data.split { train = 60, valid = 20, test = 20 }
                training { epochs = 2, batch = 10, updater { type = Adam, learning-rate = 0.01 } }
                averaging { workers = 2, steps-per-round = 1, outer { type = nesterov, momentum = 0.5 } }
                validation { patience = 3, draws = 2, examples = 8 }
                checkpoint.every = 1, arithmetic = portable
                """
                        + "output = \"" + run + "\"\n";
        Experiment experiment = Experiment.read(ConfigFactory.parseString(settings + "resume = true"));
        try (LocalSpark spark = new LocalSpark(1)) {
            Training.prepare(experiment).run(spark.context());
        }
        Reading reading = () -> {
            FinishedTraining.in(run.toString(), experiment.resume(), experiment.training());
            Training.prepare(experiment);
        };
        fuzz(run.resolve("summary.json"), FEW_CHANGES, changed -> {}, reading);
        Path mark;
        try (Stream<Path> files = Files.list(run.resolve("checkpoints"))) {
            mark = files.filter(file -> file.toString().endsWith(".json"))
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
        }
        fuzz(mark, FEW_CHANGES, changed -> {}, reading);
        Path checkpoint = mark.resolveSibling(mark.getFileName().toString().replace(".json", ".bin"));
        byte[] whole = Files.readAllBytes(checkpoint);
        Checkpoint parts = Checkpoint.of(whole);
        long began = System.nanoTime();
        for (int change = 0; !isDone(change, FEW_CHANGES, began); change++) {
            byte[] changed =
                    switch (random.nextInt(3)) {
                        case 0 -> changed(whole);
                        case 1 -> joined(mutated(parts.header(), "none"), parts.rest());
                        default -> joined(parts.header(), flipped(parts.rest()));
                    };
            write(checkpoint, changed);
            String sum = HexFormat.of().formatHex(changed, Math.max(0, changed.length - 32), changed.length);
            reseal(mark, fields -> fields.put("sha256", sum));
            refuses(reading, changed);
        }
    }

    /** The header of a file of states, and what is between it and the checksum. */
    private record Checkpoint(byte[] header, byte[] rest) {
        static Checkpoint of(byte[] whole) {
            int length =
                    ByteBuffer.wrap(whole, 8, 4).order(ByteOrder.LITTLE_ENDIAN).getInt();
            return new Checkpoint(
                    Arrays.copyOfRange(whole, 12, 12 + length),
                    Arrays.copyOfRange(whole, 12 + length, whole.length - 32));
        }
    }

    /** A sweep that was stopped: what it says of itself, and its summary. */
    @Test
    void sweeps() throws IOException {
        files = 2;
        Path output = folder.resolve("sweep");
        Config config = ConfigFactory.parseString(
                """
                network.layers = [ { type = output, units = 10 } ]
                data.split { train = 60, valid = 20, test = 20 }
                training { epochs = 1, batch = 20 }
                sweep { trials = 2, space { training.updater.learning-rate { uniform = [0.1, 0.2] } } }
                """
                        + "output = \"" + output + "\"");
        try (LocalSpark spark = new LocalSpark(1)) {
            Sweep.prepare(config)
                    .run(SparkSession.builder()
                            .config(spark.context().getConf())
                            .getOrCreate());
        }
        Config more = config.withValue("sweep.trials", ConfigValueFactory.fromAnyRef(3));
        Reading reading = () -> Sweep.prepare(more);
        fuzz(output.resolve("sweep.json"), FEW_CHANGES, changed -> {}, reading);
        Path summary = output.resolve("summary.json");
        byte[] whole = Files.readAllBytes(summary);
        long began = System.nanoTime();
        for (int change = 0; !isDone(change, FEW_CHANGES, began); change++) {
            byte[] changed = changed(whole);
            write(summary, changed);
            refuses(reading, changed);
        }
    }

    /** The header in every form, with a length and a checksum that fit. */
    @Test
    void states() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        StateFile.write(
                bytes,
                new StateFile.Content(
                        JSON.createObjectNode().put("round", 3),
                        Map.of("state", new float[] {1, 2, 3}),
                        Map.of("metrics", new byte[] {4, 5})));
        byte[] whole = bytes.toByteArray();
        Checkpoint parts = Checkpoint.of(whole);
        long began = System.nanoTime();
        for (int change = 0; !isDone(change, began); change++) {
            byte[] changed =
                    random.nextInt(4) == 0 ? flipped(whole) : joined(mutated(parts.header(), "none"), parts.rest());
            refuses(
                    () -> StateFileReader.read(new ByteArrayInputStream(changed), changed.length, "checkpoint"),
                    changed);
        }
    }

    private static byte[] joined(byte[] header, byte[] rest) {
        ByteBuffer file =
                ByteBuffer.allocate(12 + header.length + rest.length + 32).order(ByteOrder.LITTLE_ENDIAN);
        file.put("COINFLIP".getBytes(StandardCharsets.US_ASCII))
                .putInt(header.length)
                .put(header)
                .put(rest);
        byte[] content = Arrays.copyOf(file.array(), file.position());
        return file.put(HexFormat.of().parseHex(Sha256.hex(content))).array();
    }

    @Test
    void recordsAndLeases() throws IOException {
        Path output = folder.resolve("output");
        OwnFiles.of(local, path(output)).claim(List.of("summary.json", "checkpoints/round-#.bin"));
        long began = System.nanoTime();
        byte[] record = Files.readAllBytes(output.resolve(OwnFiles.RECORD));
        Lease lease = Lease.take(local, path(output), "train");
        byte[] leased = Files.readAllBytes(output.resolve(Lease.FILE));
        lease.close();
        for (int change = 0; !isDone(change, began); change++) {
            byte[] changed = changed(record);
            Files.write(output.resolve(OwnFiles.RECORD), changed);
            refuses(
                    () -> {
                        OwnFiles own = OwnFiles.of(local, path(output));
                        own.state();
                        own.foreign();
                        own.owned();
                    },
                    changed);
            byte[] other = changed(leased);
            Files.write(output.resolve(Lease.FILE), other);
            refuses(() -> Lease.requireFree(local, path(output)), other);
        }
    }

    @Test
    void journals() throws IOException {
        Path journal = Files.createDirectory(folder.resolve("journal"));
        Journal.open(local, path(journal))
                .append(List.of(new TrialRecord(
                        7, 1, "key", TrialStatus.DONE, "", 4, Map.of("loss", 0.5), List.of(), "abc", 2.5, 1, "here")));
        byte[] whole = Files.readAllBytes(journal.resolve("00000000.jsonl"));
        byte[] record =
                Files.readAllLines(journal.resolve("00000000.jsonl")).get(1).getBytes(StandardCharsets.UTF_8);
        long began = System.nanoTime();
        for (int change = 0; !isDone(change, began); change++) {
            try (Stream<Path> left = Files.list(journal)) {
                for (Path file : left.toList()) {
                    Files.delete(file);
                }
            }
            byte[] changed = random.nextBoolean() ? changed(whole) : journalOf(mutated(record, "none"));
            Files.write(journal.resolve("00000000.jsonl"), changed);
            refuses(() -> Journal.open(local, path(journal)), changed);
        }
    }

    /** A journal of one record, under a checksum that fits. */
    private static byte[] journalOf(byte[] record) throws IOException {
        byte[] body = (new String(record, StandardCharsets.UTF_8) + "\n").getBytes(StandardCharsets.UTF_8);
        ObjectNode header =
                JSON.createObjectNode().put("format", 1).put("records", 1).put("sha256", Sha256.hex(body));
        return (JSON.writeValueAsString(header) + "\n" + new String(body, StandardCharsets.UTF_8))
                .getBytes(StandardCharsets.UTF_8);
    }
}
