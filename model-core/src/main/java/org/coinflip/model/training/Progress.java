package org.coinflip.model.training;

/**
 * Where a step stands in the training. A function of the step's number, so the same for every worker. Reused; one thread's.
 */
public final class Progress {
    private final long stepsPerEpoch;
    private final double epochs;
    private long step;

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

    /** Number of the step to come, 0 and up. */
    public long step() {
        return step;
    }

    /** The epoch it is in, 0 and up. */
    public int epoch() {
        return (int) (step / stepsPerEpoch);
    }

    public double epochsDone() {
        return (double) step / stepsPerEpoch;
    }

    public double epochs() {
        return epochs;
    }
}
