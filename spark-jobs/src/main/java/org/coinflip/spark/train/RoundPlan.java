package org.coinflip.spark.train;

import java.io.Serializable;
import java.util.Arrays;
import org.coinflip.model.training.TrainingSpec;
import org.coinflip.spark.experiment.AveragingSpec;

/**
 * Which steps a round has. An epoch is as many steps as the worker with the most examples needs; a round never reaches over its end;
 * a worker with fewer examples takes fewer steps in the last rounds of an epoch. Rounds may grow from epoch to epoch: in epoch e they have
 * {@code ⌊s gᵉ⌋} steps.
 */
final class RoundPlan implements Serializable {
    private static final long serialVersionUID = 1L;

    private final int stepsPerEpoch;
    private final int[] stepsPerRound;
    /** Rounds before each epoch, and before the end. */
    private final int[] before;

    /**
     * @param stepsPerEpoch steps of an epoch
     * @param stepsPerRound s, the most steps of a round of the first epoch
     * @param growth g, at least 1
     * @param epochs epochs of the training
     */
    RoundPlan(int stepsPerEpoch, int stepsPerRound, double growth, int epochs) {
        this.stepsPerEpoch = stepsPerEpoch;
        this.stepsPerRound = new int[epochs];
        this.before = new int[epochs + 1];
        for (int e = 0; e < epochs; e++) {
            double steps = stepsPerRound * StrictMath.pow(growth, e);
            this.stepsPerRound[e] = (int) Math.max(1, Math.min(stepsPerEpoch, steps));
            int rounds = (stepsPerEpoch + this.stepsPerRound[e] - 1) / this.stepsPerRound[e];
            before[e + 1] = Math.addExact(before[e], rounds);
        }
    }

    static RoundPlan of(int[] shardSizes, TrainingSpec training, AveragingSpec averaging) {
        return of(shardSizes, training.batch(), averaging.stepsPerRound(), averaging.growth(), training.epochs());
    }

    static RoundPlan of(int[] shardSizes, int batch, int stepsPerRound, double growth, int epochs) {
        int most = Arrays.stream(shardSizes).max().orElse(0);
        return new RoundPlan((most + batch - 1) / batch, stepsPerRound, growth, epochs);
    }

    int stepsPerEpoch() {
        return stepsPerEpoch;
    }

    int epochs() {
        return stepsPerRound.length;
    }

    int rounds() {
        return before[epochs()];
    }

    /** Rounds of the epochs before one, which may be the one after the last. */
    int roundsBefore(int epoch) {
        return before[epoch];
    }

    int epoch(int round) {
        int found = Arrays.binarySearch(before, round);
        return found >= 0 ? found : -found - 2;
    }

    /** First step of a round, counted from its epoch's start. */
    int firstStep(int round) {
        int epoch = epoch(round);
        return (round - before[epoch]) * stepsPerRound[epoch];
    }

    /** The step after a round's last. */
    int endStep(int round) {
        return Math.min(stepsPerEpoch, firstStep(round) + stepsPerRound[epoch(round)]);
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
