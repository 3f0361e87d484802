package org.coinflip.spark.inference;

import com.typesafe.config.Config;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.coinflip.data.output.OwnFiles;
import org.coinflip.data.raw.IdTexts;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.settings.Section;
import org.coinflip.spark.output.Reason;
import org.coinflip.spark.output.RunDirectory;
import org.coinflip.spark.preflight.SparkSettings;
import org.coinflip.spark.state.StateVector;

/**
 * What a trained network says of examples, labelled or not: a table in {@code predictions/} of the output, see {@link
 * Predictor#columns}. It is computed beside the output and renamed when it is whole; where that fails, tasks that still run may go on
 * writing there, which is why it is deleted when the program ends, too. A row is a function of the model, the
 * example and the seed, whatever the partitions.
 */
public final class Prediction {
    private static final String TABLE = "predictions";

    private final Inference inference;
    private final PredictionFormat format;

    private Prediction(Inference inference, PredictionFormat format) {
        this.inference = inference;
        this.format = format;
    }

    /** Reads the settings and refuses what cannot be carried out; writes nothing and needs no Spark. */
    public static Prediction prepare(Config config) {
        PredictionSpec spec = PredictionSpec.read(Section.root(TrainedOn.complete(config)));
        return new Prediction(Inference.open(spec.inference()), spec.format());
    }

    /** Predicts, writes the table and {@code summary.json}, and prints where they are. */
    public Map<String, Object> run(SparkSession session) {
        try (RunDirectory.Hold hold = inference.run().hold("predict")) {
            return runHeld(session);
        }
    }

    private Map<String, Object> runHeld(SparkSession session) {
        JavaSparkContext spark = JavaSparkContext.fromSparkContext(session.sparkContext());
        SparkSettings.require(spark.getConf());
        RunDirectory run = inference.run();
        Path whole = run.path("");
        Path unfinished = OwnFiles.scratch(whole.getParent());
        try {
            run.fileSystem().mkdirs(unfinished);
            run.fileSystem().deleteOnExit(unfinished);
            Path table = new Path(unfinished, TABLE);
            int files = write(session, spark, table.toString());
            run.create("summary.json");
            run.publish(table, TABLE);
            OwnFiles.discard(run.fileSystem(), unfinished);
            Map<String, Object> summary = inference.summary("predict");
            summary.put("format", format.toString());
            summary.put("files", files);
            Map<String, Object> config = inference.spec().write(inference.evaluation(), inference.seed());
            config.put("format", format.toString());
            inference.finish(summary, config, spark);
            run.writeSealed("summary.json", summary);
            System.out.printf(
                    Locale.ROOT,
                    "%s on %s %s: %d predictions in %d files, %.1f s%npredictions %s%n",
                    inference.spec().model(),
                    inference.spec().split(),
                    inference.examples().name(),
                    inference.examples().size(),
                    files,
                    inference.seconds(),
                    run.path(TABLE));
            return summary;
        } catch (IOException e) {
            discard(run.fileSystem(), unfinished, e);
            throw new UsageException(
                    "output " + whole + " cannot be written (" + Reason.of(e) + "): " + Reason.remedy(e), e);
        } catch (RuntimeException e) {
            discard(run.fileSystem(), unfinished, e);
            throw e;
        }
    }

    /** Writes the table and gives the number of its files. */
    private int write(SparkSession session, JavaSparkContext spark, String folder) {
        Broadcast<StateVector> vector =
                spark.broadcast(StateVector.of(inference.model().state()));
        Broadcast<IdTexts> idTexts = spark.broadcast(inference.examples().idTexts());
        try {
            StructType columns = Predictor.columns(
                    inference.examples().isLabelled(),
                    inference.model().network().spec(),
                    inference.model().transformation().naming(),
                    Predictor.spreads(inference),
                    !inference.examples().idTexts().areNone());
            JavaRDD<Row> rows = inference.shardsOfFiles(spark).mapPartitions(new Predictor(inference, vector, idTexts));
            format.write(session.createDataFrame(rows, columns), folder);
            return rows.getNumPartitions();
        } finally {
            vector.destroy();
            idTexts.destroy();
        }
    }

    /** Cleaning up never hides what went wrong. */
    private static void discard(FileSystem fileSystem, Path unfinished, Exception cause) {
        try {
            OwnFiles.discard(fileSystem, unfinished);
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }
}
