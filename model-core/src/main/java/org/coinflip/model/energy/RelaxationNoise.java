package org.coinflip.model.energy;

import java.util.LinkedHashMap;
import java.util.Map;
import org.coinflip.model.settings.Range;
import org.coinflip.model.settings.Section;

/**
 * Noise of the dynamics in training: at every step each unit receives {@code b + Σ W ρ + σ n}, n standard normal and its own. A state of a hard
 * sigmoid, whose ρ' counts as 1, is thereby moved by ε σ n before it is clipped. Nothing is averaged: rates are those of the last noisy step.
 *
 * <p>Laborieux and Zenke (2022), arXiv 2209.00530, table 1: σ = 0.04 in the nudged phases, from a free phase without noise.
 *
 * @param deviation σ, not negative; 0 for none
 * @param phases in which there is noise
 */
public record RelaxationNoise(double deviation, Phases phases) {
    public static final RelaxationNoise NONE = new RelaxationNoise(0, Phases.BOTH);

    /** Phases of a batch. */
    public enum Phases {
        /** Before the gradient. */
        FREE,
        /** Those of the gradient, nudged or clamped. */
        NUDGED,
        /** All. */
        BOTH
    }

    public static RelaxationNoise read(Section section) {
        RelaxationNoise noise = new RelaxationNoise(
                section.number("std", 0, Range.NOT_NEGATIVE), section.choice("phases", Phases.BOTH));
        section.finish();
        return noise.deviation == 0 ? NONE : noise;
    }

    public Map<String, Object> write() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("std", deviation);
        keys.put("phases", Section.name(phases));
        return keys;
    }

    /** Whether free phases have it. */
    public boolean isFree() {
        return deviation > 0 && phases != Phases.NUDGED;
    }

    /** Whether nudged phases have it. */
    public boolean isNudged() {
        return deviation > 0 && phases != Phases.FREE;
    }
}
