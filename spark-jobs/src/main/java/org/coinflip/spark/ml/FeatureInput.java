package org.coinflip.spark.ml;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.coinflip.model.error.DataException;

/** What stages take for features: vectors, arrays of float or double, or several columns of numbers. */
final class FeatureInput {
    private FeatureInput() {}

    private static boolean areColumns(HasFeatureColumns stage) {
        return stage.isDefined(stage.featuresCols());
    }

    /** A column of what {@link #numbers} reads. */
    static Column column(HasFeatureColumns stage) {
        if (!areColumns(stage)) {
            return named(stage.getOrDefault(stage.featuresCol()));
        }
        return functions.array(Arrays.stream(stage.getOrDefault(stage.featuresCols()))
                .map(name -> named(name).cast(DataTypes.DoubleType))
                .toArray(Column[]::new));
    }

    /** A column by its name, which may have dots in it. */
    static Column named(String name) {
        return functions.col("`" + name.replace("`", "``") + "`");
    }

    /** Refuses columns that are no features. */
    static void check(HasFeatureColumns stage, StructType schema) {
        if (areColumns(stage)) {
            for (String name : stage.getOrDefault(stage.featuresCols())) {
                DataType type = schema.apply(name).dataType();
                if (!(type instanceof NumericType) && type != DataTypes.BooleanType) {
                    throw new IllegalArgumentException("featuresCols: got column " + name + " of "
                            + type.catalogString() + ", expected numbers: index or encode it before");
                }
            }
            return;
        }
        String name = stage.getOrDefault(stage.featuresCol());
        DataType type = schema.apply(name).dataType();
        boolean numbers = type instanceof ArrayType array
                && (array.elementType() == DataTypes.FloatType || array.elementType() == DataTypes.DoubleType);
        if (!numbers && !type.equals(SQLDataTypes.VectorType())) {
            throw new IllegalArgumentException("featuresCol: got column " + name + " of " + type.catalogString()
                    + ", expected vectors or arrays of float or double: use VectorAssembler, or featuresCols");
        }
    }

    /** The schema with vectors for features, which is what Spark's own checks of schemas know. */
    static StructType withVectors(HasFeatureColumns stage, StructType schema) {
        check(stage, schema);
        String name = stage.getOrDefault(stage.featuresCol());
        StructField vectors =
                new StructField(name, SQLDataTypes.VectorType(), true, org.apache.spark.sql.types.Metadata.empty());
        StructField[] others = Arrays.stream(schema.fields())
                .filter(field -> !field.name().equals(name))
                .toArray(StructField[]::new);
        return new StructType(others).add(vectors);
    }

    /**
     * What Spark's own check made of {@link #withVectors}, with the columns that there were.
     *
     * @param before as it was
     * @param after as it was made
     */
    static StructType restored(HasFeatureColumns stage, StructType before, StructType after) {
        List<String> names = Arrays.asList(before.fieldNames());
        StructType all = before;
        for (StructField field : after.fields()) {
            if (!names.contains(field.name()) && !field.name().equals(stage.getOrDefault(stage.featuresCol()))) {
                all = all.add(field);
            }
        }
        return all;
    }

    /** Features as networks take them. */
    static float[] numbers(Object features) {
        requirePresent(features);
        if (features instanceof Vector vector) {
            double[] all = vector.toArray();
            float[] numbers = new float[all.length];
            for (int j = 0; j < numbers.length; j++) {
                numbers[j] = number(all[j], j);
            }
            return numbers;
        }
        scala.collection.Seq<?> all = (scala.collection.Seq<?>) features;
        float[] numbers = new float[all.length()];
        for (int j = 0; j < numbers.length; j++) {
            if (!(all.apply(j) instanceof Number number)) {
                throw new DataException("a row has no feature " + j + " (null), expected a number: use an Imputer,"
                        + " or leave the row out");
            }
            numbers[j] = number(number.doubleValue(), j);
        }
        return numbers;
    }

    private static float number(double given, int j) {
        // of -0 and 0, 0: they are equal numbers, and must hash alike
        float number = (float) given + 0f;
        if (!Float.isFinite(number)) {
            throw new DataException("a row has " + given + " for feature " + j
                    + ", expected a finite number of single precision: use an Imputer, or leave the row out");
        }
        return number;
    }

    /** How many features a row's are. */
    static int width(Object features) {
        requirePresent(features);
        return features instanceof Vector vector ? vector.size() : ((scala.collection.Seq<?>) features).length();
    }

    private static void requirePresent(Object features) {
        if (features == null) {
            throw new DataException("a row has no features (null), expected a vector: leave it out, or fill it in");
        }
    }
}
