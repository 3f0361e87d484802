package org.coinflip.spark.ml;

import java.util.function.Function;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsReader$;
import org.apache.spark.ml.util.MLReader;

/** Reads stages that are nothing but their Params. */
final class StageReader<T extends Params> extends MLReader<T> {
    private final Class<T> type;
    private final Function<String, T> making;

    /** @param making gives a stage its uid */
    StageReader(Class<T> type, Function<String, T> making) {
        this.type = type;
        this.making = making;
    }

    @Override
    public T load(String path) {
        DefaultParamsReader.Metadata metadata = DefaultParamsReader$.MODULE$.loadMetadata(path, sc(), type.getName());
        T stage = making.apply(metadata.uid());
        metadata.getAndSetParams(stage, metadata.getAndSetParams$default$2());
        return stage;
    }
}
