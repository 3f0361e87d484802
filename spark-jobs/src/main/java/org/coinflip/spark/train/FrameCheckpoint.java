package org.coinflip.spark.train;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.coinflip.data.source.StoredBytes;
import org.coinflip.model.error.DataException;
import org.coinflip.model.example.Examples;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.noise.NoiseKey;
import org.coinflip.model.storage.Sha256;

/**
 * The state of a training on a frame, in one file whose name is a hash of the settings and of all examples: another training has another, so that
 * many share a folder. The file ends with the SHA-256 of what is before it, and takes the place of the one before when it is whole.
 */
final class FrameCheckpoint {
    private static final String FORMAT = "coinflip frame checkpoint 1";
    private static final int SHA_CHARACTERS = 64;

    private final FileSystem files;
    private final Path path;

    /** What a training goes on from. */
    record Kept(int epoch, float[] numbers) {
        void copyTo(Floats state) {
            if (numbers.length != state.length()) {
                throw new DataException("a checkpoint has " + numbers.length + " numbers, expected " + state.length()
                        + ": give an empty checkpointDir");
            }
            for (int i = 0; i < numbers.length; i++) {
                state.set(i, numbers[i]);
            }
        }
    }

    private FrameCheckpoint(FileSystem files, Path path) {
        this.files = files;
        this.path = path;
    }

    /**
     * The checkpoint of a training.
     *
     * @param settings all that the result depends on besides the examples
     */
    static FrameCheckpoint of(String folder, Configuration hadoop, String settings, JavaRDD<Examples> examples) {
        NoiseKey key = new NoiseKey(0, 0, NoiseKey.SHARDING);
        // a sum does not depend on the order
        long sum = examples.map(block -> sum(block, key)).reduce(Long::sum);
        String name =
                Sha256.hex((settings + sum).getBytes(StandardCharsets.UTF_8)).substring(0, 32);
        try {
            Path home = StoredBytes.path(folder);
            FileSystem files = home.getFileSystem(hadoop);
            files.mkdirs(home);
            return new FrameCheckpoint(files, new Path(home, name + ".checkpoint"));
        } catch (IOException e) {
            throw new UncheckedIOException("checkpointDir " + folder + " cannot be used (" + e.getMessage() + ")", e);
        }
    }

    private static long sum(Examples block, NoiseKey key) {
        long sum = 0;
        for (int i = 0; i < block.size(); i++) {
            long hash = key.longWord(block.id(i));
            hash = key.longWord(hash ^ block.label(i));
            hash = key.longWord(hash ^ (block.areValued() ? Float.floatToIntBits(block.value(i)) : 0));
            hash = key.longWord(hash ^ Float.floatToIntBits(block.weight(i)));
            for (int j = 0; j < block.width(); j++) {
                hash = key.longWord(hash ^ Float.floatToIntBits(block.feature(i, j)));
            }
            sum += hash;
        }
        return sum;
    }

    /** What was kept last; nothing in a training that begins. */
    Optional<Kept> read() {
        try {
            if (!files.exists(path)) {
                return Optional.empty();
            }
            byte[] all;
            try (FSDataInputStream in = files.open(path)) {
                all = in.readAllBytes();
            }
            int length = all.length - SHA_CHARACTERS;
            if (length < 0
                    || !Sha256.hex(java.util.Arrays.copyOf(all, length))
                            .equals(new String(all, length, SHA_CHARACTERS, StandardCharsets.US_ASCII))) {
                throw new DataException("checkpoint " + path + " is damaged, expected it as it was written: remove it");
            }
            DataInputStream in = new DataInputStream(new ByteArrayInputStream(all, 0, length));
            String format = in.readUTF();
            if (!format.equals(FORMAT)) {
                throw new DataException("checkpoint " + path + " is a " + format + ", expected " + FORMAT
                        + ": go on with the version that wrote it, or remove it");
            }
            int epoch = in.readInt();
            float[] numbers = new float[in.readInt()];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = in.readFloat();
            }
            return Optional.of(new Kept(epoch, numbers));
        } catch (IOException e) {
            throw new UncheckedIOException("checkpoint " + path + " cannot be read (" + e.getMessage() + ")", e);
        }
    }

    /** Keeps the state after an epoch. */
    void write(int epoch, StateVector state) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Path next = path.suffix(".next");
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeUTF(FORMAT);
            out.writeInt(epoch);
            out.writeInt(state.values().length);
            for (float number : state.values()) {
                out.writeFloat(number);
            }
            byte[] content = bytes.toByteArray();
            try (FSDataOutputStream file = files.create(next, true)) {
                file.write(content);
                file.write(Sha256.hex(content).getBytes(StandardCharsets.US_ASCII));
            }
            delete();
            if (!files.rename(next, path)) {
                throw new IOException(next + " cannot be renamed");
            }
        } catch (IOException e) {
            throw new UncheckedIOException("checkpoint " + path + " cannot be written (" + e.getMessage() + ")", e);
        }
    }

    /** Removes what was kept. */
    void delete() {
        try {
            files.delete(path, false);
        } catch (IOException e) {
            throw new UncheckedIOException("checkpoint " + path + " cannot be removed (" + e.getMessage() + ")", e);
        }
    }
}
