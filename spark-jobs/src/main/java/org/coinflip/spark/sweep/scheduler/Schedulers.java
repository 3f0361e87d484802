package org.coinflip.spark.sweep.scheduler;

import java.util.ArrayList;
import java.util.List;
import org.coinflip.model.settings.Range;
import org.coinflip.model.settings.Section;

/** The schedulers by the names that sweep files use. */
public enum Schedulers {
    NONE,
    ASHA,
    SUCCESSIVE_HALVING,
    HYPERBAND,
    MEDIAN_STOPPING,
    RACE,
    POPULATION;

    private static final double FACTOR = 3;
    private static final int LEAST_RESULTS = 5;
    private static final double ERROR_RATE = 0.05;
    private static final double COPIED = 0.2;

    /**
     * Reads the section {@code scheduler}, which may be a name alone.
     *
     * @param epochs of a whole training
     * @param replicates of a configuration
     */
    public static Scheduler read(Section section, int epochs, int replicates) {
        Schedulers type = section.choice("type", NONE);
        Scheduler scheduler =
                switch (type) {
                    case NONE -> new WholeTraining(epochs);
                    case ASHA -> {
                        double factor = factor(section);
                        yield new Asha(halving(section, factor, epochs), factor);
                    }
                    case SUCCESSIVE_HALVING -> {
                        double factor = factor(section);
                        int[] rungs = halving(section, factor, epochs);
                        String within = section.text("within", "");
                        yield within.isEmpty()
                                ? new SuccessiveHalving(rungs, factor, 0)
                                : new HalvingWithin(rungs, factor, within);
                    }
                    case HYPERBAND -> {
                        double factor = factor(section);
                        yield new Hyperband(halving(section, factor, epochs), factor);
                    }
                    case MEDIAN_STOPPING -> new MedianStopping(
                            every(section, epochs), section.integer("start", LEAST_RESULTS, 1, 1 << 20));
                    case POPULATION -> {
                        int[] rungs = every(section, epochs);
                        section.allow("perturb", "anew");
                        yield new Population(rungs, section.number("part", COPIED, new Range(0, false, 0.5, true)));
                    }
                    case RACE -> {
                        if (replicates < 2) {
                            throw section.wrong(
                                    "type", "another, or sweep.replicates of 2 or more: a race is over replicates");
                        }
                        yield new Race(
                                epochs,
                                replicates,
                                section.number("error-rate", ERROR_RATE, new Range(0, false, 1, false)));
                    }
                };
        section.finish();
        return scheduler;
    }

    private static double factor(Section section) {
        return section.number("factor", FACTOR, new Range(1, false, Double.POSITIVE_INFINITY, false));
    }

    /** {@code least, least · η, …}, and the whole training. */
    private static int[] halving(Section section, double factor, int epochs) {
        int least = section.integer("least", 1, 1, epochs);
        List<Integer> rungs = new ArrayList<>();
        for (double at = least; Math.round(at) < epochs; at *= factor) {
            int rung = (int) Math.round(at);
            if (rungs.isEmpty() || rungs.get(rungs.size() - 1) < rung) {
                rungs.add(rung);
            }
        }
        rungs.add(epochs);
        return rungs.stream().mapToInt(Integer::intValue).toArray();
    }

    /** {@code least, least + every, …}, and the whole training. */
    private static int[] every(Section section, int epochs) {
        int least = section.integer("least", 1, 1, epochs);
        int every = section.integer("every", Math.max(1, epochs / 10), 1, epochs);
        List<Integer> rungs = new ArrayList<>();
        for (int at = least; at < epochs; at += every) {
            rungs.add(at);
        }
        rungs.add(epochs);
        return rungs.stream().mapToInt(Integer::intValue).toArray();
    }
}
