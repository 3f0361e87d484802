package org.coinflip.model.training.updater;

import org.coinflip.model.layer.Sink;
import org.coinflip.model.memory.Segment;

/** An updater at work on a state: {@link #begin} a step, let the pass accumulate into it, {@link #finish} the step. One thread's. */
public abstract class Updater implements Sink {
    private final UpdaterSpec spec;
    private final Schedule schedule;
    private final double l2;
    private double rate;
    private double momentum;

    Updater(UpdaterSpec spec, Schedule schedule, double l2) {
        this.spec = spec;
        this.schedule = schedule;
        this.l2 = l2;
    }

    final UpdaterSpec spec() {
        return spec;
    }

    /** Sets the learning rate and the momentum of the step to come. */
    public void begin(Progress progress) {
        rate = spec.learningRate() * schedule.factor(progress);
        momentum = spec.momentum(progress);
    }

    /** The learning rate of a segment in this step. */
    final double rate(Segment segment) {
        return rate * segment.rateScale();
    }

    /** μ in this step. */
    final double momentum() {
        return momentum;
    }

    /** The weight decay of a segment: weights decay, biases do not. */
    final double l2(Segment segment) {
        return segment.areWeights() ? l2 : 0;
    }

    /** Whether it keeps the norms of units' weights in this segment within their limit itself. */
    public boolean limits(Segment segment) {
        return mostNorm(segment) > 0;
    }

    /** Does what is left of the step when every gradient is accumulated. */
    public abstract void finish();

    /** Takes all steps that it still owes. */
    public void rest() {}
}
