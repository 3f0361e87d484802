package org.coinflip.spark.sweep.scheduler;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Successive halving: all configurations are taken to the first rung; when all are there, the best 1/η go on to the next, at least one, and so on.
 *
 * <p>Jamieson, Talwalkar (2016), "Non-stochastic Best Arm Identification and Hyperparameter Optimization".
 */
final class SuccessiveHalving implements Scheduler {
    private final int[] epochs;
    private final double factor;
    private final int first;
    private final List<Rung> rungs = new ArrayList<>();
    private final int[] entered;

    /**
     * @param epochs at each rung, ascending
     * @param factor η, above 1
     * @param first the rung at which configurations begin
     */
    SuccessiveHalving(int[] epochs, double factor, int first) {
        this.epochs = epochs;
        this.factor = factor;
        this.first = first;
        this.entered = new int[epochs.length];
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
        if (more) {
            return Optional.of(Step.begin(started, first));
        }
        for (int k = first; k < epochs.length - 1; k++) {
            if (rungs.get(k).size() < entered[k]) {
                return Optional.empty();
            }
            int going = (int) Math.max(1, entered[k] / factor);
            int configuration = rungs.get(k).promotable(going);
            if (configuration >= 0) {
                return Optional.of(Step.goOn(configuration, k + 1));
            }
        }
        return Optional.empty();
    }

    @Override
    public void taken(Step step) {
        entered[step.rung()]++;
        if (!step.begins()) {
            rungs.get(step.rung() - 1).promote(step.configuration());
        }
    }

    @Override
    public void observe(Step step, double value) {
        rungs.get(step.rung()).add(step.configuration(), value);
    }
}
