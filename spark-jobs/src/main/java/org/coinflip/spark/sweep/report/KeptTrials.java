package org.coinflip.spark.sweep.report;

import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.coinflip.spark.sweep.result.TrialRow;

/** Of many trials the best half, and of the others some at equal distances in the order from good to bad, failures last. */
final class KeptTrials {
    private KeptTrials() {}

    /**
     * Chooses.
     *
     * @param most how many may stay, at least 2
     * @param badness of a trial; NaN for one without a result
     * @return in the order of trials
     */
    static List<TrialRow> of(List<TrialRow> rows, int most, ToDoubleFunction<TrialRow> badness) {
        if (rows.size() <= most) {
            return rows;
        }
        List<TrialRow> sorted = rows.stream()
                .sorted(Comparator.comparingDouble(badness).thenComparingInt(TrialRow::trial))
                .toList();
        int half = most / 2;
        List<TrialRow> others = sorted.subList(half, sorted.size());
        Stream<TrialRow> spread = IntStream.range(0, most - half)
                .mapToObj(i -> others.get((int) ((long) i * others.size() / (most - half))));
        return Stream.concat(sorted.subList(0, half).stream(), spread)
                .sorted(Comparator.comparingInt(TrialRow::trial))
                .toList();
    }
}
