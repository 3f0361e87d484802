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
    MEDIAN_STOPPING;

    private static final double FACTOR = 3;
    private static final int LEAST_RESULTS = 5;

    /**
     * Reads the section {@code scheduler}, which may be a name alone.
     *
     * @param epochs of a whole training
     */
    public static Scheduler read(Section section, int epochs) {
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
                        yield new SuccessiveHalving(halving(section, factor, epochs), factor);
                    }
                    case MEDIAN_STOPPING -> new MedianStopping(
                            every(section, epochs), section.integer("start", LEAST_RESULTS, 1, 1 << 20));
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
