package org.coinflip.spark.sweep.scheduler;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;

/**
 * The median stopping rule: at every rung a configuration goes on unless it is worse than the median of those seen there before it.
 *
 * <p>Golovin, Solnik, Moitra, Kochanski, Karro, Sculley (2017), "Google Vizier", section 3.2.2, with the value at the rung in place of the
 * best so far.
 */
final class MedianStopping implements Scheduler {
    private final int[] epochs;
    private final int least;
    private final List<Rung> rungs = new ArrayList<>();
    private final Queue<Step> going = new ArrayDeque<>();

    /** @param least results at a rung before any configuration is stopped there */
    MedianStopping(int[] epochs, int least) {
        this.epochs = epochs;
        this.least = least;
        for (int k = 0; k < epochs.length; k++) {
            rungs.add(new Rung());
        }
    }

    @Override
    public int[] rungs() {
        return epochs.clone();
    }

    @Override
    public Optional<Step> next(int started, boolean more) {
        if (!going.isEmpty()) {
            return Optional.of(going.peek());
        }
        return more ? Optional.of(Step.begin(started, 0)) : Optional.empty();
    }

    @Override
    public void taken(Step step) {
        if (!step.begins()) {
            going.remove();
        }
    }

    @Override
    public void observe(Step step, double value) {
        Rung rung = rungs.get(step.rung());
        boolean stopped = Double.isNaN(value) || (rung.size() >= least && value > rung.median());
        rung.add(step.configuration(), value);
        if (!stopped && step.rung() < epochs.length - 1) {
            going.add(Step.goOn(step.configuration(), step.rung() + 1));
        }
    }
}
