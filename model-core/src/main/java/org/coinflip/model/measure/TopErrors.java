package org.coinflip.model.measure;

import java.util.Map;
import org.coinflip.model.memory.Matrix;

/**
 * The part of the examples whose class is not among the k of greatest prediction, for k = 2, 3, 5, 10 below the number of classes, in [0, 1].
 * Of equal predictions the first come first, so that k = 1 would be {@code error}.
 *
 * <p>Russakovsky et al. (2015), "ImageNet large scale visual recognition challenge", §4.1.
 */
final class TopErrors implements Measure {
    private static final long serialVersionUID = 1L;

    private static final int[] COUNTS = {2, 3, 5, 10};

    private final int classes;
    private final long[] outside = new long[COUNTS.length];
    private long examples;

    TopErrors(int classes) {
        this.classes = classes;
    }

    @Override
    public void add(Predicted batch, int row) {
        int label = batch.label(row);
        Matrix predictions = batch.predictions();
        float mine = predictions.get(row, label);
        int before = 0;
        for (int j = 0; j < classes; j++) {
            float other = predictions.get(row, j);
            before += other > mine || (other == mine && j < label) ? 1 : 0;
        }
        for (int i = 0; i < COUNTS.length; i++) {
            outside[i] += before >= COUNTS[i] ? 1 : 0;
        }
        examples++;
    }

    @Override
    public void merge(Measure other) {
        TopErrors them = (TopErrors) other;
        for (int i = 0; i < outside.length; i++) {
            outside[i] += them.outside[i];
        }
        examples += them.examples;
    }

    @Override
    public void write(Map<String, Object> keys) {
        for (int i = 0; i < COUNTS.length && COUNTS[i] < classes; i++) {
            keys.put("top" + COUNTS[i] + "Error", (double) outside[i] / examples);
        }
    }
}
