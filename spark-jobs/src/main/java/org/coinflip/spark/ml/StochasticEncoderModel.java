package org.coinflip.spark.ml;

import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;
import org.coinflip.Model;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.layer.StochasticLayer;

/** Codes of rows: a vector of zeros and ones, a number for each unit of the topmost stochastic layer that is above one half without noise. */
public final class StochasticEncoderModel extends EncoderModelStage<StochasticEncoderModel> {
    private static final long serialVersionUID = 1L;

    private final StageModel model;

    StochasticEncoderModel(String uid, StageModel model) {
        super(uid);
        this.model = model;
    }

    /** The network as the Java library has it. */
    public Model network() {
        return model.model();
    }

    /** The number of the layer that gives the code. */
    public int layer() {
        for (int i = network().spec().layers().size() - 1; i >= 0; i--) {
            if (network().spec().layers().get(i) instanceof StochasticLayer) {
                return i;
            }
        }
        throw new UsageException("layers: got none that is stochastic, expected one whose units make the code");
    }

    /** Bits of a code. */
    public int codeLength() {
        return ((StochasticLayer) network().spec().layers().get(layer())).units();
    }

    @Override
    public Dataset<Row> transform(Dataset<?> rows) {
        StructType schema = transformSchema(rows.schema());
        StageModel coding = model;
        int layer = layer();
        int bits = codeLength();
        UDF1<Vector, Vector> code = features -> code(coding, features, layer, bits);
        return rows.withColumn(
                getOutputCol(),
                functions.udf(code, SQLDataTypes.VectorType()).apply(functions.col(getFeaturesCol())),
                schema.apply(getOutputCol()).metadata());
    }

    private static Vector code(StageModel model, Vector features, int layer, int bits) {
        long[] words = model.model().codes(new float[][] {RowExamples.numbers(features)}, layer)[0];
        double[] code = new double[bits];
        for (int j = 0; j < bits; j++) {
            code[j] = words[j / Long.SIZE] >>> j & 1L;
        }
        return Vectors.dense(code).compressed();
    }

    @Override
    public StructType transformSchema(StructType schema) {
        return withCode(schema, getFeaturesCol(), getOutputCol());
    }

    /** A schema with the column of codes, where it fits. */
    static StructType withCode(StructType schema, String features, String output) {
        if (!schema.apply(features).dataType().equals(SQLDataTypes.VectorType())) {
            throw new IllegalArgumentException("featuresCol: got column " + features + " of "
                    + schema.apply(features).dataType().catalogString() + ", expected vectors: use VectorAssembler");
        }
        if (java.util.Arrays.asList(schema.fieldNames()).contains(output)) {
            throw new IllegalArgumentException(
                    "outputCol: got " + output + ", which the rows have already, expected a new name");
        }
        return schema.add(output, SQLDataTypes.VectorType());
    }

    @Override
    public StochasticEncoderModel copy(ParamMap extra) {
        StochasticEncoderModel copy = new StochasticEncoderModel(uid(), model);
        copyValues(copy, extra);
        copy.setParent(parent());
        return copy;
    }

    @Override
    public MLWriter write() {
        return StageFiles.writer(this, model);
    }

    /** Reads one that was saved. */
    public static MLReader<StochasticEncoderModel> read() {
        return StageFiles.reader(StochasticEncoderModel.class, StochasticEncoderModel::new);
    }

    /** Reads one that was saved. */
    public static StochasticEncoderModel load(String path) {
        return read().load(path);
    }
}
