package org.coinflip.spark.round;

import java.util.Map;
import org.coinflip.model.measure.Measures;
import org.coinflip.model.training.Score;
import org.coinflip.spark.checkpoint.Snapshot;
import org.coinflip.spark.state.StateVector;

/**
 * A snapshot of the training after a round, on the driver, for a validation or a checkpoint.
 *
 * @param vectors as {@link Rounds#vectors} gives them
 * @param score of the validation split; null where it is for the listener to take
 * @param measures of it, where the score is there
 */
public record RoundSnapshot(int round, Map<String, float[]> vectors, Score score, Measures measures) {
    /** For the listener to look at. */
    public RoundSnapshot(int round, Map<String, float[]> vectors) {
        this(round, vectors, null, null);
    }

    public StateVector state() {
        return new StateVector(vectors.get(Snapshot.STATE));
    }
}
