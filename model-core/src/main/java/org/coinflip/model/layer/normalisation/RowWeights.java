package org.coinflip.model.layer.normalisation;

import java.util.Arrays;
import org.coinflip.model.layer.PassContext;

/** What the example of each row of a stage weighs in its statistics: 1 unless examples have weights. */
final class RowWeights {
    private final float[] ones;

    RowWeights(int capacity) {
        ones = new float[capacity];
        Arrays.fill(ones, 1f);
    }

    float[] of(PassContext context) {
        return context.weights() == null ? ones : context.weights();
    }

    static double sum(float[] weights, int rows) {
        double sum = 0;
        for (int r = 0; r < rows; r++) {
            sum += weights[r];
        }
        return sum;
    }
}
