package org.coinflip.spark.sweep.trial;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.io.Serializable;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.util.SerializableConfiguration;
import org.coinflip.data.output.WholeFile;
import org.coinflip.model.error.DataException;
import org.coinflip.spark.checkpoint.StateFile;
import org.coinflip.spark.checkpoint.StateFileReader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The states that trials leave at rungs, each a {@link StateFile}. A state that is missing or damaged is none: the trial is then trained
 * again from its start, to the same bits.
 */
public final class Checkpoints implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(Checkpoints.class);

    private final String folder;
    private final SerializableConfiguration conf;

    public Checkpoints(String folder, Configuration conf) {
        this.folder = folder;
        this.conf = new SerializableConfiguration(conf);
    }

    void write(int trial, int rung, Map<String, float[]> vectors) throws IOException {
        Path target = path(trial, rung);
        StateFile.Content content = new StateFile.Content(
                JsonNodeFactory.instance.objectNode().put("trial", trial).put("rung", rung), vectors, Map.of());
        WholeFile.write(target.getFileSystem(conf.value()), target, out -> StateFile.write(out, content));
    }

    /** The vectors that a trial left at a rung, if they are there and whole. */
    public Optional<Map<String, float[]>> read(int trial, int rung) {
        Path path = path(trial, rung);
        try {
            return Optional.of(StateFileReader.read(path.getFileSystem(conf.value()), path, "checkpoint " + path)
                    .vectors());
        } catch (IOException | DataException e) {
            LOG.warn("{}: trial {} is trained from its start", e.getMessage(), trial);
            return Optional.empty();
        }
    }

    private Path path(int trial, int rung) {
        return new Path(folder, "trial-" + trial + "-rung-" + rung + ".bin");
    }
}
