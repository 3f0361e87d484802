package org.coinflip.spark.sweep.space;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.coinflip.model.settings.DecimalNumber;
import org.coinflip.model.settings.Range;
import org.coinflip.model.settings.Section;

/**
 * Numbers of a law, given by its quantile function.
 *
 * <pre>{@code
 * { uniform = [low, high], step = s, points = n }         low, low + s, … in decimals where a step is given
 * { log-uniform = [low, high], points = n }
 * { int = [low, high], log = false, points = n }          both ends included
 * { normal = [mean, std], points = n }
 * }</pre>
 *
 * @param law which
 * @param first the lower end, or the mean
 * @param second the upper end, or the standard deviation
 * @param step distance of values from the lower end on, 0 for none
 * @param points values of a grid, 0 where not given
 */
record Numeric(Law law, double first, double second, double step, int points) implements Distribution {
    /** A grid over whole numbers takes them all, unless they are more than this. */
    private static final int MOST_OF_A_GRID = 1000;

    enum Law {
        UNIFORM,
        LOG_UNIFORM,
        INT,
        LOG_INT,
        NORMAL
    }

    /** Reads a section that has the key {@code kind}. */
    static Numeric read(Section section, String kind) {
        List<Double> given = section.numbers(kind);
        boolean log = section.flag("log", false);
        double step = section.number("step", 0, Range.NOT_NEGATIVE);
        int points = section.optionalInteger("points", 1, 1 << 20).orElse(0);
        if (given.size() != 2 || !given.stream().allMatch(Double::isFinite)) {
            throw section.wrong(kind, kind.equals("normal") ? "[mean, std]" : "[low, high]");
        }
        double first = given.get(0);
        double second = given.get(1);
        Law law =
                switch (kind) {
                    case "uniform" -> log ? Law.LOG_UNIFORM : Law.UNIFORM;
                    case "log-uniform" -> Law.LOG_UNIFORM;
                    case "int" -> log ? Law.LOG_INT : Law.INT;
                    default -> Law.NORMAL;
                };
        if (law == Law.NORMAL ? !(second > 0) : !(first < second)) {
            throw section.wrong(
                    kind, law == Law.NORMAL ? "a standard deviation above 0" : "the lower end first, and a higher one");
        }
        if ((law == Law.INT || law == Law.LOG_INT) && (first != Math.rint(first) || second != Math.rint(second))) {
            throw section.wrong(kind, "whole numbers");
        }
        if ((law == Law.LOG_UNIFORM || law == Law.LOG_INT) && !(first > 0)) {
            throw section.wrong(kind, "a lower end above 0, for its logarithm is taken");
        }
        if (step > 0 && law != Law.UNIFORM) {
            throw section.wrong("step", "none: steps are of uniform axes");
        }
        section.finish();
        return new Numeric(law, first, second, step, points);
    }

    @Override
    public Object value(double u) {
        return switch (law) {
            case UNIFORM -> step > 0 ? stepped(u) : Math.min(second, first + u * (second - first));
            case LOG_UNIFORM -> clipped(
                    StrictMath.exp(StrictMath.log(first) + u * (StrictMath.log(second) - StrictMath.log(first))));
            case INT -> (long) clipped(first + Math.floor(u * (second - first + 1)));
            case LOG_INT -> (long) clipped(Math.floor(
                    StrictMath.exp(StrictMath.log(first) + u * (StrictMath.log(second + 1) - StrictMath.log(first)))));
            case NORMAL -> new NormalDistribution(null, first, second)
                    .inverseCumulativeProbability(Math.min(Math.max(u, 0x1p-53), 1 - 0x1p-53));
        };
    }

    @Override
    public OptionalDouble coordinate(Object value) {
        double x = DecimalNumber.parseOrNaN(String.valueOf(value));
        boolean outside = law != Law.NORMAL && !(first <= x && x <= second);
        boolean whole = (law != Law.INT && law != Law.LOG_INT) || x == Math.rint(x);
        if (!Double.isFinite(x) || outside || !whole) {
            return OptionalDouble.empty();
        }
        double u =
                switch (law) {
                    case UNIFORM -> step > 0
                            ? (Math.rint((x - first) / step) + 0.5) / (steps() + 1)
                            : (x - first) / (second - first);
                    case LOG_UNIFORM -> logarithmic(x, second);
                    case INT -> (x - first + 0.5) / (second - first + 1);
                    case LOG_INT -> logarithmic(x + 0.5, second + 1);
                    case NORMAL -> new NormalDistribution(null, first, second).cumulativeProbability(x);
                };
        boolean onStep = step == 0 || value(u).equals(x);
        return onStep ? OptionalDouble.of(Math.min(1, Math.max(0, u))) : OptionalDouble.empty();
    }

    private double logarithmic(double x, double end) {
        return (StrictMath.log(x) - StrictMath.log(first)) / (StrictMath.log(end) - StrictMath.log(first));
    }

    private double stepped(double u) {
        long steps = steps();
        return decimal(first)
                .add(decimal(step).multiply(BigDecimal.valueOf(Math.min(steps, (long) Math.floor(u * (steps + 1))))))
                .doubleValue();
    }

    /** Steps of 0.1 are such in the decimals in which they are written: the third one is 0.3, not 0.30000000000000004. */
    private static BigDecimal decimal(double value) {
        return BigDecimal.valueOf(value);
    }

    private long steps() {
        return decimal(second)
                .subtract(decimal(first))
                .divideToIntegralValue(decimal(step))
                .longValue();
    }

    private double clipped(double value) {
        return Math.min(second, Math.max(first, value));
    }

    @Override
    public boolean isLogarithmic() {
        return law == Law.LOG_UNIFORM || law == Law.LOG_INT;
    }

    @Override
    public double[] grid() {
        double[] grid = new double[points > 0 ? points : wholeNumbers()];
        boolean ends = law == Law.UNIFORM && step == 0 || law == Law.LOG_UNIFORM;
        Arrays.setAll(grid, i -> ends && grid.length > 1 ? (double) i / (grid.length - 1) : (i + 0.5) / grid.length);
        return grid;
    }

    private int wholeNumbers() {
        double count = law == Law.INT ? second - first + 1 : step > 0 ? steps() + 1 : 0;
        return count <= MOST_OF_A_GRID ? (int) count : 0;
    }
}
