package org.coinflip.model.kernel.operation;

/** A deterministic unit's output y as a function of its pre-activation a. Each derivative is a function of y alone. */
public enum Activation {
    /** y = a; dy/da = 1. */
    LINEAR,
    /** y = tanh a; dy/da = 1 − y². */
    TANH,
    /** y = 1 / (1 + e⁻ᵃ); dy/da = y (1 − y). */
    SIGMOID,
    /** y = max(0, a); dy/da = 1[y > 0]. */
    RELU,
    /** y = log(1 + eᵃ); dy/da = 1 − e⁻ʸ. */
    SOFTPLUS
}
