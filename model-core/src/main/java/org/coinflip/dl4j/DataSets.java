package org.coinflip.dl4j;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.coinflip.model.error.DataException;
import org.coinflip.model.example.Examples;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;

/** Examples in the form that DL4J trains on, and back. */
public final class DataSets {
    private DataSets() {}

    /**
     * The examples at the first {@code count} places, in order: features as the network sees them, labels as one-hot rows.
     *
     * @param places not modified
     */
    public static DataSet of(Examples examples, int[] places, int count) {
        float[] features = new float[Math.multiplyExact(count, examples.width())];
        float[] labels = new float[Math.multiplyExact(count, examples.classes())];
        for (int i = 0; i < count; i++) {
            labels[i * examples.classes() + examples.label(places[i])] = 1f;
            for (int j = 0; j < examples.width(); j++) {
                features[i * examples.width() + j] = examples.feature(places[i], j);
            }
        }
        return new DataSet(
                Nd4j.create(features, new long[] {count, examples.width()}, 'c'),
                Nd4j.create(labels, new long[] {count, examples.classes()}, 'c'));
    }

    /**
     * The examples of a data set, copied; their ids are 0, 1, …
     *
     * @param data features as rows; labels as one-hot rows, or none
     */
    public static Examples examples(DataSet data) {
        float[][] features = rows(data.getFeatures(), "features");
        if (data.getLabels() == null) {
            return Examples.of(features);
        }
        float[][] codes = rows(data.getLabels(), "labels");
        int[] labels = new int[codes.length];
        for (int i = 0; i < codes.length; i++) {
            labels[i] = label(codes[i], i);
        }
        return Examples.of(features, labels).withClasses(codes[0].length);
    }

    /** All examples of an iterator, which is reset first; otherwise as of one data set. */
    public static Examples examples(DataSetIterator data) {
        List<DataSet> all = new ArrayList<>();
        data.reset();
        data.forEachRemaining(all::add);
        if (all.isEmpty()) {
            throw new DataException("got an iterator without examples, expected at least one");
        }
        return examples(DataSet.merge(all));
    }

    private static float[][] rows(INDArray array, String what) {
        if (array.rank() != 2) {
            throw new DataException("got " + what + " of rank " + array.rank()
                    + ", expected 2: a row for each example, time series and images flattened");
        }
        return array.toFloatMatrix();
    }

    private static int label(float[] code, int example) {
        int label = -1;
        for (int j = 0; j < code.length; j++) {
            if (code[j] == 1f && label < 0) {
                label = j;
            } else if (code[j] != 0f) {
                label = code.length;
            }
        }
        if (label < 0 || label >= code.length) {
            throw new DataException("example " + example + " has labels " + Arrays.toString(code)
                    + ", expected a one-hot row: one 1, zeros otherwise");
        }
        return label;
    }
}
