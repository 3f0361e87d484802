package org.coinflip.model.kernel.operation;

/** A unit's firing rate ρ(s) as a function of its state s, in an energy-based network. */
public enum FiringRate {
    /** ρ(s) = min(max(s, 0), 1); states are kept in [0, 1], so that none gets stuck where ρ' = 0. */
    HARD_SIGMOID,
    /** ρ(s) = 1 / (1 + e⁻ˢ). */
    SIGMOID,
    /** ρ(s) = tanh s. */
    TANH;

    /** ρ'(s), for a state that the dynamics can reach; of the hard sigmoid, 1 inside [0, 1] and 0 on its ends. */
    public double slope(double s) {
        return switch (this) {
            case HARD_SIGMOID -> s > 0 && s < 1 ? 1 : 0;
            case SIGMOID -> rate(s) * (1 - rate(s));
            case TANH -> 1 - rate(s) * rate(s);
        };
    }

    /** ρ(s) in double precision. */
    public double rate(double s) {
        return switch (this) {
            case HARD_SIGMOID -> Math.min(Math.max(s, 0), 1);
            case SIGMOID -> 1 / (1 + StrictMath.exp(-s));
            case TANH -> StrictMath.tanh(s);
        };
    }

    /** ρ''(s). */
    public double curvature(double s) {
        return switch (this) {
            case HARD_SIGMOID -> 0;
            case SIGMOID -> slope(s) * (1 - 2 * rate(s));
            case TANH -> -2 * rate(s) * slope(s);
        };
    }

    /** Whether states are kept in [0, 1]. */
    public boolean isClipped() {
        return this == HARD_SIGMOID;
    }
}
