package org.coinflip.spark.sweep;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.coinflip.spark.sweep.sampler.Measured;
import org.coinflip.spark.sweep.sampler.Sampler;
import org.coinflip.spark.sweep.scheduler.Scheduler;
import org.coinflip.spark.sweep.scheduler.Step;
import org.coinflip.spark.sweep.space.Configuration;

/**
 * The order of a sweep's steps as a function of their results: step j is decided when just the results of the steps before j − window are
 * known to sampler and scheduler, in the order of the steps, and of further ones one by one where none can be decided otherwise. Who
 * finished first has no part in it. So a sweep comes out the same wherever it runs, and is resumed by deciding all over again.
 *
 * <p>Not thread-safe.
 */
final class Planner {
    private final Sampler sampler;
    private final Scheduler scheduler;
    private final int[] rungs;
    private final int configurations;
    private final long window;
    private final double mostEpochs;
    private final List<Configuration> started = new ArrayList<>();
    private final List<Step> steps = new ArrayList<>();
    /** What each step was given. */
    private final List<Configuration> given = new ArrayList<>();

    private final BiFunction<Configuration, Integer, Configuration> near;
    private final Map<Integer, Measured> results = new HashMap<>();
    private final Map<Integer, double[]> sums = new HashMap<>();
    private int observed;
    private double epochs;
    private boolean finished;
    private boolean outOfBudget;

    /**
     * @param configurations how many there are to be
     * @param mostEpochs epochs of all steps together
     */
    Planner(Sampler sampler, Scheduler scheduler, int configurations, int window, double mostEpochs) {
        this(sampler, scheduler, (parent, step) -> parent, configurations, window, mostEpochs);
    }

    /**
     * @param near the settings of one that goes on from another's state, given the other's and the step's number
     * @param configurations how many there are to be
     * @param mostEpochs epochs of all steps together
     */
    Planner(
            Sampler sampler,
            Scheduler scheduler,
            BiFunction<Configuration, Integer, Configuration> near,
            int configurations,
            int window,
            double mostEpochs) {
        this.near = near;
        this.sampler = sampler;
        this.scheduler = scheduler;
        this.rungs = scheduler.rungs();
        this.configurations = configurations;
        this.window = sampler.learns() || scheduler.learns() ? window : Integer.MAX_VALUE;
        this.mostEpochs = mostEpochs;
    }

    /** The next step, whose number is that of the steps before it; nothing where results are waited for or all is done. */
    Optional<Step> next() {
        while (!finished) {
            if (observed + window <= steps.size()) {
                if (!observe()) {
                    return Optional.empty();
                }
                continue;
            }
            Optional<Step> step = scheduler.next(started.size(), started.size() < configurations);
            if (step.isPresent()) {
                return take(step.get());
            }
            if (observed == steps.size()) {
                finished = true;
            } else if (!observe()) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    private Optional<Step> take(Step step) {
        double more = rungs[step.rung()] - (step.begins() ? 0 : rungs[step.from()]);
        if (epochs + more > mostEpochs) {
            finished = true;
            outOfBudget = true;
            return Optional.empty();
        }
        epochs += more;
        if (step.configuration() == started.size()) {
            Configuration begun = sampler.configuration(started.size());
            scheduler.begun(started.size(), begun.values());
            started.add(begun);
        } else if (step.copies()) {
            Configuration parent = step(step.parent(), step.from()).configuration();
            started.set(step.configuration(), near.apply(parent, steps.size()));
        }
        scheduler.taken(step);
        steps.add(step);
        given.add(started.get(step.configuration()));
        return Optional.of(step);
    }

    private boolean observe() {
        Measured measured = results.remove(observed);
        if (measured == null) {
            return false;
        }
        Step step = steps.get(observed++);
        sampler.observe(given.get(observed - 1), mean(step, measured), step.rung());
        scheduler.observe(step, measured.value());
        return true;
    }

    /** What a sampler is told: the mean of a configuration's replicates so far, where they are steps of their own. */
    private Measured mean(Step step, Measured measured) {
        if (step.replicate() == Step.ALL) {
            return measured;
        }
        double[] sum = sums.computeIfAbsent(step.configuration(), c -> new double[2]);
        sum[0] += measured.value();
        sum[1]++;
        return Measured.of(sum[0] / sum[1]);
    }

    /**
     * Takes the result of a step.
     *
     * @param step its number
     * @param value the metric, to be minimised; NaN for a failure
     */
    void result(int step, double value) {
        result(step, Measured.of(value));
    }

    /** Takes the result of a step in all objectives. */
    void result(int step, Measured measured) {
        results.put(step, measured);
        // where nothing is decided by results, they need not be kept until the last step
        while (window == Integer.MAX_VALUE && observed < steps.size() && observe()) {
            // in the order of the steps
        }
    }

    /** Steps decided so far. */
    int steps() {
        return steps.size();
    }

    /**
     * A step that was taken.
     *
     * @param step the step
     * @param configuration what it was given
     */
    record Taken(Step step, Configuration configuration) {}

    /** The last step that took a configuration to a rung. */
    Taken step(int configuration, int rung) {
        for (int i = steps.size() - 1; i >= 0; i--) {
            if (steps.get(i).configuration() == configuration && steps.get(i).rung() == rung) {
                return new Taken(steps.get(i), given.get(i));
            }
        }
        throw new IllegalArgumentException("configuration " + configuration + " was not taken to rung " + rung);
    }

    /** The steps that led to where a step begins, the first one first; they have settings of their own where states are copied. */
    List<Taken> before(Step step) {
        ArrayDeque<Taken> before = new ArrayDeque<>();
        for (Step at = step; !at.begins(); at = before.getFirst().step()) {
            before.addFirst(step(at.parent(), at.from()));
        }
        return List.copyOf(before);
    }

    /** Steps that may be taken before the result of the first of them is known. */
    long window() {
        return window;
    }

    /** Whether states are copied. */
    boolean copies() {
        return scheduler.copies();
    }

    /** What a configuration was given last. */
    Configuration configuration(int number) {
        return started.get(number);
    }

    /** Configurations started so far. */
    List<Configuration> started() {
        return started;
    }

    /** Epochs done at each rung. */
    int[] rungs() {
        return rungs;
    }

    /** Whether it ended because no epochs were left, not because all was done. */
    boolean isOutOfBudget() {
        return outOfBudget;
    }
}
