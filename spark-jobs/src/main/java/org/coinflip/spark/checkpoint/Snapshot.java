package org.coinflip.spark.checkpoint;

import java.util.Map;
import org.coinflip.model.error.DataException;

/**
 * All that a training needs to go on.
 *
 * @param round rounds done
 * @param examples examples taken
 * @param steps steps taken
 * @param nanos time spent
 * @param score of a look at the validation split at this round, less being better; NaN without a look
 * @param vectors the state, and what a trainer keeps beside it, by name
 * @param kernels what its bits depend on beside the settings, {@link org.coinflip.model.kernel.KernelChoice#rounding}
 * @param metrics the lines of all rounds done, compressed
 */
public record Snapshot(
        int round,
        long examples,
        long steps,
        long nanos,
        double score,
        String kernels,
        Map<String, float[]> vectors,
        byte[] metrics) {
    /** The vector that is averaged. */
    public static final String STATE = "state";

    /**
     * Sees that a checkpoint's vector is as long as this training needs it.
     *
     * @throws DataException where it is not
     */
    public static void requireLength(String name, float[] vector, int expected) {
        if (vector.length != expected) {
            throw new DataException("checkpoint: its vector " + name + " has " + vector.length + " numbers, expected "
                    + expected + ": go on with the version that wrote it, or from another by resume=NAME");
        }
    }

    /** The same with other lines. */
    public Snapshot with(byte[] lines) {
        return new Snapshot(round, examples, steps, nanos, score, kernels, vectors, lines);
    }

    public float[] state() {
        return vectors.get(STATE);
    }
}
