package org.coinflip.spark.output;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ContainerNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.typesafe.config.ConfigFactory;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.coinflip.data.DataSpec;
import org.coinflip.data.Dataset;
import org.coinflip.data.Preparation;
import org.coinflip.data.Split;
import org.coinflip.data.output.Lease;
import org.coinflip.data.output.OwnFiles;
import org.coinflip.model.error.CoinflipException;
import org.coinflip.model.kernel.Arithmetic;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Mode;
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
import org.coinflip.spark.checkpoint.StateFile;
import org.coinflip.spark.checkpoint.StateFileReader;
import org.coinflip.spark.sweep.journal.Journal;
import org.coinflip.spark.sweep.trial.TrialRecord;
import org.coinflip.spark.sweep.trial.TrialStatus;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files that are read back, with a few bytes or values changed at random, checksums made to fit where there are any: they are read, or
 * refused by one line of ours, and nothing else comes out. {@code -Dcoinflip.fuzz.seconds=3600} tries for as long, otherwise as many
 * changes are tried as take some seconds, always the same.
 */
class FuzzTest {
    private static final int CHANGES = 400;
    private static final long SECONDS = Long.getLong("coinflip.fuzz.seconds", 0);
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

    private final Random random = new Random(11);
    private final Configuration conf = new Configuration();

    @TempDir
    private Path folder;

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
        return SECONDS > 0 ? System.nanoTime() - began > SECONDS * 1_000_000_000L : change >= CHANGES;
    }

    /** Changes a file in many ways, one after another, and reads each. */
    private void fuzz(Path file, Reading reading) throws IOException {
        byte[] whole = Files.readAllBytes(file);
        long began = System.nanoTime();
        int refused = 0;
        int change = 0;
        for (; !isDone(change, began); change++) {
            byte[] changed = changed(whole);
            Files.write(file, changed);
            refused += refuses(reading, changed) ? 1 : 0;
        }
        Files.write(file, whole);
        reading.read();
        assertTrue(refused > 0, "none of " + change + " was refused");
    }

    private static boolean refuses(Reading reading, byte[] changed) {
        try {
            reading.read();
            return false;
        } catch (CoinflipException e) {
            assertTrue(e.getMessage().lines().count() == 1, e.getMessage());
            return true;
        } catch (IOException | RuntimeException | Error e) {
            throw new AssertionError("of " + new String(changed, StandardCharsets.ISO_8859_1), e);
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
    }

    @Test
    void preparedData() throws IOException {
        Path prepared = folder.resolve("prepared");
        Section settings = Section.root(ConfigFactory.parseString(
                "source = synthetic, features = 5, split { train = 40, valid = 10, test = 10 }"));
        Preparation.prepare(DataSpec.read(settings), prepared.toString(), 2, false, conf);
        DataSpec spec = DataSpec.read(
                Section.root(ConfigFactory.parseString("source = prepared, path = \"" + prepared + "\"")));
        Reading reading = () -> Dataset.open(spec, conf).examples(Split.TRAIN);
        fuzz(prepared.resolve("manifest.json"), reading);
        fuzz(prepared.resolve("train/part-00000.parquet"), reading);
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
        int length = ByteBuffer.wrap(whole, 8, 4).order(ByteOrder.LITTLE_ENDIAN).getInt();
        byte[] header = Arrays.copyOfRange(whole, 12, 12 + length);
        byte[] rest = Arrays.copyOfRange(whole, 12 + length, whole.length - 32);
        long began = System.nanoTime();
        for (int change = 0; !isDone(change, began); change++) {
            byte[] changed = random.nextInt(4) == 0 ? flipped(whole) : joined(mutated(header, "none"), rest);
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
        long began = System.nanoTime();
        for (int change = 0; !isDone(change, began); change++) {
            try (Stream<Path> left = Files.list(journal)) {
                for (Path file : left.toList()) {
                    Files.delete(file);
                }
            }
            byte[] changed = changed(whole);
            Files.write(journal.resolve("00000000.jsonl"), changed);
            refuses(() -> Journal.open(local, path(journal)), changed);
        }
    }
}
