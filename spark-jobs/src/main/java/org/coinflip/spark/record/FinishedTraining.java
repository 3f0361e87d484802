package org.coinflip.spark.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.coinflip.data.source.file.StoredBytes;
import org.coinflip.model.error.DataException;
import org.coinflip.model.error.DivergenceException;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.storage.Sealed;
import org.coinflip.model.training.TrainingSpec;
import org.coinflip.spark.checkpoint.Identity;
import org.coinflip.spark.experiment.Resume;
import org.coinflip.spark.output.HadoopConfiguration;
import org.coinflip.spark.output.Reason;
import org.coinflip.spark.output.RunDirectory;

/** A training that was asked to go on, and is at its end: who starts it until it is done may start it once too often. */
public final class FinishedTraining {
    /** All that its bits depended on, in the summary. */
    public static final String IDENTITY = "identity";

    private static final ObjectMapper JSON = new ObjectMapper();

    private FinishedTraining() {}

    /**
     * Whether a training that is to go on is at its end already. That its settings are the same is for its checkpoints to say.
     *
     * @param training that it is to have: where it ended after fewer epochs, or for want of less time, it is not at its end
     * @return what it ended with, in a line
     * @throws DivergenceException where it diverged: it would again
     */
    public static Optional<String> in(String output, Resume resume, TrainingSpec training) {
        if (!resume.isLatest()) {
            return Optional.empty();
        }
        Path file = new Path(StoredBytes.path(output), "summary.json");
        try (InputStream in = file.getFileSystem(HadoopConfiguration.ofDriver()).open(file)) {
            JsonNode summary = JSON.readTree(in);
            requireWhole(file, summary);
            if (!summary.path("job").asText().equals("train")) {
                throw new UsageException("output " + output + " holds what "
                        + summary.path("job").asText() + " wrote, expected a training to go on with: name its folder");
            }
            if (summary.path("status").asText().equals("diverged")) {
                throw new DivergenceException(summary.path("reason").asText() + "; the last good model is in "
                        + new Path(StoredBytes.path(output), "model")
                        + ": it would diverge again, change the settings");
            }
            JsonNode before = summary.at("/config/training");
            boolean isLonger = before.path("epochs").asInt(training.epochs()) < training.epochs();
            boolean wantedTime = summary.has(TrainingRecord.ENDED_BY)
                    && (training.maxSeconds() == 0
                            || training.maxSeconds()
                                    > before.path(TrainingSpec.MAX_SECONDS).asDouble());
            if (isLonger || wantedTime) {
                return Optional.empty();
            }
            return Optional.of(output + " is done already: parameters "
                    + summary.path("parametersSha256").asText());
        } catch (FileNotFoundException e) {
            return Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            throw new UsageException(
                    "output " + output + " cannot be read (" + Reason.of(e)
                            + "), expected a training's summary.json: look at its permissions and its file system, or name another output",
                    e);
        }
    }

    private static void requireWhole(Path file, JsonNode summary) {
        Sealed.damage(summary, false).ifPresent(how -> {
            throw new DataException(
                    file + " is damaged (" + how
                            + "): copy it again, or remove it: with resume=true the training then goes on to its end once more");
        });
    }

    /**
     * Refuses to go on where a training ended that kept no checkpoint and was another.
     *
     * @throws UsageException that names the first setting in which it was, the number of epochs too
     */
    static void requireSame(RunDirectory run, Identity identity) {
        Path file = run.path("summary.json");
        try (InputStream in = run.fileSystem().open(file)) {
            JsonNode summary = JSON.readTree(in);
            requireWhole(file, summary);
            JsonNode there = summary.path(IDENTITY);
            if (there.isMissingNode()) {
                return;
            }
            identity.difference(there).ifPresent(difference -> {
                throw new UsageException("output " + run.path("")
                        + " holds a training that is done and kept no checkpoint ("
                        + difference + "), expected one of the same settings: give those, name another output, or begin"
                        + " anew with overwrite=true");
            });
        } catch (FileNotFoundException e) {
            // it has not ended
        } catch (IOException e) {
            throw new UsageException(
                    file + " cannot be read (" + Reason.of(e)
                            + "), expected a training's summary: look at its permissions and its file system, or name another output",
                    e);
        }
    }
}
