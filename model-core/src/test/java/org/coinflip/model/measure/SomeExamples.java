package org.coinflip.model.measure;

import org.coinflip.model.example.Examples;
import org.coinflip.model.memory.Matrix;

/** Examples of which only the labels matter, and predictions. */
final class SomeExamples {
    private SomeExamples() {}

    static Examples labelled(int... labels) {
        long[] ids = new long[labels.length];
        int classes = 0;
        for (int i = 0; i < labels.length; i++) {
            ids[i] = i;
            classes = Math.max(classes, labels[i] + 1);
        }
        return Examples.ofFloats(1, classes, ids, labels, new float[labels.length]);
    }

    static Matrix rows(float[]... rows) {
        Matrix matrix = Matrix.padded(rows.length, rows[0].length);
        for (int r = 0; r < rows.length; r++) {
            matrix.setRow(r, rows[r], 0);
        }
        return matrix;
    }
}
