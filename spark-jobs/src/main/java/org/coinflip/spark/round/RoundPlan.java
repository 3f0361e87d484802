package org.coinflip.spark.round;

import java.io.Serializable;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;
import org.coinflip.model.training.TrainingSpec;
import org.coinflip.model.training.updater.Progress;
import org.coinflip.spark.experiment.AveragingSpec;

/**
 * Which steps a round has. An epoch is as many steps as the worker with the most examples needs; a round never reaches over its end;
 * a worker with fewer examples takes fewer steps in the last rounds of an epoch. Rounds may have another length in every epoch.
 */
public final class RoundPlan implements Serializable {
    private static final long serialVersionUID = 1L;

    private final int stepsPerEpoch;
    private final int[] stepsPerRound;
    /** Rounds before each epoch, and before the end. */
    private final int[] before;

    /**
     * @param stepsPerEpoch steps of an epoch
     * @param stepsPerRound the most steps of a round, by epoch
     * @param epochs epochs of the training
     */
    public RoundPlan(int stepsPerEpoch, IntUnaryOperator stepsPerRound, int epochs) {
        this.stepsPerEpoch = stepsPerEpoch;
        this.stepsPerRound = new int[epochs];
        this.before = new int[epochs + 1];
        for (int e = 0; e < epochs; e++) {
            this.stepsPerRound[e] = Math.max(1, Math.min(stepsPerEpoch, stepsPerRound.applyAsInt(e)));
            int rounds = (stepsPerEpoch + this.stepsPerRound[e] - 1) / this.stepsPerRound[e];
            before[e + 1] = Math.addExact(before[e], rounds);
        }
    }

    public static RoundPlan of(int[] shardSizes, TrainingSpec training, AveragingSpec averaging) {
        int most = Arrays.stream(shardSizes).max().orElse(0);
        return new RoundPlan(
                (most + training.batch() - 1) / training.batch(),
                epoch -> averaging.stepsPerRound(epoch, training),
                training.epochs());
    }

    public int stepsPerEpoch() {
        return stepsPerEpoch;
    }

    public int epochs() {
        return stepsPerRound.length;
    }

    public int rounds() {
        return before[epochs()];
    }

    /** Rounds of the epochs before one, which may be the one after the last. */
    public int roundsBefore(int epoch) {
        return before[epoch];
    }

    public int epoch(int round) {
        int found = Arrays.binarySearch(before, round);
        return found >= 0 ? found : -found - 2;
    }

    /** First step of a round, counted from its epoch's start. */
    public int firstStep(int round) {
        int epoch = epoch(round);
        return (round - before[epoch]) * stepsPerRound[epoch];
    }

    /** The step after a round's last. */
    public int endStep(int round) {
        return Math.min(stepsPerEpoch, firstStep(round) + stepsPerRound[epoch(round)]);
    }

    /** The round that a step is in, counted from its epoch's start. */
    public int round(int epoch, int step) {
        return before[epoch] + step / stepsPerRound[epoch];
    }

    /** Whether an epoch ends with this round. */
    public boolean endsEpoch(int round) {
        return endStep(round) == stepsPerEpoch;
    }

    /** Before the step after a round's last. */
    public Progress progress(int round) {
        return new Progress(stepsPerEpoch, epochs()).at((long) epoch(round) * stepsPerEpoch + endStep(round));
    }

    /** Epochs done when this round is. */
    public double epochsDone(int round) {
        return epoch(round) + (double) endStep(round) / stepsPerEpoch;
    }
}
