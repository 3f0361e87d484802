package org.coinflip.spark.ml;

import java.io.IOException;
import org.apache.spark.SparkContext;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsReader$;
import org.apache.spark.ml.util.DefaultParamsWriter$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWriter;
import org.coinflip.spark.output.ModelDirectory;

/** The folder of a trained stage: Spark's {@code metadata/}, and {@code model/} as every job writes and reads it. */
final class StageFiles {
    private StageFiles() {}

    /** Makes a stage of what was read. */
    interface Making<T extends Params> {
        T of(String uid, StageModel model);
    }

    static MLWriter writer(Params stage, StageModel model) {
        return new MLWriter() {
            @Override
            public void saveImpl(String path) {
                DefaultParamsWriter$ metadata = DefaultParamsWriter$.MODULE$;
                metadata.saveMetadata(
                        stage, path, sc(), metadata.saveMetadata$default$4(), metadata.saveMetadata$default$5());
                try {
                    ModelDirectory.write(path + "/model", model.model().stored(), sc().hadoopConfiguration());
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException("model " + path + " cannot be written", e);
                }
            }
        };
    }

    public static <T extends Params> MLReader<T> reader(Class<T> type, Making<T> making) {
        return new MLReader<>() {
            @Override
            public T load(String path) {
                SparkContext spark = sc();
                DefaultParamsReader.Metadata metadata =
                        DefaultParamsReader$.MODULE$.loadMetadata(path, spark, type.getName());
                StageModel model = StageModel.of(ModelDirectory.read(path + "/model", spark.hadoopConfiguration()));
                T stage = making.of(metadata.uid(), model);
                metadata.getAndSetParams(stage, metadata.getAndSetParams$default$2());
                return stage;
            }
        };
    }
}
