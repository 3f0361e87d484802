package org.coinflip.spark.sweep.scheduler;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Population-based training: all configurations are members of a population that is trained from rung to rung. When all have come to a rung, the worst part
 * of them, and those that failed, give up their states and settings: the i-th worst goes on from the state of the i-th best, with settings near its. All
 * others go on. So settings change as training goes, and what a member ends with is a schedule.
 *
 * <p>Jaderberg and others (2017), "Population Based Training of Neural Networks", with truncation selection; who copies whom is by rank instead of by
 * chance, and members wait for each other at a rung, so that the results alone decide.
 */
final class Population implements Scheduler {
    private final int[] epochs;
    private final double part;
    private final List<List<Double>> values = new ArrayList<>();
    private final int[] seen;
    private final int[] taken;

    /**
     * @param epochs at each rung, ascending
     * @param part of the members that copies, and that is copied, in (0, 0.5]
     */
    Population(int[] epochs, double part) {
        this.epochs = epochs;
        this.part = part;
        this.seen = new int[epochs.length];
        this.taken = new int[epochs.length];
        for (int k = 0; k < epochs.length; k++) {
            values.add(new ArrayList<>());
        }
    }

    @Override
    public int[] rungs() {
        return epochs.clone();
    }

    @Override
    public boolean copies() {
        return true;
    }

    @Override
    public Optional<Step> next(int started, boolean more) {
        if (more) {
            return Optional.of(Step.begin(started, 0));
        }
        for (int k = 0; k < epochs.length - 1; k++) {
            if (taken[k] < started || seen[k] < started) {
                return Optional.empty();
            }
            if (taken[k + 1] < started) {
                return goOn(taken[k + 1], k);
            }
        }
        return Optional.empty();
    }

    /** A member's way from a rung that all have come to; nothing where all failed there. */
    private Optional<Step> goOn(int member, int rung) {
        List<Double> at = values.get(rung);
        List<Integer> ranked = new ArrayList<>();
        for (int c = 0; c < at.size(); c++) {
            ranked.add(c);
        }
        // what is not a number is greater than all numbers
        ranked.sort(Comparator.comparingDouble((Integer c) -> at.get(c)).thenComparingInt(c -> c));
        int done = (int) at.stream().filter(value -> !value.isNaN()).count();
        if (done == 0) {
            return Optional.empty();
        }
        int copied = Math.min(done, Math.max(1, (int) (part * at.size())));
        int fromEnd = at.size() - 1 - ranked.indexOf(member);
        boolean gives = fromEnd < copied || at.get(member).isNaN();
        int parent = gives ? ranked.get(fromEnd % copied) : member;
        // a parent is better, or it is no use: of equals each goes on by itself
        boolean isWorse = at.get(member).isNaN() || at.get(parent) < at.get(member);
        return Optional.of(Step.copy(member, rung + 1, isWorse ? parent : member));
    }

    @Override
    public void taken(Step step) {
        taken[step.rung()]++;
    }

    @Override
    public void observe(Step step, double value) {
        List<Double> at = values.get(step.rung());
        while (at.size() <= step.configuration()) {
            at.add(Double.NaN);
        }
        at.set(step.configuration(), value);
        seen[step.rung()]++;
    }
}
