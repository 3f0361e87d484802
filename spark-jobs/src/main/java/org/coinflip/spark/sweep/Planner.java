package org.coinflip.spark.sweep;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    private final Map<Integer, Double> results = new HashMap<>();
    private int observed;
    private double epochs;
    private boolean finished;
    private boolean outOfBudget;

    /**
     * @param configurations how many there are to be
     * @param mostEpochs epochs of all steps together
     */
    Planner(Sampler sampler, Scheduler scheduler, int configurations, int window, double mostEpochs) {
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
        double more = rungs[step.rung()] - (step.rung() == 0 ? 0 : rungs[step.rung() - 1]);
        if (epochs + more > mostEpochs) {
            finished = true;
            outOfBudget = true;
            return Optional.empty();
        }
        epochs += more;
        if (step.configuration() == started.size()) {
            started.add(sampler.configuration(started.size()));
        }
        scheduler.taken(step);
        steps.add(step);
        return Optional.of(step);
    }

    private boolean observe() {
        Double value = results.remove(observed);
        if (value == null) {
            return false;
        }
        Step step = steps.get(observed++);
        sampler.observe(started.get(step.configuration()), value, step.rung());
        scheduler.observe(step, value);
        return true;
    }

    /**
     * Takes the result of a step.
     *
     * @param step its number
     * @param value the metric, to be minimised; NaN for a failure
     */
    void result(int step, double value) {
        results.put(step, value);
    }

    /** Steps decided so far. */
    int steps() {
        return steps.size();
    }

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
