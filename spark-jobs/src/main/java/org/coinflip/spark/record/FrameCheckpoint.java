package org.coinflip.spark.record;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.coinflip.data.output.WholeFile;
import org.coinflip.data.source.file.StoredBytes;
import org.coinflip.model.error.DataException;
import org.coinflip.model.example.Examples;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.noise.NoiseKey;
import org.coinflip.model.storage.Sha256;
import org.coinflip.spark.checkpoint.Snapshot;
import org.coinflip.spark.checkpoint.StateFile;
import org.coinflip.spark.checkpoint.StateFileReader;
import org.coinflip.spark.state.StateVector;

/**
 * The state of a training on a frame, in one {@link StateFile} whose name is a hash of the settings and of all examples: another training has another,
 * so that many share a folder. It takes the place of the one before when it is whole.
 */
public final class FrameCheckpoint {
    private static final String EPOCH = "epoch";

    private final FileSystem files;
    private final Path path;

    /** What a training goes on from. */
    public record Kept(int epoch, float[] numbers) {
        public void copyTo(Floats state) {
            if (numbers.length != state.length()) {
                throw new DataException("a checkpoint has " + numbers.length + " numbers, expected " + state.length()
                        + ": give an empty checkpointDir");
            }
            state.set(numbers);
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
    public static FrameCheckpoint of(String folder, Configuration hadoop, String settings, JavaRDD<Examples> examples) {
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
            for (int j = 0; j < Math.max(1, block.targets()); j++) {
                hash = key.longWord(hash ^ (block.areValued() ? Float.floatToIntBits(block.value(i, j)) : 0));
            }
            hash = key.longWord(hash ^ Float.floatToIntBits(block.weight(i)));
            for (int j = 0; j < block.width(); j++) {
                hash = key.longWord(hash ^ Float.floatToIntBits(block.feature(i, j)));
            }
            sum += hash;
        }
        return sum;
    }

    /** What was kept last; nothing in a training that begins. */
    public Optional<Kept> read() {
        try {
            if (!files.exists(path)) {
                return Optional.empty();
            }
            StateFile.Content content = StateFileReader.read(files, path, "checkpoint " + path);
            int epoch = content.about().path(EPOCH).asInt();
            return Optional.of(new Kept(epoch, content.vectors().get(Snapshot.STATE)));
        } catch (DataException e) {
            throw new DataException(e.getMessage() + ", expected it as it was written: remove it", e);
        } catch (IOException e) {
            throw new UncheckedIOException("checkpoint " + path + " cannot be read (" + e.getMessage() + ")", e);
        }
    }

    /** Keeps the state after an epoch. */
    public void write(int epoch, StateVector state) {
        StateFile.Content content = new StateFile.Content(
                JsonNodeFactory.instance.objectNode().put(EPOCH, epoch),
                Map.of(Snapshot.STATE, state.values()),
                Map.of());
        try {
            WholeFile.write(files, path, out -> StateFile.write(out, content));
        } catch (IOException e) {
            throw new UncheckedIOException("checkpoint " + path + " cannot be written (" + e.getMessage() + ")", e);
        }
    }

    /** Removes what was kept. */
    public void delete() {
        try {
            files.delete(path, false);
        } catch (IOException e) {
            throw new UncheckedIOException("checkpoint " + path + " cannot be removed (" + e.getMessage() + ")", e);
        }
    }
}
