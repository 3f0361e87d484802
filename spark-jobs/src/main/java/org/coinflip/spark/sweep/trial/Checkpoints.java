package org.coinflip.spark.sweep.trial;

import java.io.IOException;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.util.SerializableConfiguration;
import org.coinflip.spark.train.StateVector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The states that trials leave at rungs: raw little-endian float32 after a checksum, written under another name and renamed. A state that
 * is missing or damaged is none: the trial is then trained again from its start, to the same bits.
 */
public final class Checkpoints implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(Checkpoints.class);
    private static final int HEADER = Long.BYTES;

    private final String folder;
    private final SerializableConfiguration conf;

    public Checkpoints(String folder, Configuration conf) {
        this.folder = folder;
        this.conf = new SerializableConfiguration(conf);
    }

    void write(int trial, int rung, StateVector state) throws IOException {
        float[] values = state.values();
        ByteBuffer bytes =
                ByteBuffer.allocate(HEADER + values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.position(HEADER);
        bytes.asFloatBuffer().put(values);
        bytes.putLong(0, checksum(bytes.array()));
        Path target = path(trial, rung);
        Path unfinished = new Path(target.getParent(), "." + target.getName() + "." + System.nanoTime());
        FileSystem fileSystem = target.getFileSystem(conf.value());
        try (FSDataOutputStream out = fileSystem.create(unfinished, true)) {
            out.write(bytes.array());
        }
        fileSystem.delete(target, false);
        if (!fileSystem.rename(unfinished, target)) {
            throw new IOException(target + " could not be renamed into place");
        }
    }

    /** The state that a trial left at a rung, if it is there and whole. */
    Optional<StateVector> read(int trial, int rung) {
        Path path = path(trial, rung);
        try (FSDataInputStream in = path.getFileSystem(conf.value()).open(path)) {
            byte[] bytes = in.readAllBytes();
            ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
            if (bytes.length < HEADER || buffer.getLong(0) != checksum(bytes)) {
                LOG.warn("checkpoint {} is damaged: trial {} is trained from its start", path, trial);
                return Optional.empty();
            }
            float[] values = new float[(bytes.length - HEADER) / Float.BYTES];
            buffer.position(HEADER)
                    .slice()
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer()
                    .get(values);
            return Optional.of(new StateVector(values));
        } catch (IOException e) {
            LOG.warn(
                    "checkpoint {} cannot be read ({}): trial {} is trained from its start",
                    path,
                    e.getMessage(),
                    trial);
            return Optional.empty();
        }
    }

    private Path path(int trial, int rung) {
        return new Path(folder, "trial-" + trial + "-rung-" + rung + ".bin");
    }

    private static long checksum(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, HEADER, bytes.length - HEADER);
        return crc.getValue();
    }
}
