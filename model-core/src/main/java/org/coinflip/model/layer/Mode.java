package org.coinflip.model.layer;

/** What a stochastic unit gives to the units above it. */
public enum Mode {
    /** A sample, drawn for training; what gradients need is kept. */
    TRAIN,
    /** A sample, drawn with noise that training never uses. */
    SAMPLES,
    /** The unit's mean given its pre-activation. */
    MEANS,
    /** The unit's most likely or noise-free value; with a {@link org.coinflip.model.layer.stochastic.ThresholdRate} one that is on for a given part of the examples. */
    THRESHOLDS;

    /** Whether units draw noise. */
    public boolean isStochastic() {
        return this == TRAIN || this == SAMPLES;
    }
}
