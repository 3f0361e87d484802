package org.coinflip.model.objective;

import org.coinflip.model.memory.Matrix;

/** What the outputs of a batch are held against. Row r of the outputs belongs to example {@code r mod examples}. */
public final class Targets {
    private final int[] labels;
    private final Matrix values;
    private final float[] givenLosses;
    private final Matrix features;
    private int examples;

    /**
     * Room for a batch.
     *
     * @param features the features of the batch as the network sees them, examples × inputs; what they hold may change
     * @param targets values an example; 0 where examples have none
     */
    public Targets(Matrix features, int targets) {
        this.labels = new int[features.rows()];
        this.values = Matrix.padded(features.rows(), Math.max(1, targets));
        this.givenLosses = new float[features.rows()];
        this.features = features;
    }

    public int examples() {
        return examples;
    }

    public void setExamples(int examples) {
        this.examples = examples;
    }

    /** Class labels; the first {@link #examples} count. */
    public int[] labels() {
        return labels;
    }

    /** What outputs are held to where examples have values, examples × targets; the first {@link #examples} rows count. */
    public Matrix values() {
        return values;
    }

    /** What each example's samples earned, where the loss is given; the first {@link #examples} count. */
    public float[] givenLosses() {
        return givenLosses;
    }

    /** Features; the first {@link #examples} rows count. Not to be modified. */
    public Matrix features() {
        return features;
    }
}
