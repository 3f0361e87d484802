package org.coinflip.spark.explanation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.coinflip.data.DataSpec;
import org.coinflip.data.source.file.StoredBytes;
import org.coinflip.model.error.DataException;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.storage.Sealed;
import org.coinflip.spark.experiment.Experiment;
import org.coinflip.spark.output.Reason;

/**
 * What {@code model} names, and the summary of the training that it is of.
 *
 * @param kind what is there
 * @param training folder of the training
 * @param checkpoint its name; empty of others
 * @param summary of the training; missing where there is none
 */
record ExplainedFolder(Kind kind, Path training, String checkpoint, JsonNode summary) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CHECKPOINT = "round-\\d{8,10}";

    /** What may be named. */
    enum Kind {
        /** The output of a training: its own steps are looked at. */
        TRAINING,
        /** Parameters after some rounds. */
        CHECKPOINT,
        /** Parameters alone. */
        MODEL
    }

    static ExplainedFolder find(String named, Configuration conf) {
        Path path = StoredBytes.path(named);
        String name = path.getName().replaceFirst("\\.(bin|json)$", "");
        try {
            FileSystem files = path.getFileSystem(conf);
            if (name.matches(CHECKPOINT)) {
                Path training = new Path(path, "../..");
                return new ExplainedFolder(Kind.CHECKPOINT, training, name, required(files, training));
            }
            if (files.exists(new Path(path, "model.json"))) {
                Path training = new Path(path, "..");
                return new ExplainedFolder(
                        Kind.MODEL, training, "", summary(files, training).orElse(JSON.missingNode()));
            }
            if (files.exists(new Path(path, "summary.json")) || files.exists(new Path(path, "metrics.jsonl"))) {
                return new ExplainedFolder(Kind.TRAINING, path, "", required(files, path));
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new DataException(
                    "model " + named + " cannot be read (" + Reason.of(e)
                            + "), expected the output of a training: look at" + " its permissions and its file system",
                    e);
        }
        throw new DataException(
                "model " + named + " cannot be read (there is neither summary.json nor model.json), expected"
                        + " the output of a training, its model/, or a checkpoint such as out/digits/checkpoints/round-00000100");
    }

    private static JsonNode required(FileSystem files, Path training) throws IOException {
        JsonNode summary = summary(files, training)
                .orElseThrow(() -> new DataException("model: " + training
                        + " has no summary.json, expected a training that has ended: let it end, by resume=true where it was"
                        + " stopped"));
        if (!summary.path("job").asText().equals("train")) {
            throw new DataException("model: " + training + " holds what "
                    + summary.path("job").asText("another job") + " wrote, expected a training: name its folder");
        }
        return summary;
    }

    private static Optional<JsonNode> summary(FileSystem files, Path training) throws IOException {
        Path file = new Path(training, "summary.json");
        try (InputStream in = files.open(file)) {
            JsonNode summary = JSON.readTree(in);
            Sealed.damage(summary, false).ifPresent(how -> {
                throw new DataException(
                        file + " is damaged (" + how + "), expected what a training wrote: copy it again");
            });
            if (summary.at("/config/environment").isObject()) {
                throw new UsageException(
                        "model: got a policy, which earns rewards in an environment, expected a network that was"
                                + " trained on examples: name another training");
            }
            return Optional.of(summary);
        } catch (FileNotFoundException e) {
            return Optional.empty();
        }
    }

    /** The training as it was told, on data that may lie elsewhere. */
    Experiment experiment(Optional<DataSpec> data) {
        Config config = ConfigFactory.parseString(summary.path("config").toString());
        return Experiment.read(data.map(spec -> config.withValue("data", ConfigValueFactory.fromMap(spec.asMap())))
                .orElse(config));
    }

    /** The data of the training. */
    Optional<DataSpec> data() {
        JsonNode data = summary.at("/config/data");
        return data.isObject() ? Optional.of(DataSpec.parse(data.toString())) : Optional.empty();
    }

    /** Epochs that the training was to have; 0 where it is not known. */
    int epochs() {
        return summary.at("/config/training/epochs").asInt(0);
    }
}
