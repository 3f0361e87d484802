package org.coinflip.data;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import org.coinflip.data.raw.RawData;
import org.coinflip.data.raw.RawExamples;
import org.coinflip.model.error.DataException;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.example.Examples;
import org.coinflip.model.storage.Sha256;

/**
 * What examples count for: a training example its weight times its class's factor, divided by the mean of that over all training examples; a validation or test example its weight.
 * Where there are neither weights nor factors, examples have none.
 */
final class Weights implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Null where classes count as they are. */
    private final double[] factors;
    /** Of what training examples count before it is divided by this; not a number where they have no weights. */
    private final double mean;

    /** Of the training examples' weights in the order of their ids; empty where they have none. */
    private final String sha256;

    /**
     * Takes the mean, in the order of the examples.
     *
     * @param data with or without features
     * @param training places of the training examples
     * @throws DataException where every training example counts 0
     * @throws UsageException where class weights do not fit the classes
     */
    Weights(RawData data, int[] training, ClassWeights rule) {
        RawExamples raw = data.development();
        if (rule.apply() && data.classes() == 0) {
            throw new UsageException(
                    "data.class-weights: got them for data without classes, expected none: leave it out");
        }
        this.factors = rule.apply() ? rule.factors(counts(data, training)) : null;
        if (factors == null && !raw.areWeighted()) {
            this.mean = Double.NaN;
            this.sha256 = "";
            return;
        }
        double[] counted = new double[training.length];
        float[] given = raw.areWeighted() ? raw.weights(training) : null;
        double sum = 0;
        for (int i = 0; i < counted.length; i++) {
            counted[i] = counted(given == null ? 1 : given[i], factors == null ? 0 : classOf(data, training[i]));
            sum += counted[i];
        }
        if (sum == 0) {
            throw new DataException("data.weight-column: every training example has weight 0, expected some above:"
                    + " correct the weights");
        }
        this.mean = sum / training.length;
        this.sha256 = digest(counted);
    }

    private static int[] counts(RawData data, int[] training) {
        int[] counts = new int[data.classes()];
        for (int place : training) {
            counts[classOf(data, place)]++;
        }
        return counts;
    }

    private static int classOf(RawData data, int place) {
        RawExamples raw = data.development();
        return data.naming().classOf(raw.label(place), raw.id(place));
    }

    private double counted(float weight, int category) {
        return factors == null ? weight : weight * factors[category];
    }

    private String digest(double[] counted) {
        MessageDigest digest = Sha256.digest();
        ByteBuffer number = ByteBuffer.allocate(Float.BYTES);
        for (double one : counted) {
            digest.update(number.clear().putFloat((float) (one / mean)).array());
        }
        return Sha256.hex(digest);
    }

    /** Tells these weights from others; empty where there are none. */
    String sha256() {
        return sha256;
    }

    /** The same examples with what they count for. */
    Examples of(Examples examples, Split split) {
        if (sha256.isEmpty()) {
            return examples;
        }
        float[] weights = new float[examples.size()];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = split == Split.TRAIN
                    ? (float) (counted(examples.weight(i), factors == null ? 0 : examples.label(i)) / mean)
                    : examples.weight(i);
        }
        return examples.withWeights(weights);
    }
}
