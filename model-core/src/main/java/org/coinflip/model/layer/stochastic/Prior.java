package org.coinflip.model.layer.stochastic;

import java.util.Map;
import org.coinflip.model.settings.Range;
import org.coinflip.model.settings.Section;
import org.coinflip.model.unit.Gaussian;
import org.coinflip.model.unit.UnitLaw;

/**
 * The prior of a layer of latent variables, factorised, p(h) = Π_i Bernoulli(h_i; σ(θ_i)) of bits and Π_i N(h_i; 0, 1) of Gaussian units. The layer is then the approximate
 * posterior q(h | a), and {@code log q(h|a) − log p(h)} is added to the loss of each sample, so that the mean loss of a network with a
 * reconstruction on top is the negative evidence lower bound.
 *
 * <p>Mnih and Gregor (2014), "Neural variational inference and learning in belief networks"; Dong, Mnih, Tucker (2020) for the protocol.
 *
 * @param type what θ is, of bits
 * @param rateScale factor on the learning rate of θ, where it is learned
 */
public record Prior(Type type, double rateScale) {
    /** What θ is. */
    public enum Type {
        /** Trained, from 0 on. */
        LEARNED,
        /** 0: every unit is as often 0 as 1. */
        UNIFORM,
        /** A function of the latent variables above, which a {@link ConditionalPriorLayer} computes and accounts for; here only log q is added. */
        CONDITIONAL,
        /** There is none: Gaussian units have the standard normal density. */
        STANDARD
    }

    /** Name of the segment of θ. */
    static final String LOGITS = "prior";

    public static Prior read(Section section, UnitLaw law) {
        Type type = section.choice("type", law instanceof Gaussian ? Type.STANDARD : Type.LEARNED);
        if ((type == Type.STANDARD) != law instanceof Gaussian) {
            throw section.wrong(
                    "type",
                    law instanceof Gaussian
                            ? "standard: that is the prior of gaussian units"
                            : "learned, uniform or conditional: standard is for gaussian units");
        }
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
