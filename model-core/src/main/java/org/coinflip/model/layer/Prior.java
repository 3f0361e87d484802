package org.coinflip.model.layer;

import java.util.Map;
import org.coinflip.model.settings.Range;
import org.coinflip.model.settings.Section;

/**
 * The prior of a layer of binary latent variables, factorised, p(h) = Π_i Bernoulli(h_i; σ(θ_i)). The layer is then the approximate
 * posterior q(h | a), and {@code log q(h|a) − log p(h)} is added to the loss of each sample, so that the mean loss of a network with a
 * Bernoulli reconstruction on top is the negative evidence lower bound.
 *
 * <p>Mnih and Gregor (2014), "Neural variational inference and learning in belief networks"; Dong, Mnih, Tucker (2020) for the protocol.
 *
 * @param type what θ is
 * @param rateScale factor on the learning rate of θ, where it is learned
 */
public record Prior(Type type, double rateScale) {
    /** What θ is. */
    public enum Type {
        /** Trained, from 0 on. */
        LEARNED,
        /** 0: every unit is as often 0 as 1. */
        UNIFORM,
        /** A function of the latent variables above, which a {@link LikelihoodLayer} computes and accounts for; here only log q is added. */
        CONDITIONAL
    }

    /** Name of the segment of θ. */
    static final String LOGITS = "prior";

    static Prior read(Section section) {
        Type type = section.choice("type", Type.LEARNED);
        Prior prior = new Prior(type, type == Type.LEARNED ? section.number("rate-scale", 1, Range.NOT_NEGATIVE) : 1);
        section.finish();
        return prior;
    }

    /** Whether θ is a parameter. */
    public boolean isLearned() {
        return type == Type.LEARNED;
    }

    Map<String, Object> write() {
        return isLearned()
                ? Map.of("type", Section.name(type), "rate-scale", rateScale)
                : Map.of("type", Section.name(type));
    }
}
