package org.coinflip.spark.sweep.scheduler;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Hyperband: brackets of successive halving that trade the number of configurations against how far each is taken before the first of them is
 * stopped. With K rungs, bracket s = K − 1, …, 0 begins {@code n_s = ⌈K/(s + 1) · η^s⌉} configurations at rung {@code K − 1 − s}, so that each bracket costs
 * about as much; the last one stops none. When all have begun, they begin anew. Brackets that wait for results do not keep the next from
 * beginning.
 *
 * <p>No worse than the best bracket by more than a factor of K in cost, whichever that is: it is for metrics of which it is not known how well low rungs tell
 * the best.
 *
 * <p>Li, Jamieson, DeSalvo, Rostamizadeh, Talwalkar (2018), "Hyperband: A Novel Bandit-Based Approach to Hyperparameter Optimization", algorithm 1.
 */
final class Hyperband implements Scheduler {
    private final int[] epochs;
    private final double factor;
    private final List<SuccessiveHalving> brackets = new ArrayList<>();
    private final List<Integer> bracketOf = new ArrayList<>();
    /** Configurations that are still to begin in the last bracket. */
    private int open;

    /**
     * @param epochs at each rung, ascending
     * @param factor η, above 1
     */
    Hyperband(int[] epochs, double factor) {
        this.epochs = epochs;
        this.factor = factor;
    }

    /** Configurations that begin at a rung. */
    int begun(int rung) {
        int s = epochs.length - 1 - rung;
        // what is whole but for rounding is not one more
        return (int) Math.ceil(epochs.length / (s + 1.0) * StrictMath.pow(factor, s) - 1e-9);
    }

    @Override
    public int[] rungs() {
        return epochs.clone();
    }

    /** Those of all brackets once. */
    @Override
    public OptionalInt configurations() {
        int all = 0;
        for (int rung = 0; rung < epochs.length; rung++) {
            all += begun(rung);
        }
        return OptionalInt.of(all);
    }

    @Override
    public Optional<Step> next(int started, boolean more) {
        for (int b = 0; b < brackets.size(); b++) {
            boolean begins = more && open > 0 && b == brackets.size() - 1;
            Optional<Step> step = brackets.get(b).next(started, begins);
            if (step.isPresent()) {
                return step;
            }
        }
        return more ? Optional.of(Step.begin(started, first(brackets.size()))) : Optional.empty();
    }

    /** The rung at which a bracket begins. */
    private int first(int bracket) {
        return bracket % epochs.length;
    }

    @Override
    public void taken(Step step) {
        if (step.begins()) {
            if (open == 0) {
                int first = first(brackets.size());
                brackets.add(new SuccessiveHalving(epochs, factor, first));
                open = begun(first);
            }
            open--;
            bracketOf.add(brackets.size() - 1);
        }
        bracket(step).taken(step);
    }

    @Override
    public void observe(Step step, double value) {
        bracket(step).observe(step, value);
    }

    private SuccessiveHalving bracket(Step step) {
        return brackets.get(bracketOf.get(step.configuration()));
    }
}
