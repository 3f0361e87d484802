package org.coinflip.spark.sweep.scheduler;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Asynchronous successive halving: whenever there is room, the highest rung that has a configuration among the best 1/η of its results
 * which has not gone on sends it on; where none has, a new configuration is started. Nothing waits for a rung to fill.
 *
 * <p>Li, Jamieson, Rostamizadeh, Gonina, Hardt, Recht, Talwalkar (2020), "A System for Massively Parallel Hyperparameter Tuning".
 */
final class Asha implements Scheduler {
    private final int[] epochs;
    private final double factor;
    private final List<Rung> rungs = new ArrayList<>();

    Asha(int[] epochs, double factor) {
        this.epochs = epochs;
        this.factor = factor;
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
        for (int k = epochs.length - 2; k >= 0; k--) {
            int configuration = rungs.get(k).promotable((int) (rungs.get(k).size() / factor));
            if (configuration >= 0) {
                return Optional.of(Step.goOn(configuration, k + 1));
            }
        }
        return more ? Optional.of(Step.begin(started, 0)) : Optional.empty();
    }

    @Override
    public void taken(Step step) {
        if (!step.begins()) {
            rungs.get(step.rung() - 1).promote(step.configuration());
        }
    }

    @Override
    public void observe(Step step, double value) {
        rungs.get(step.rung()).add(step.configuration(), value);
    }
}
