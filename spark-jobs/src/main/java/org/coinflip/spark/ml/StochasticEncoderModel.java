package org.coinflip.spark.ml;

import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.coinflip.Model;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.layer.stochastic.StochasticLayer;

/** Codes of rows: a vector of zeros and ones, a number for each unit of the topmost stochastic layer that is above one half without noise. */
public final class StochasticEncoderModel extends EncoderModelStage<StochasticEncoderModel> {
    private static final long serialVersionUID = 1L;

    private final StageModel model;

    /** One without a network, as Spark Connect makes one of each class of stages to learn its name. */
    public StochasticEncoderModel() {
        this(Identifiable$.MODULE$.randomUID("stochasticEncoderModel"));
    }

    /** One without a network, with this uid. */
    public StochasticEncoderModel(String uid) {
        this(uid, null);
    }

    StochasticEncoderModel(String uid, StageModel model) {
        super(uid);
        this.model = model;
    }

    /** The network as the Java library has it. */
    public Model network() {
        return StageModel.trained(model).model();
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

    public StochasticEncoderModel setFeaturesCol(String value) {
        set(featuresCol(), value);
        return this;
    }

    public StochasticEncoderModel setFeaturesCols(String... value) {
        set(featuresCols(), value);
        return this;
    }

    public StochasticEncoderModel setOutputCol(String value) {
        set(outputCol(), value);
        return this;
    }

    /** Bits of a code. */
    public int codeLength() {
        return ((StochasticLayer) network().spec().layers().get(layer())).units();
    }

    @Override
    public Dataset<Row> transform(Dataset<?> rows) {
        StageModel coding = model;
        int layer = layer();
        int bits = codeLength();
        RowBatches.Columns codes = features -> codes(coding, features, layer, bits);
        return RowBatches.add(rows, FeatureInput.column(this), transformSchema(rows.schema()), codes);
    }

    private static Object[][] codes(StageModel model, float[][] features, int layer, int bits) {
        long[][] words = model.model().codes(features, layer);
        Object[][] codes = new Object[words.length][];
        for (int i = 0; i < codes.length; i++) {
            double[] code = new double[bits];
            for (int j = 0; j < bits; j++) {
                code[j] = words[i][j / Long.SIZE] >>> j & 1L;
            }
            codes[i] = new Object[] {Vectors.dense(code).compressed()};
        }
        return codes;
    }

    @Override
    public StructType transformSchema(StructType schema) {
        return withCode(this, schema, getOutputCol());
    }

    /** A schema with the column of codes, where it fits. */
    static StructType withCode(HasFeatureColumns stage, StructType schema, String output) {
        FeatureInput.check(stage, schema);
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
        return StageFiles.writer(this, StageModel.trained(model));
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
