package org.coinflip.spark.sweep.trial;

import com.typesafe.config.Config;
import java.util.Map;
import java.util.Set;
import org.coinflip.model.settings.Range;
import org.coinflip.model.settings.Section;

/**
 * {@code sweep.trial = function}: a test function of optimisation as the metric {@code value}; the keys are in {@code function}.
 *
 * <p>Branin and Hartmann-6 after Dixon and Szegő (1978), "The global optimization problem: an introduction"; {@code mixed} has a choice of
 * two branches with axes of their own, a whole number and a rate on a logarithmic scale, as searches over networks have. {@code zdt1}, with a second metric
 * {@code second}, is a test of several objectives, of Zitzler, Deb, Thiele (2000), "Comparison of Multiobjective Evolutionary Algorithms: Empirical Results".
 */
final class FunctionProgram implements TrialProgram {
    private static final long serialVersionUID = 1L;
    private static final double[] ALPHA = {1.0, 1.2, 3.0, 3.2};
    private static final double[][] A = {
        {10, 3, 17, 3.5, 1.7, 8}, {0.05, 10, 17, 0.1, 8, 14}, {3, 3.5, 1.7, 10, 17, 8}, {17, 8, 0.05, 10, 0.1, 14}
    };
    private static final double[][] P = {
        {0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886},
        {0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991},
        {0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650},
        {0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381}
    };

    private enum Name {
        BRANIN,
        HARTMANN6,
        MIXED,
        ZDT1
    }

    private enum Branch {
        SMOOTH,
        SHARP
    }

    @Override
    public void check(Section settings) {
        values(settings);
    }

    @Override
    public Set<String> metrics() {
        return Set.of("value", "second");
    }

    @Override
    public int epochs(Config settings) {
        return 1;
    }

    @Override
    public Outcome run(Config settings, TrialRequest request, Checkpoints checkpoints) {
        return Outcome.of(values(Section.root(settings)));
    }

    private static Map<String, Double> values(Section settings) {
        Section root = settings.allow("name", "seed", "output", "overwrite");
        Section function = root.section("function");
        Map<String, Double> values =
                switch (function.choice("name", Name.BRANIN)) {
                    case BRANIN -> Map.of(
                            "value",
                            branin(function.number("x1", 0, Range.FINITE), function.number("x2", 0, Range.FINITE)));
                    case HARTMANN6 -> Map.of("value", hartmann6(function));
                    case MIXED -> Map.of("value", mixed(function));
                    case ZDT1 -> zdt1(function);
                };
        function.finish();
        root.finish();
        return values;
    }

    /** On [0, 1]⁵; the front is second = 1 − √value, where all numbers but the first are 0. */
    private static Map<String, Double> zdt1(Section function) {
        double first = function.number("x1", 0, Range.UNIT);
        double g = 1;
        for (int j = 2; j <= 5; j++) {
            g += 9.0 / 4 * function.number("x" + j, 0, Range.UNIT);
        }
        return Map.of("value", first, "second", g * (1 - Math.sqrt(first / g)));
    }

    /** On [−5, 10] × [0, 15]; least 0.397887 at (π, 2.275) and two more points. */
    static double branin(double x1, double x2) {
        double square = x2 - 5.1 / (4 * Math.PI * Math.PI) * x1 * x1 + 5 / Math.PI * x1 - 6;
        return square * square + 10 * (1 - 1 / (8 * Math.PI)) * StrictMath.cos(x1) + 10;
    }

    /** On [0, 1]⁶; least −3.32237. */
    private static double hartmann6(Section function) {
        double[] x = new double[6];
        for (int j = 0; j < x.length; j++) {
            x[j] = function.number("x" + (j + 1), 0.5, Range.FINITE);
        }
        return hartmann6(x);
    }

    static double hartmann6(double[] x) {
        double sum = 0;
        for (int i = 0; i < ALPHA.length; i++) {
            double exponent = 0;
            for (int j = 0; j < x.length; j++) {
                exponent += A[i][j] * (x[j] - P[i][j]) * (x[j] - P[i][j]);
            }
            sum += ALPHA[i] * StrictMath.exp(-exponent);
        }
        return -sum;
    }

    /** Least 0 in the branch sharp, at rate 0.003, depth 3, temperature 0.7; the other branch has no less than 0.3. */
    private static double mixed(Section function) {
        Section branch = function.typed("branch", "smooth");
        Branch type = branch.choice("type", Branch.SMOOTH);
        double rate = function.number("rate", 0.01, Range.POSITIVE);
        int depth = function.integer("depth", 1, 1, 5);
        double value =
                switch (type) {
                    case SMOOTH -> {
                        double width = branch.number("width", 0.5, Range.UNIT);
                        yield 0.3
                                + square(StrictMath.log10(rate / 0.03)) / 4
                                + square(width - 0.4)
                                + 0.05 * Math.abs(depth - 2);
                    }
                    case SHARP -> {
                        double temperature = branch.number("temperature", 0.5, Range.POSITIVE);
                        yield square(StrictMath.log10(rate / 0.003)) / 2
                                + 2 * square(temperature - 0.7)
                                + 0.1 * Math.abs(depth - 3);
                    }
                };
        branch.finish();
        return value;
    }

    private static double square(double x) {
        return x * x;
    }
}
