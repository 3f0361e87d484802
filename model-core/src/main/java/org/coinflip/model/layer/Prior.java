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
 * @param learned whether θ is trained, from 0 on; else it stays 0
 * @param rateScale factor on the learning rate of θ
 */
public record Prior(boolean learned, double rateScale) {
    private static final String LEARNED = "learned";
    private static final String UNIFORM = "uniform";

    /** Name of the segment of θ. */
    static final String LOGITS = "prior";

    static Prior read(Section section) {
        String type = section.text("type");
        if (!type.equals(LEARNED) && !type.equals(UNIFORM)) {
            throw section.wrong("type", "learned or uniform");
        }
        boolean learned = type.equals(LEARNED);
        Prior prior = new Prior(learned, learned ? section.number("rate-scale", 1, Range.NOT_NEGATIVE) : 1);
        section.finish();
        return prior;
    }

    Map<String, Object> write() {
        return learned ? Map.of("type", LEARNED, "rate-scale", rateScale) : Map.of("type", UNIFORM);
    }
}
