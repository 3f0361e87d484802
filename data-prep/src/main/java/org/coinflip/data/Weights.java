package org.coinflip.data;

import java.io.Serializable;
import java.util.Arrays;
import org.coinflip.data.raw.RawExamples;
import org.coinflip.model.error.DataException;
import org.coinflip.model.example.Examples;

/**
 * What examples count for: a training example its weight divided by the mean of all training examples', a validation or test example one.
 *
 * @param mean of the training examples' weights; not a number where examples have none
 */
record Weights(double mean) implements Serializable {
    /**
     * The mean, in the order of the examples.
     *
     * @throws DataException where every training example has weight 0
     */
    static Weights of(RawExamples raw, int[] training) {
        if (!raw.areWeighted()) {
            return new Weights(Double.NaN);
        }
        double sum = 0;
        for (float weight : raw.weights(training)) {
            sum += weight;
        }
        if (sum == 0) {
            throw new DataException("data.weight-column: every training example has weight 0, expected some above:"
                    + " correct the weights");
        }
        return new Weights(sum / training.length);
    }

    /** The same examples with what they count for. */
    Examples of(Examples examples, Split split) {
        if (!examples.areWeighted()) {
            return examples;
        }
        float[] weights = new float[examples.size()];
        Arrays.fill(weights, 1f);
        for (int i = 0; i < weights.length && split == Split.TRAIN; i++) {
            weights[i] = (float) (examples.weight(i) / mean);
        }
        return examples.withWeights(weights);
    }
}
