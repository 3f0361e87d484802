package org.coinflip.model.kernel.operation;

import java.util.Arrays;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;

/**
 * One fused pass over parameters and their state per step. State that decays is flushed to zero below {@link #FLUSH}: denormal
 * numbers would slow a step several times. Stateless; nothing is allocated.
 */
public interface Updating {
    /** Magnitude below which decaying state becomes zero; 10⁸ times the least normal float. */
    float FLUSH = 1e-30f;

    /** Sums that {@link #squaredNorm} has at once. */
    int SUMS = 8;

    /** {@code v ← v + l2·w; w ← w − rate · v}; the velocity has already taken in the gradient, {@code v = μ v + g}. */
    void momentum(Floats weights, Floats velocity, float rate, float l2);

    /** ND4J's Nesterovs: {@code v' = μ v − rate·g; w ← w + (1+μ) v' − μ v}, with {@code g ← g + l2·w}. */
    void nesterov(Floats weights, Floats gradient, Floats velocity, float rate, float momentum, float l2);

    /**
     * ND4J's Adam: {@code m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g², w ← w − rate · m / (√v + ε)}, {@code g ← g + l2·w}.
     *
     * @param rate the step size with the bias corrections of the step folded in, {@code η √(1−β₂ᵗ)/(1−β₁ᵗ)}
     */
    void adam(
            Floats weights,
            Floats gradient,
            Floats mean,
            Floats square,
            float rate,
            float beta1,
            float beta2,
            float epsilon,
            float l2);

    /** ND4J's RmsProp: {@code v ← ρ v + (1−ρ) g², w ← w − rate · g / (√v + ε)}, {@code g ← g + l2·w}; v from 0. */
    void rmsProp(Floats weights, Floats gradient, Floats square, float rate, float decay, float epsilon, float l2);

    /**
     * Scales every column whose Euclidean norm is above {@code most} back to it.
     *
     * @param weights inputs × units, dense; modified
     * @param scratch at least {@code units} numbers, rounded up to whole rows of {@link Matrix#ROW_UNIT}; modified
     */
    void limitColumnNorms(Matrix weights, float most, Floats scratch);

    /**
     * {@code Σ v²} in double, in {@value #SUMS} sums, each of every eighth number, that are then added: the same bits on every processor.
     *
     * @param sums room for as many; modified
     */
    default double squaredNorm(Floats vector, double[] sums) {
        Arrays.fill(sums, 0);
        int whole = vector.length() - vector.length() % SUMS;
        for (int i = 0; i < whole; i += SUMS) {
            for (int lane = 0; lane < SUMS; lane++) {
                double v = vector.get(i + lane);
                sums[lane] += v * v;
            }
        }
        for (int i = whole; i < vector.length(); i++) {
            double v = vector.get(i);
            sums[i - whole] += v * v;
        }
        double sum = 0;
        for (double each : sums) {
            sum += each;
        }
        return sum;
    }

    /** {@code a ← w_a a + w_b b} in double, rounded to float once: the mean of two states. */
    void mean(Floats a, double weightOfA, Floats b, double weightOfB);

    /** Whether every number is finite. */
    boolean isFinite(Floats vector);
}
