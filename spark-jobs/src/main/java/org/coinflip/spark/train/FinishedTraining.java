package org.coinflip.spark.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.coinflip.data.source.StoredBytes;
import org.coinflip.model.error.DivergenceException;
import org.coinflip.model.error.UsageException;
import org.coinflip.spark.experiment.Resume;
import org.coinflip.spark.output.HadoopConfiguration;
import org.coinflip.spark.output.Reason;

/** A training that was asked to go on, and is at its end: who starts it until it is done may start it once too often. */
public final class FinishedTraining {
    private FinishedTraining() {}

    /**
     * Whether a training that is to go on is at its end already. That its settings are the same is for its checkpoints to say.
     *
     * @param epochs that it is to have: where it ended after fewer, it is not at its end
     * @return what it ended with, in a line
     * @throws DivergenceException where it diverged: it would again
     */
    public static Optional<String> in(String output, Resume resume, int epochs) {
        if (!resume.isLatest()) {
            return Optional.empty();
        }
        Path file = new Path(StoredBytes.path(output), "summary.json");
        try (InputStream in = file.getFileSystem(HadoopConfiguration.ofDriver()).open(file)) {
            JsonNode summary = new ObjectMapper().readTree(in);
            if (!summary.path("job").asText().equals("train")) {
                throw new UsageException("output " + output + " holds what "
                        + summary.path("job").asText() + " wrote, expected a training to go on with: name its folder");
            }
            if (summary.path("status").asText().equals("diverged")) {
                throw new DivergenceException(summary.path("reason").asText() + "; the last good model is in "
                        + new Path(StoredBytes.path(output), "model")
                        + ": it would diverge again, change the settings");
            }
            if (summary.at("/config/training/epochs").asInt(epochs) < epochs) {
                return Optional.empty();
            }
            return Optional.of(output + " is done already: parameters "
                    + summary.path("parametersSha256").asText());
        } catch (FileNotFoundException e) {
            return Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            throw new UsageException("output " + output + " cannot be read (" + Reason.of(e) + "): name another", e);
        }
    }
}
