package org.coinflip.model.training.updater;

/**
 * Where a step stands in the training. A function of the step's number, so the same for every worker. Reused; one thread's.
 */
public final class Progress {
    private final long stepsPerEpoch;
    private final double epochs;
    private long step;
    private long updaterSince;
    private double rateFactor = 1;

    /**
     * @param stepsPerEpoch steps of an epoch
     * @param epochs epochs of the training
     */
    public Progress(long stepsPerEpoch, double epochs) {
        this.stepsPerEpoch = stepsPerEpoch;
        this.epochs = epochs;
    }

    /** Stands before the step with this number, 0 and up. */
    public Progress at(long number) {
        step = number;
        return this;
    }

    /** Says before which step the updater's memory was zero last; 0 unless told. */
    public Progress updaterSince(long number) {
        updaterSince = number;
        return this;
    }

    /** Says what looks at the validation split have made of the learning rate; 1 unless told. */
    public Progress rateFactor(double factor) {
        rateFactor = factor;
        return this;
    }

    /** The factor on the learning rate that looks have decided. */
    double rateFactor() {
        return rateFactor;
    }

    /** Steps that the updater's memory has taken in. */
    public long updaterSteps() {
        return step - updaterSince;
    }

    /** Number of the step to come, 0 and up. */
    public long step() {
        return step;
    }

    /** The epoch it is in, 0 and up. */
    public int epoch() {
        return (int) (step / stepsPerEpoch);
    }

    /** Whether the step to come is an epoch's first. */
    public boolean isFirstOfEpoch() {
        return step % stepsPerEpoch == 0;
    }

    public double epochsDone() {
        return (double) step / stepsPerEpoch;
    }

    /** Epochs done when the step to come is. */
    public double epochsAfter() {
        return (step + 1.0) / stepsPerEpoch;
    }

    public double epochs() {
        return epochs;
    }
}
