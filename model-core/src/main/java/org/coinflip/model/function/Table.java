package org.coinflip.model.function;

import java.util.List;
import java.util.Map;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.settings.Section;

/**
 * Any function of D bits: a value for each of the 2^D points, the first unit the fastest bit, and between them the multilinear
 * extension, which is the expectation under independent bits of those means: {@code f(h) = Σ_b v_b Π_i (b_i ? h_i : 1 − h_i)}.
 *
 * @param values v, 2^D numbers
 */
public record Table(List<Double> values) implements UnitFunction {
    public static final String TYPE = "table";

    /** The most units a table is written for. */
    public static final int MOST_UNITS = 20;

    public Table {
        values = List.copyOf(values);
    }

    static Table read(Section section) {
        Table table = new Table(UnitFunctions.finite(section, "values"));
        int length = table.values.size();
        if (length < 2 || Integer.bitCount(length) != 1) {
            throw new UsageException(section.path("values") + ": got " + length
                    + " numbers, expected 2^D of them for D units, the first unit the fastest bit");
        }
        if (length > 1 << MOST_UNITS) {
            throw new UsageException(section.path("values") + ": got " + length + " numbers, expected at most 2^"
                    + MOST_UNITS + ", a table of " + MOST_UNITS + " units");
        }
        return table;
    }

    @Override
    public void check(int units, String path) {
        if (units > MOST_UNITS || values.size() != 1 << units) {
            throw new UsageException(path + ".values: got " + values.size() + " numbers, expected "
                    + (units > MOST_UNITS
                            ? "a table of at most " + MOST_UNITS + " units, not of " + units
                            : "2^" + units + " = " + (1 << units) + " for the " + units + " units below"));
        }
    }

    @Override
    public int degree(int columns) {
        return columns;
    }

    @Override
    public Evaluator evaluator(int units) {
        return new Folding(values.stream().mapToDouble(Double::doubleValue).toArray(), units);
    }

    /**
     * One unit at a time is integrated out, the fastest first: {@code v'_m = v_2m + h (v_2m+1 − v_2m)}. The 2^k values left before the
     * last k units are kept in the order of a heap, from place 2^k on, for the way back.
     */
    private static final class Folding implements Evaluator {
        private final int units;
        private final double[] heap;
        private final double[] weights;

        Folding(double[] values, int units) {
            this.units = units;
            this.heap = new double[2 * values.length];
            this.weights = new double[values.length];
            System.arraycopy(values, 0, heap, values.length, values.length);
        }

        @Override
        public double value(double[] point) {
            for (int unit = 0; unit < units; unit++) {
                int left = 1 << (units - 1 - unit);
                for (int m = left; m < 2 * left; m++) {
                    heap[m] = heap[2 * m] + point[unit] * (heap[2 * m + 1] - heap[2 * m]);
                }
            }
            return heap[1];
        }

        @Override
        public void differentiate(double[] point, double[] gradient) {
            value(point);
            // weights[m]: the derivative of f with respect to heap[m]
            weights[1] = 1;
            for (int unit = units - 1; unit >= 0; unit--) {
                int left = 1 << (units - 1 - unit);
                double sum = 0;
                for (int m = left; m < 2 * left; m++) {
                    sum += weights[m] * (heap[2 * m + 1] - heap[2 * m]);
                    if (unit > 0) {
                        weights[2 * m] = weights[m] * (1 - point[unit]);
                        weights[2 * m + 1] = weights[m] * point[unit];
                    }
                }
                gradient[unit] = sum;
            }
        }
    }

    @Override
    public Map<String, Object> write() {
        return Map.of("type", TYPE, "values", values);
    }
}
