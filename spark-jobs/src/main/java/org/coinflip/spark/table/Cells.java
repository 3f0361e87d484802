package org.coinflip.spark.table;

import java.sql.Date;
import java.sql.Timestamp;
import java.util.List;
import org.apache.spark.ml.linalg.SparseVector;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.NullType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;
import org.coinflip.data.table.ListedNumbers;
import org.coinflip.model.error.DataException;

/** What columns of Spark hold, as tables of data-prep take it: texts, numbers, truth values, times, {@code double[]} for arrays and vectors, of which those that list what is not 0 stay lists. */
final class Cells {
    /** The type of vectors, by name: a Spark without MLlib has tables, too. */
    private static final String VECTORS = "org.apache.spark.ml.linalg.VectorUDT";

    private Cells() {}

    /** Whether cells of a type can be taken. */
    static boolean areTaken(DataType type) {
        return type instanceof NumericType
                || type instanceof BooleanType
                || type instanceof StringType
                || type instanceof TimestampType
                || type instanceof TimestampNTZType
                || type instanceof DateType
                || type instanceof NullType
                || type.getClass().getName().equals(VECTORS)
                || (type instanceof ArrayType array && array.elementType() instanceof NumericType);
    }

    /**
     * The names of a table's columns.
     *
     * @throws DataException where a name has control characters, or is there twice
     */
    static List<String> names(String path, StructType schema) {
        List<String> names = List.of(schema.fieldNames());
        for (String name : names) {
            if (name.chars().anyMatch(Character::isISOControl)) {
                throw new DataException(path + ": the name of column " + (names.indexOf(name) + 1)
                        + " has control characters, expected text: rename it");
            }
        }
        if (names.stream().distinct().count() < names.size()) {
            throw new DataException(path + ": two columns have one name, expected different ones: rename one");
        }
        return names;
    }

    /** The columns that cannot be taken, which are looked at only where something names them. */
    static boolean isOther(StructField field) {
        return !areTaken(field.dataType());
    }

    /** Writes the cells of the first columns of a row. */
    static void write(Row row, Object[] cells) {
        for (int c = 0; c < cells.length; c++) {
            cells[c] = row.isNullAt(c) ? null : cell(row.get(c));
        }
    }

    private static Object cell(Object value) {
        if (value instanceof Number || value instanceof String || value instanceof Boolean) {
            return value;
        }
        if (value instanceof scala.collection.Seq<?> array) {
            double[] numbers = new double[array.length()];
            for (int j = 0; j < numbers.length; j++) {
                Object number = array.apply(j);
                numbers[j] = number == null ? Double.NaN : ((Number) number).doubleValue();
            }
            return numbers;
        }
        // which write themselves by the machine's time zone
        if (value instanceof Timestamp time) {
            return time.toInstant();
        }
        if (value instanceof Date day) {
            return day.toLocalDate();
        }
        return value.getClass().getName().startsWith("org.apache.spark.ml.linalg.") ? Vectors.numbers(value) : value;
    }

    /** Of MLlib, and looked for where there are vectors. */
    private static final class Vectors {
        private static Object numbers(Object vector) {
            return vector instanceof SparseVector listed
                    ? new ListedNumbers(listed.size(), listed.indices(), listed.values())
                    : ((Vector) vector).toArray();
        }
    }
}
