package org.coinflip.spark.study.curvature;

import java.io.Serializable;
import org.coinflip.model.example.Examples;

/** Labelled examples in double precision. Immutable. */
record Inputs(double[][] all, int[] labels) implements Serializable {
    /** The first {@code count} of some examples. */
    static Inputs of(Examples examples, int count) {
        double[][] all = new double[count][examples.width()];
        int[] labels = new int[count];
        for (int t = 0; t < count; t++) {
            labels[t] = examples.label(t);
            for (int j = 0; j < examples.width(); j++) {
                all[t][j] = examples.feature(t, j);
            }
        }
        return new Inputs(all, labels);
    }

    int size() {
        return labels.length;
    }

    double[] features(int t) {
        return all[t];
    }

    int label(int t) {
        return labels[t];
    }
}
