package org.coinflip.spark.study.energy;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What should hold of early inference, each as a line where it does not. */
final class Claims {
    private static final double COSINE = 0.9999;
    private static final double SLOPE_TOLERANCE = 0.2;
    /** Standard errors; beyond them by chance in less than one unit and time in 10⁶. */
    private static final double ERRORS = 5;
    /** What rounding may add to a mean where noise does nothing: a linear network displaces alike in all chains. */
    private static final double ROUNDING = 1e-9;

    private Claims() {}

    /**
     * The deterministic runs under the least β: the cosine at the least time, and {@code |1 − norm ratio|} growing linearly from the least
     * time to the next.
     */
    static Optional<String> lawHolds(List<Row> rows, double leastBeta) {
        for (Row row : rows) {
            if (row.cell().temperature() > 0 || row.cell().beta() != leastBeta || !isFirst(row, rows)) {
                continue;
            }
            if (!(row.likeness().cosine() >= COSINE)) {
                return Optional.of(String.format(
                        Locale.ROOT,
                        "%s, layer %d: cosine %.6f at time %s, expected at least %s",
                        row.cell(),
                        row.layer(),
                        row.likeness().cosine(),
                        row.time(),
                        COSINE));
            }
            Optional<Row> next = next(row, rows);
            if (next.isPresent()) {
                double slope = StrictMath.log((1 - next.get().likeness().ratio())
                                / (1 - row.likeness().ratio()))
                        / StrictMath.log(next.get().time() / row.time());
                if (!(Math.abs(slope - 1) <= SLOPE_TOLERANCE)) {
                    return Optional.of(String.format(
                            Locale.ROOT,
                            "%s, layer %d: 1 − norm ratio grows as time to the power %.3f, expected 1 ± %s",
                            row.cell(),
                            row.layer(),
                            slope,
                            SLOPE_TOLERANCE));
                }
            }
        }
        return Optional.empty();
    }

    private static boolean isFirst(Row row, List<Row> rows) {
        return rows.stream().filter(r -> same(r, row)).findFirst().orElseThrow() == row;
    }

    private static Optional<Row> next(Row row, List<Row> rows) {
        return rows.stream().filter(r -> same(r, row)).skip(1).findFirst();
    }

    private static boolean same(Row a, Row b) {
        return a.cell().equals(b.cell()) && a.layer() == b.layer();
    }

    /** Every unit's mean at every time within its standard error of the run without noise. */
    static Optional<String> meanIsDeterministic(Cell cell, Chains chains, double[][] without) {
        for (int t = 0; t < without.length; t++) {
            double[] mean = chains.mean(t);
            for (int i = 0; i < mean.length; i++) {
                double allowed = ERRORS * chains.error(t, i) + ROUNDING * cell.beta();
                if (!(Math.abs(mean[i] - without[t][i]) <= allowed)) {
                    return Optional.of(String.format(
                            Locale.ROOT,
                            "%s, unit %d: the mean of %d chains is %.3e, without noise %.3e, expected at most %.1e apart",
                            cell,
                            i,
                            chains.count(),
                            mean[i],
                            without[t][i],
                            allowed));
                }
            }
        }
        return Optional.empty();
    }
}
