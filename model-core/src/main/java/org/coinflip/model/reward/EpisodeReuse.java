package org.coinflip.model.reward;

import java.util.List;
import java.util.Map;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.estimator.registry.Estimators;
import org.coinflip.model.layer.Layer;
import org.coinflip.model.layer.held.HeldSamples;
import org.coinflip.model.layer.stochastic.StochasticLayer;
import org.coinflip.model.network.NetworkSpec;
import org.coinflip.model.settings.Range;
import org.coinflip.model.settings.Section;

/**
 * How many steps follow on the episodes of a round, all but the first with the {@linkplain HeldSamples clipped ratio} of the samples'
 * probabilities.
 *
 * <p>Schulman, Wolski, Dhariwal, Radford, Klimov (2017), "Proximal policy optimization algorithms".
 *
 * @param steps at least 1, which draws no sample twice
 * @param clip ε
 */
public record EpisodeReuse(int steps, double clip) {
    /** One step. */
    public static final EpisodeReuse NONE = new EpisodeReuse(1, 0.2);

    public static EpisodeReuse read(Section section) {
        EpisodeReuse reuse = new EpisodeReuse(
                section.integer("steps", NONE.steps, 1, 1 << 20), section.number("clip", NONE.clip, Range.POSITIVE));
        section.finish();
        return reuse;
    }

    /** Whether a second step follows. */
    public boolean isReused() {
        return steps > 1;
    }

    /** Refuses a policy whose samples cannot be held. */
    public void check(NetworkSpec network) {
        List<Layer> layers = network.layers();
        for (int i = 0; isReused() && i < layers.size(); i++) {
            Layer layer = layers.get(i);
            if (layer instanceof StochasticLayer units) {
                check("network.layers[" + i + "].", units);
            } else if (layer.isStochastic()) {
                throw refusal(
                        "network.layers[" + i + "].type", layer.write().get("type"), "units of { type = stochastic }");
            }
        }
    }

    private void check(String place, StochasticLayer units) {
        if (!units.estimator().takesHeldSamples()) {
            throw refusal(
                    place + "estimator",
                    units.estimator().write().get("type"),
                    "one whose estimate of a sample is the score times a signal: "
                            + String.join(", ", Estimators.takingHeldSamples()));
        }
        if (!units.law().isDiscrete()) {
            throw refusal(place + "law", units.law().write().get("type"), "bernoulli or categorical units");
        }
        if (units.prior().isPresent() || units.sparsity().isPresent()) {
            throw refusal(
                    place + (units.prior().isPresent() ? "prior" : "sparsity"),
                    "one",
                    "none: what it costs is a function of the parameters, and not earned");
        }
    }

    private UsageException refusal(String key, Object got, String expected) {
        return new UsageException(key + ": got " + got + " with training.reuse.steps = " + steps + ", expected "
                + expected + "; or steps = 1");
    }

    public Map<String, Object> write() {
        return Map.of("steps", steps, "clip", clip);
    }
}
