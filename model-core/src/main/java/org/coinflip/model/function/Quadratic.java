package org.coinflip.model.function;

import java.util.Map;
import org.coinflip.model.settings.Range;
import org.coinflip.model.settings.Section;

/**
 * {@code f(h) = 1/D Σ_i (h_i − t)²}: for one unit the toy of Tucker et al. (2017), t = 0.45, and Grathwohl et al. (2018), t = 0.499.
 *
 * @param t where every unit's part is least
 */
public record Quadratic(double t) implements UnitFunction {
    public static final String TYPE = "quadratic";

    static Quadratic read(Section section) {
        return new Quadratic(section.number("t", 0.45, Range.FINITE));
    }

    @Override
    public void check(int units, String path) {}

    @Override
    public int degree(int columns) {
        return 2;
    }

    @Override
    public Evaluator evaluator(int units) {
        return new Evaluator() {
            @Override
            public double value(double[] point) {
                double sum = 0;
                for (int i = 0; i < units; i++) {
                    sum += (point[i] - t) * (point[i] - t);
                }
                return sum / units;
            }

            @Override
            public void differentiate(double[] point, double[] gradient) {
                for (int i = 0; i < units; i++) {
                    gradient[i] = 2 * (point[i] - t) / units;
                }
            }
        };
    }

    @Override
    public Map<String, Object> write() {
        return Map.of("type", TYPE, "t", t);
    }
}
