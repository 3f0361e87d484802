package org.coinflip.spark.train;

import java.io.Serializable;

/**
 * Which steps a round has. An epoch is as many steps as the worker with the most examples needs; a round never reaches over its end;
 * a worker with fewer examples takes fewer steps in the last rounds of an epoch.
 *
 * @param stepsPerEpoch steps of an epoch
 * @param stepsPerRound the most steps of a round
 * @param epochs epochs of the training
 */
record RoundPlan(int stepsPerEpoch, int stepsPerRound, int epochs) implements Serializable {
    static RoundPlan of(int[] shardSizes, int batch, int stepsPerRound, int epochs) {
        int most = 0;
        for (int size : shardSizes) {
            most = Math.max(most, size);
        }
        return new RoundPlan((most + batch - 1) / batch, stepsPerRound, epochs);
    }

    int roundsPerEpoch() {
        return (stepsPerEpoch + stepsPerRound - 1) / stepsPerRound;
    }

    int rounds() {
        return Math.multiplyExact(roundsPerEpoch(), epochs);
    }

    int epoch(int round) {
        return round / roundsPerEpoch();
    }

    /** First step of a round, counted from its epoch's start. */
    int firstStep(int round) {
        return round % roundsPerEpoch() * stepsPerRound;
    }

    /** The step after a round's last. */
    int endStep(int round) {
        return Math.min(stepsPerEpoch, firstStep(round) + stepsPerRound);
    }

    /** Whether an epoch ends with this round. */
    boolean endsEpoch(int round) {
        return endStep(round) == stepsPerEpoch;
    }

    /** Epochs done when this round is. */
    double epochsDone(int round) {
        return epoch(round) + (double) endStep(round) / stepsPerEpoch;
    }
}
