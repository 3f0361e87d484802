package org.coinflip.spark.output;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ContainerNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.coinflip.model.error.CoinflipException;
import org.coinflip.model.storage.Sealed;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files that are read back, with a few bytes or values changed at random, checksums made to fit where there are any: they are read, or
 * refused by one line of ours, and nothing else comes out, in bounded time. {@code -Dcoinflip.fuzz.seconds=3600} tries each kind for as long, {@code
 * -Dcoinflip.fuzz.seed=2} others; otherwise as many changes are tried as take some seconds, always the same.
 */
abstract class ChangedFiles {
    static final int CHANGES = 400;
    /** Of what takes longer to read. */
    static final int FEW_CHANGES = 60;

    /** That no reading takes, however loaded the machine is. */
    private static final long MOST_SECONDS = 60;

    private static final long SECONDS = Long.getLong("coinflip.fuzz.seconds", 0);
    private static final long SEED = Long.getLong("coinflip.fuzz.seed", 11);
    static final ObjectMapper JSON = new ObjectMapper();
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

    final Random random = new Random(SEED);
    final Configuration conf = new Configuration();

    @TempDir
    Path folder;

    /** That a kind has, each changed for its part of the time. */
    int files = 1;

    FileSystem local;

    /** Reads something and may refuse it. */
    interface Reading {
        void read() throws IOException;
    }

    /** Makes what else a file's reader looks at fit the file as it was changed. */
    interface Fitting {
        void fit(byte[] changed) throws IOException;
    }

    @BeforeEach
    void open() throws IOException {
        local = FileSystem.getLocal(conf).getRawFileSystem();
    }

    org.apache.hadoop.fs.Path path(Path path) {
        return new org.apache.hadoop.fs.Path(path.toUri());
    }

    boolean isDone(int change, long began) {
        return isDone(change, CHANGES, began);
    }

    boolean isDone(int change, int most, long began) {
        return SECONDS > 0 ? System.nanoTime() - began > SECONDS * 1_000_000_000L / files : change >= most;
    }

    /** Changes a file in many ways, one after another, and reads each. */
    void fuzz(Path file, Reading reading) throws IOException {
        fuzz(file, CHANGES, changed -> {}, reading);
    }

    void fuzz(Path file, int most, Fitting fitting, Reading reading) throws IOException {
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
    static void write(Path file, byte[] content) throws IOException {
        Files.write(file, content);
        Files.deleteIfExists(file.resolveSibling("." + file.getFileName() + ".crc"));
    }

    /** Changes a sealed document, and its seal with it. */
    static void reseal(Path file, Consumer<ObjectNode> change) throws IOException {
        ObjectNode document = (ObjectNode) JSON.readTree(file.toFile());
        change.accept(document);
        write(file, JSON.writeValueAsBytes(Sealed.seal(document)));
    }

    static boolean refuses(Reading reading, byte[] changed) {
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

    byte[] changed(byte[] whole) throws IOException {
        return switch (random.nextInt(whole[0] == '{' ? 4 : 2)) {
            case 0 -> flipped(whole);
            case 1 -> random.nextBoolean()
                    ? Arrays.copyOf(whole, random.nextInt(whole.length))
                    : Arrays.copyOf(whole, whole.length + 1 + random.nextInt(8));
            default -> mutated(whole, Sealed.FIELD);
        };
    }

    byte[] flipped(byte[] whole) {
        byte[] changed = whole.clone();
        for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
            changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return changed;
    }

    /** A value of the tree is another, is gone or is twice there; the seal, where there is one, is right. */
    byte[] mutated(byte[] whole, String seal) throws IOException {
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
}
