package org.coinflip.spark.ml;

import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Row;
import org.coinflip.model.error.DataException;
import org.coinflip.model.example.Examples;

/**
 * Rows of (features, label, id) as blocks of examples, some thousand at a time. A label that is null, where a whole column is, is none; an id
 * that is null is a hash of features and label: equal rows have equal ids, and different ones do with probability 2⁻⁶⁴ a pair.
 *
 * @param width features of every row
 * @param classes labels are 0 … classes − 1
 */
record RowExamples(int width, int classes, boolean labelled, boolean numbered)
        implements FlatMapFunction<Iterator<Row>, Examples> {
    private static final int BLOCK = 4096;

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
        long[] ids = new long[BLOCK];
        int[] labels = new int[BLOCK];
        float[] features = new float[Math.multiplyExact(BLOCK, width)];
        int count = 0;
        for (; count < BLOCK && rows.hasNext(); count++) {
            Row row = rows.next();
            features(row, features, count * width);
            labels[count] = labelled ? label(row) : Examples.UNLABELLED;
            ids[count] = numbered ? id(row) : hash(features, count * width, width, labels[count]);
        }
        return Examples.ofFloats(
                width,
                classes,
                java.util.Arrays.copyOf(ids, count),
                java.util.Arrays.copyOf(labels, count),
                java.util.Arrays.copyOf(features, count * width));
    }

    private void features(Row row, float[] out, int start) {
        if (row.isNullAt(0)) {
            throw new DataException(
                    "a row has no features (null), expected " + width + ": leave it out, or fill it in");
        }
        float[] numbers = numbers((Vector) row.get(0));
        if (numbers.length != width) {
            throw new DataException("a row has " + numbers.length + " features, expected " + width
                    + " as the first has: assemble vectors of one length");
        }
        System.arraycopy(numbers, 0, out, start, width);
    }

    /** Features as networks take them. */
    static float[] numbers(Vector vector) {
        float[] numbers = new float[vector.size()];
        double[] all = vector.toArray();
        for (int j = 0; j < numbers.length; j++) {
            // of -0 and 0, 0: they are equal numbers, and must hash alike
            numbers[j] = (float) all[j] + 0f;
            if (!Float.isFinite(numbers[j])) {
                throw new DataException("a row has " + all[j] + " for feature " + j
                        + ", expected a finite number of single precision: use an Imputer, or leave the row out");
            }
        }
        return numbers;
    }

    private int label(Row row) {
        double label = row.isNullAt(1) ? Double.NaN : row.getDouble(1);
        if (label != (int) label || label < 0 || label >= classes) {
            throw new DataException("a row has the label " + label + ", expected one of 0 to " + (classes - 1)
                    + ": index labels with StringIndexer, fitted on all rows");
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
