package org.coinflip.model.layer.stochastic;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.coinflip.model.settings.Range;
import org.coinflip.model.settings.Section;
import org.coinflip.model.unit.CountLaw;
import org.coinflip.model.unit.ExponentialFamily;
import org.coinflip.model.unit.Gaussian;
import org.coinflip.model.unit.UnitLaw;

/**
 * The prior of a layer of latent variables, factorised: the units' own law at logits θ, p(h) = Π_i Bernoulli(h_i; σ(θ_i)) of bits, likewise of categories and counts, and Π_i N(h_i; 0, 1) of Gaussian units. The layer is then the approximate
 * posterior q(h | a), and {@code log q(h|a) − log p(h)} is added to the loss of each sample, so that the mean loss of a network with a
 * reconstruction on top is the negative evidence lower bound.
 *
 * <p>Mnih and Gregor (2014), "Neural variational inference and learning in belief networks"; Dong, Mnih, Tucker (2020) for the protocol.
 *
 * @param type what θ is
 * @param rateScale factor on the learning rate of θ, where it is learned
 * @param logit θ of counts with the standard prior; else 0
 */
public record Prior(Type type, double rateScale, double logit) {
    /** What θ is. */
    public enum Type {
        /** Trained, from 0 on. */
        LEARNED,
        /** 0: every unit is as often 0 as 1, every category as often as another. */
        UNIFORM,
        /** A function of the latent variables above, which a {@link ConditionalPriorLayer} computes and accounts for; here only log q is added. */
        CONDITIONAL,
        /** Of Gaussian units there is none, they have the standard normal density; of counts a number, 0 for Poisson units of mean 1. */
        STANDARD
    }

    /** Name of the segment of θ. */
    static final String LOGITS = "prior";

    /** Within them counts have means between 10⁻⁹ and the most that units may have. */
    private static final Range LOGITS_OF_COUNTS = new Range(-20, true, 6, true);

    public static Prior read(Section section, UnitLaw law) {
        List<Type> types = types(law);
        Type type = section.choice("type", types.get(0));
        if (!types.contains(type)) {
            throw section.wrong(
                    "type",
                    types.stream().map(Section::name).collect(Collectors.joining(" or ")) + ", for units of law "
                            + law.write().get("type"));
        }
        Prior prior = new Prior(
                type,
                type == Type.LEARNED ? section.number("rate-scale", 1, Range.NOT_NEGATIVE) : 1,
                type == Type.STANDARD && law instanceof CountLaw ? section.number("logit", 0, LOGITS_OF_COUNTS) : 0);
        section.finish();
        return prior;
    }

    /** Those that units of a law may have, the usual first; none where there is no prior of them. */
    static List<Type> types(UnitLaw law) {
        if (law instanceof Gaussian) {
            return List.of(Type.STANDARD);
        }
        if (law instanceof CountLaw) {
            return List.of(Type.STANDARD, Type.LEARNED, Type.CONDITIONAL);
        }
        boolean isOfBitsOrCategories = law.isBinary() || law.isRelaxedBinary() || law instanceof ExponentialFamily;
        return isOfBitsOrCategories ? List.of(Type.LEARNED, Type.UNIFORM, Type.CONDITIONAL) : List.of();
    }

    /** Whether θ is a parameter. */
    public boolean isLearned() {
        return type == Type.LEARNED;
    }

    Map<String, Object> write() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("type", Section.name(type));
        if (isLearned()) {
            keys.put("rate-scale", rateScale);
        }
        if (logit != 0) {
            keys.put("logit", logit);
        }
        return keys;
    }
}
