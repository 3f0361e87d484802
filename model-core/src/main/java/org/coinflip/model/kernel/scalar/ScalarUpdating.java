package org.coinflip.model.kernel.scalar;

import org.coinflip.model.kernel.operation.ScalarMath;
import org.coinflip.model.kernel.operation.Updating;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;

/** {@link Updating} number by number, from a given place on. */
public final class ScalarUpdating implements Updating {
    public static final int FLUSH_BITS = Float.floatToRawIntBits(FLUSH);

    @Override
    public void momentum(Floats weights, Floats velocity, float rate, float l2) {
        momentum(weights, velocity, rate, l2, 0);
    }

    public void momentum(Floats weights, Floats velocity, float rate, float l2, int from) {
        for (int i = from; i < weights.length(); i++) {
            float weight = weights.get(i);
            float speed = flush(ScalarMath.fma(weight, l2, velocity.get(i)));
            velocity.set(i, speed);
            weights.set(i, ScalarMath.fma(speed, -rate, weight));
        }
    }

    @Override
    public void nesterov(Floats weights, Floats gradient, Floats velocity, float rate, float momentum, float l2) {
        nesterov(weights, gradient, velocity, rate, momentum, l2, 0);
    }

    public void nesterov(
            Floats weights, Floats gradient, Floats velocity, float rate, float momentum, float l2, int from) {
        for (int i = from; i < weights.length(); i++) {
            float weight = weights.get(i);
            float slope = ScalarMath.fma(weight, l2, gradient.get(i));
            float before = velocity.get(i) * momentum;
            float after = flush(ScalarMath.fma(slope, -rate, before));
            velocity.set(i, after);
            weights.set(i, ScalarMath.fma(after, 1f + momentum, weight) - before);
        }
    }

    @Override
    public void adam(
            Floats weights,
            Floats gradient,
            Floats mean,
            Floats square,
            float rate,
            float beta1,
            float beta2,
            float epsilon,
            float l2) {
        adam(weights, gradient, mean, square, rate, beta1, beta2, epsilon, l2, 0);
    }

    public void adam(
            Floats weights,
            Floats gradient,
            Floats mean,
            Floats square,
            float rate,
            float beta1,
            float beta2,
            float epsilon,
            float l2,
            int from) {
        for (int i = from; i < weights.length(); i++) {
            float weight = weights.get(i);
            float slope = ScalarMath.fma(weight, l2, gradient.get(i));
            float first = flush(ScalarMath.fma(slope, 1f - beta1, mean.get(i) * beta1));
            float second = flush(ScalarMath.fma(slope * slope, 1f - beta2, square.get(i) * beta2));
            mean.set(i, first);
            square.set(i, second);
            weights.set(i, weight - first * rate / ((float) Math.sqrt(second) + epsilon));
        }
    }

    @Override
    public void rmsProp(
            Floats weights, Floats gradient, Floats square, float rate, float decay, float epsilon, float l2) {
        rmsProp(weights, gradient, square, rate, decay, epsilon, l2, 0);
    }

    public void rmsProp(
            Floats weights,
            Floats gradient,
            Floats square,
            float rate,
            float decay,
            float epsilon,
            float l2,
            int from) {
        for (int i = from; i < weights.length(); i++) {
            float weight = weights.get(i);
            float slope = ScalarMath.fma(weight, l2, gradient.get(i));
            float second = flush(ScalarMath.fma(slope * slope, 1f - decay, square.get(i) * decay));
            square.set(i, second);
            weights.set(i, weight - slope * rate / ((float) Math.sqrt(second) + epsilon));
        }
    }

    @Override
    public void limitColumnNorms(Matrix weights, float most, Floats scratch) {
        clear(scratch, weights.columns());
        for (int r = 0; r < weights.rows(); r++) {
            addSquares(weights, r, 0, scratch);
        }
        if (squaresToFactors(weights.columns(), most, scratch)) {
            for (int r = 0; r < weights.rows(); r++) {
                scale(weights, r, 0, scratch);
            }
        }
    }

    @Override
    public void mean(Floats a, double weightOfA, Floats b, double weightOfB) {
        mean(a, weightOfA, b, weightOfB, 0);
    }

    public void mean(Floats a, double weightOfA, Floats b, double weightOfB, int from) {
        for (int i = from; i < a.length(); i++) {
            a.set(i, (float) (weightOfA * a.get(i) + weightOfB * b.get(i)));
        }
    }

    @Override
    public boolean isFinite(Floats vector) {
        return isFinite(vector, 0);
    }

    public boolean isFinite(Floats vector, int from) {
        for (int i = from; i < vector.length(); i++) {
            if (!Float.isFinite(vector.get(i))) {
                return false;
            }
        }
        return true;
    }

    public static void clear(Floats scratch, int columns) {
        for (int j = 0; j < columns; j++) {
            scratch.set(j, 0f);
        }
    }

    void addSquares(Matrix weights, int row, int from, Floats squares) {
        for (int j = from; j < weights.columns(); j++) {
            float weight = weights.get(row, j);
            squares.set(j, ScalarMath.fma(weight, weight, squares.get(j)));
        }
    }

    /** Turns each column's squared norm into the factor that brings it to {@code most}, and says whether any is below 1. */
    public static boolean squaresToFactors(int columns, float most, Floats scratch) {
        boolean any = false;
        for (int j = 0; j < columns; j++) {
            float norm = (float) Math.sqrt(scratch.get(j));
            scratch.set(j, norm > most ? most / norm : 1f);
            any |= norm > most;
        }
        return any;
    }

    public void scale(Matrix weights, int row, int from, Floats factors) {
        for (int j = from; j < weights.columns(); j++) {
            weights.set(row, j, weights.get(row, j) * factors.get(j));
        }
    }

    private static float flush(float v) {
        return Math.abs(v) < FLUSH ? 0f : v;
    }
}
