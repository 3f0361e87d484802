package org.coinflip.spark.ml;

import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Row;
import org.coinflip.model.error.DataException;
import org.coinflip.model.example.Examples;

/**
 * Rows of (features, label, id, held, weight) as blocks of examples, some thousand at a time. A label that is null, where a whole column is, is none; an id
 * that is null is a hash of features and label: equal rows have equal ids, and different ones do with probability 2⁻⁶⁴ a pair.
 *
 * @param width features of every row
 * @param classes labels are 0 … classes − 1
 * @param target what the column of labels holds
 * @param numbered whether there are ids
 * @param meanWeight what weights are divided by; 0 where there are none
 */
record RowExamples(int width, int classes, Target target, boolean numbered, double meanWeight)
        implements FlatMapFunction<Iterator<Row>, Examples> {
    /** The most rows of a block, and the most numbers. */
    private static final int BLOCK = 4096;

    private static final int NUMBERS = 1 << 20;

    /** What the column of labels holds. */
    enum Target {
        NONE,
        CLASSES,
        VALUES
    }

    @Override
    public Iterator<Examples> call(Iterator<Row> rows) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return rows.hasNext();
            }

            @Override
            public Examples next() {
                if (!rows.hasNext()) {
                    throw new NoSuchElementException("all rows were read");
                }
                return block(rows);
            }
        };
    }

    private Examples block(Iterator<Row> rows) {
        int most = Math.max(1, Math.min(BLOCK, NUMBERS / width));
        long[] ids = new long[most];
        int[] labels = new int[most];
        float[] values = new float[target == Target.VALUES ? most : 0];
        float[] weights = new float[meanWeight > 0 ? most : 0];
        float[] features = new float[most * width];
        int count = 0;
        for (; count < most && rows.hasNext(); count++) {
            Row row = rows.next();
            features(row, features, count * width);
            labels[count] = target == Target.CLASSES ? label(row) : Examples.UNLABELLED;
            int hashed = labels[count];
            if (target == Target.VALUES) {
                values[count] = value(row);
                hashed = Float.floatToIntBits(values[count]);
            }
            if (meanWeight > 0) {
                weights[count] = (float) (weight(row) / meanWeight);
            }
            if (numbered) {
                ids[count] = id(row);
            } else {
                long hash = hash(features, count * width, width, hashed);
                // rows that are equal but for their weights are not the same example
                ids[count] = meanWeight > 0 ? mixed(hash + Double.doubleToLongBits(weight(row))) : hash;
            }
        }
        Examples examples = Examples.ofFloats(
                width,
                Math.max(1, classes),
                Arrays.copyOf(ids, count),
                Arrays.copyOf(labels, count),
                Arrays.copyOf(features, count * width));
        if (target == Target.VALUES) {
            examples = examples.withValues(Arrays.copyOf(values, count));
        }
        return meanWeight > 0 ? examples.withWeights(Arrays.copyOf(weights, count)) : examples;
    }

    private static float value(Row row) {
        double label = row.isNullAt(1) ? Double.NaN : row.getDouble(1);
        if (!Float.isFinite((float) label)) {
            throw new DataException("a row has the label " + label
                    + ", expected a finite number of single precision: leave the row out, or fill it in");
        }
        return (float) label + 0f;
    }

    /** What a row weighs. */
    static double weight(Row row) {
        double weight = row.isNullAt(4) ? Double.NaN : row.getDouble(4);
        if (!Double.isFinite(weight) || weight < 0) {
            throw new DataException("a row has the weight " + (row.isNullAt(4) ? "null" : weight)
                    + ", expected a finite number of at least 0: leave the row out, or fill it in");
        }
        return weight;
    }

    private void features(Row row, float[] out, int start) {
        if (row.isNullAt(0)) {
            throw new DataException(
                    "a row has no features (null), expected " + width + ": leave it out, or fill it in");
        }
        float[] numbers = FeatureInput.numbers(row.get(0));
        if (numbers.length != width) {
            throw new DataException("a row has " + numbers.length + " features, expected " + width
                    + " as the first has: assemble vectors of one length");
        }
        System.arraycopy(numbers, 0, out, start, width);
    }

    private int label(Row row) {
        double label = row.isNullAt(1) ? Double.NaN : row.getDouble(1);
        if (label != (int) label || label < 0 || label >= classes) {
            throw new DataException(
                    "a row has the label " + (row.isNullAt(1) ? "null" : label) + ", expected one of 0 to "
                            + (classes - 1) + ": index labels with StringIndexer, fitted on all rows");
        }
        return (int) label;
    }

    private static long id(Row row) {
        if (row.isNullAt(2)) {
            throw new DataException("a row has no id (null), expected a whole number: fill it in, or set no idCol");
        }
        return row.getLong(2);
    }

    /** A hash of some numbers' bits and a label. */
    static long hash(float[] numbers, int start, int count, int label) {
        long hash = mixed(label + 0x9e3779b97f4a7c15L);
        for (int j = start; j < start + count; j++) {
            hash = mixed(hash + 0x9e3779b97f4a7c15L + Float.floatToIntBits(numbers[j]));
        }
        return hash;
    }

    /** A one-to-one map of 64 bits: Stafford's thirteenth variant of MurmurHash3's finaliser. */
    private static long mixed(long z) {
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
