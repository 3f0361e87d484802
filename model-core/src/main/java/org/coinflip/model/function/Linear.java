package org.coinflip.model.function;

import java.util.List;
import java.util.Map;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.settings.Section;

/**
 * {@code f(h) = Σ_i w_i h_i}.
 *
 * @param weights w, one for each unit
 */
public record Linear(List<Double> weights) implements UnitFunction {
    public static final String TYPE = "linear";

    public Linear {
        weights = List.copyOf(weights);
    }

    static Linear read(Section section) {
        return new Linear(UnitFunctions.finite(section, "weights"));
    }

    @Override
    public void check(int units, String path) {
        if (weights.size() != units) {
            throw new UsageException(path + ".weights: got " + weights.size() + " numbers, expected " + units
                    + ", one for each unit below");
        }
    }

    @Override
    public int degree(int columns) {
        return 1;
    }

    @Override
    public Evaluator evaluator(int units) {
        double[] w = weights.stream().mapToDouble(Double::doubleValue).toArray();
        return new Evaluator() {
            @Override
            public double value(double[] point) {
                double sum = 0;
                for (int i = 0; i < w.length; i++) {
                    sum += w[i] * point[i];
                }
                return sum;
            }

            @Override
            public void differentiate(double[] point, double[] gradient) {
                System.arraycopy(w, 0, gradient, 0, w.length);
            }
        };
    }

    @Override
    public Map<String, Object> write() {
        return Map.of("type", TYPE, "weights", weights);
    }
}
