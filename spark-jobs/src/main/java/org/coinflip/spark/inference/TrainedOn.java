package org.coinflip.spark.inference;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import org.apache.hadoop.fs.Path;
import org.coinflip.data.source.file.StoredBytes;
import org.coinflip.model.error.DataException;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.settings.Section;
import org.coinflip.model.storage.Sealed;
import org.coinflip.spark.output.HadoopConfiguration;
import org.coinflip.spark.output.ModelDirectory;
import org.coinflip.spark.output.Reason;

/** The data that a model was trained on, by the summary beside it: what it is evaluated on, and predicts, where no other source is named. */
final class TrainedOn {
    private static final ObjectMapper JSON = new ObjectMapper();

    private TrainedOn() {}

    /**
     * The settings with the data of the training below them, where they name a model and no source: {@code data.path} alone is another file of
     * the same form.
     *
     * @throws UsageException where it is not known what the model was trained on
     */
    static Config complete(Config config) {
        if (config.hasPath("data.source") || !config.hasPath("model")) {
            return config;
        }
        String model = Section.root(config).text("model");
        // of relative names too
        Path summary = new Path(StoredBytes.path(model), "../summary.json");
        JsonNode data = data(summary);
        if (data.path("source").isMissingNode()) {
            // a model that is missing itself is told of by who reads it
            ModelDirectory.read(model, HadoopConfiguration.ofDriver());
            throw new UsageException("data.source: got nothing, and no " + summary
                    + " that says what the model was trained on, expected the examples: give data.source");
        }
        return config.withFallback(ConfigFactory.parseString(data.toString()).atKey("data"));
    }

    private static JsonNode data(Path summary) {
        try (InputStream in =
                summary.getFileSystem(HadoopConfiguration.ofDriver()).open(summary)) {
            JsonNode tree = JSON.readTree(in);
            Sealed.damage(tree, false).ifPresent(how -> {
                throw new DataException(summary + " is damaged (" + how
                        + "), expected what the model was trained on: give data.source");
            });
            return tree.at("/config/data");
        } catch (FileNotFoundException e) {
            return JSON.missingNode();
        } catch (IOException | IllegalArgumentException e) {
            throw new DataException(
                    summary + " cannot be read (" + Reason.of(e)
                            + "), expected what the model was trained on: give data.source",
                    e);
        }
    }
}
