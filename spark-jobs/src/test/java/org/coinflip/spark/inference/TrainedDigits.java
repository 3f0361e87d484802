package org.coinflip.spark.inference;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.coinflip.data.DataSpec;
import org.coinflip.data.Preparation;
import org.coinflip.data.raw.RawExamples;
import org.coinflip.data.source.DigitsSource;
import org.coinflip.model.example.ByteFeatures;
import org.coinflip.model.settings.Section;
import org.coinflip.spark.experiment.Experiment;
import org.coinflip.spark.train.Training;

/** A small network trained for an epoch on the embedded digits, and these digits in other forms. */
public final class TrainedDigits {
    private static final String EXPERIMENT =
            """
            name = tiny, seed = 7
            network.layers = [ { type = stochastic, units = 30, law = bernoulli, estimator = straight-through }
                               { type = output, units = 10 } ]
            training { batch = 16, epochs = 1, updater { type = Sgd, learning-rate = 0.2 } }
            evaluation { mode = samples, draws = 3 }
            validation { draws = 2, examples = 16 }
            """;

    private static final RawExamples RAW =
            new DigitsSource().read(new Configuration()).development();

    private final Path folder;

    /** Trains into {@code folder/run}. */
    public TrainedDigits(JavaSparkContext spark, Path folder) {
        this.folder = folder;
        Config config = config(EXPERIMENT + "output = \"" + folder.resolve("run") + "\"");
        Training.prepare(Experiment.read(config)).run(spark);
    }

    /** The model's folder. */
    public String model() {
        return folder.resolve("run/model").toString();
    }

    /** The training's summary. */
    public JsonNode summary() {
        return json(folder.resolve("run/summary.json"));
    }

    /** A folder with the digits, prepared; made when it is not there. */
    public String prepared(String rule) {
        String output =
                folder.resolve("prepared-" + rule.replaceAll("\\W+", "-")).toString();
        if (!Files.exists(Path.of(output))) {
            DataSpec spec = DataSpec.read(Section.root(config(rule)));
            Preparation.prepare(spec, output, 3, false, new Configuration());
        }
        return output;
    }

    /** The first digits as an IDX file of images, gzipped. */
    public String images(int count) {
        ByteArrayOutputStream stored = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(stored)) {
            out.write(ByteBuffer.allocate(16)
                    .putInt(0x0803)
                    .putInt(count)
                    .putInt(8)
                    .putInt(8)
                    .array());
            out.write(((ByteFeatures) RAW.features()).bytes(), 0, count * RAW.width());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return write("images.gz", stored.toByteArray());
    }

    /** The first digits as a CSV table, the label in the last column. */
    public String table(int count, int features) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < features; j++) {
                text.append(RAW.features().get(i, j)).append(',');
            }
            text.append(RAW.label(i)).append('\n');
        }
        return write("table.csv", text.toString().getBytes(StandardCharsets.UTF_8));
    }

    private String write(String name, byte[] content) {
        try {
            return Files.write(folder.resolve(name), content).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Settings as a user writes them. */
    public static Config config(String written) {
        return ConfigFactory.parseString(written);
    }

    static JsonNode json(Path file) {
        try {
            return new ObjectMapper().readTree(file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The session of a context that runs. */
    static SparkSession session(JavaSparkContext spark) {
        return SparkSession.builder().config(spark.getConf()).getOrCreate();
    }
}
