package org.coinflip.spark.train;

import java.util.Map;
import org.coinflip.model.training.Score;
import org.coinflip.spark.checkpoint.Snapshot;

/**
 * What a trainer hands over after a marked round.
 *
 * @param vectors as {@link Rounds#vectors} gives them
 * @param score of the validation split; null where it is for the listener to take
 */
record Handover(int round, Map<String, float[]> vectors, Score score) {
    StateVector state() {
        return new StateVector(vectors.get(Snapshot.STATE));
    }
}
