package org.coinflip.model.training.updater;

import org.coinflip.model.kernel.operation.Gating;
import org.coinflip.model.memory.Matrix;

/**
 * Momentum for weights that lie unit by unit, of which a step may use few. With u = μ v, a step is u ← u + g; w ← w − η u; u ← μ u. Where
 * a unit has no gradient, k steps are known in advance,
 *
 * <pre>  w ← w − (η_1 + μ η_2 + … + μ^(k−1) η_k) u,   u ← μ^k u,</pre>
 *
 * so they are taken when the unit is next used; so is the last part of a step that did bring a gradient. The same as taking them at once,
 * within rounding; a limit on norms is kept whenever weights are read, but not after each of several steps owed.
 */
final class LazyMomentum {
    /** Steps that a unit may owe; then all units take theirs. */
    static final int MOST_OWED = 256;
    /** Factor below which a velocity moves no float any more. */
    private static final double NOTHING = 1e-10;

    private final Matrix weights;
    private final Matrix velocity;
    private final double momentum;
    private final float mostNorm;
    private final Gating kernels;
    private final Gating.Scratch scratch;
    private final int[] taken;
    private final double[] rates = new double[MOST_OWED];
    private int steps;

    /** @param velocity u, laid out like the weights */
    LazyMomentum(Matrix weights, Matrix velocity, double momentum, float mostNorm, Gating kernels) {
        this.weights = weights;
        this.velocity = velocity;
        this.momentum = momentum;
        this.mostNorm = mostNorm;
        this.kernels = kernels;
        scratch = Gating.Scratch.of(1, weights.columns());
        taken = new int[weights.rows()];
    }

    /** Takes the steps that units in use owe; of all, where {@code open} is null. */
    void use(int[] open, int rows) {
        for (int unit = 0; unit < taken.length; unit++) {
            if (taken[unit] < steps && (open == null || !Gating.isClosed(open, taken.length, rows, unit))) {
                take(unit);
            }
        }
    }

    /** The same of units that the rows of a batch have, {@code count} from {@code first[r]} on. */
    void use(int[] first, int count, int rows) {
        for (int r = 0; r < rows; r++) {
            for (int unit = first[r]; unit < first[r] + count; unit++) {
                if (taken[unit] < steps) {
                    take(unit);
                }
            }
        }
    }

    /** Ends a step: whatever u took in, every unit owes it. */
    void step(double rate) {
        rates[steps++] = rate;
        if (steps == MOST_OWED) {
            use(null, 0);
            java.util.Arrays.fill(taken, 0);
            steps = 0;
        }
    }

    private void take(int unit) {
        double drift = 0;
        double decay = 1;
        for (int step = taken[unit]; step < steps && decay > NOTHING; step++) {
            drift += decay * rates[step];
            decay *= momentum;
        }
        kernels.drift(weights, velocity, unit, (float) drift, decay > NOTHING ? (float) decay : 0f, mostNorm, scratch);
        taken[unit] = steps;
    }
}
