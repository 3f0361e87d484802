package org.coinflip.model.layer.experts;

import org.coinflip.model.layer.Binding;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.State;

/**
 * The work of a layer of gated experts in training, as means over the steps taken: the part of the gates that were open, and the parts
 * of a dense layer's multiply-adds that were done. Kept as a statistic, so that it is averaged over workers, saved and resumed.
 */
public final class ExpertsWork {
    /** Numbers of the statistic. */
    static final int LENGTH = 4;

    private static final int STEPS = 0;
    private static final int OPEN = 1;
    private static final int FORWARD = 2;
    private static final int BACKWARD = 3;

    private final Floats statistic;

    /** @param statistic {@link #LENGTH} numbers, zero before training */
    ExpertsWork(Floats statistic) {
        this.statistic = statistic;
    }

    /** Takes in a step: which parts were open, computed forward, and computed backward; each in [0, 1]. */
    void add(double open, double forward, double backward) {
        float steps = statistic.get(STEPS) + 1;
        statistic.set(STEPS, steps);
        add(OPEN, open, steps);
        add(FORWARD, forward, steps);
        add(BACKWARD, backward, steps);
    }

    private void add(int place, double value, float steps) {
        statistic.set(place, (float) (statistic.get(place) + (value - statistic.get(place)) / steps));
    }

    /** The work of a layer, as a state holds it. */
    public static ExpertsWork of(int layer, State state) {
        return new ExpertsWork(state.view(Binding.segment(layer, ExpertsLayer.WORK)));
    }

    /** Whether a step was taken. */
    public boolean isKnown() {
        return statistic.get(STEPS) > 0;
    }

    /** The part of the gates that were open, in [0, 1]. */
    public double open() {
        return statistic.get(OPEN);
    }

    /** The part of the experts' outputs that were computed, in [0, 1]. */
    public double forward() {
        return statistic.get(FORWARD);
    }

    /** The part of the experts' gradients that were computed, in [0, 1]. */
    public double backward() {
        return statistic.get(BACKWARD);
    }
}
