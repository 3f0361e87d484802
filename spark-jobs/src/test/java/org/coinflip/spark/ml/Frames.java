package org.coinflip.spark.ml;

import com.typesafe.config.ConfigFactory;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.coinflip.data.DataSpec;
import org.coinflip.data.Split;
import org.coinflip.model.example.Examples;
import org.coinflip.model.settings.Section;

/** The UCI digits as frames: id, label, features scaled to [0, 1], as the job train sees them. */
final class Frames {
    static final String DATA = "source = digits, split { train = 300, valid = 250, test = 250 }";

    private Frames() {}

    static Examples digits(Split split) {
        return org.coinflip.data.Dataset.open(
                        DataSpec.read(Section.root(ConfigFactory.parseString(DATA))), new Configuration())
                .examples(split);
    }

    static Dataset<Row> of(SparkSession spark, Examples examples, int partitions) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < examples.size(); i++) {
            double[] features = new double[examples.width()];
            for (int j = 0; j < features.length; j++) {
                features[j] = examples.feature(i, j);
            }
            // every other vector sparse
            rows.add(RowFactory.create(
                    examples.id(i),
                    (double) examples.label(i),
                    i % 2 == 0
                            ? Vectors.dense(features)
                            : Vectors.dense(features).toSparse()));
        }
        return of(spark, rows).repartition(partitions);
    }

    static Dataset<Row> of(SparkSession spark, List<Row> rows) {
        return spark.createDataFrame(
                rows,
                new StructType()
                        .add("id", DataTypes.LongType, true)
                        .add("label", DataTypes.DoubleType, true)
                        .add("features", SQLDataTypes.VectorType(), true));
    }
}
