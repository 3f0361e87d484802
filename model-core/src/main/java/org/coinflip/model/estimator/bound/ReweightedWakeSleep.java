package org.coinflip.model.estimator.bound;

import java.util.Map;
import org.coinflip.model.estimator.Bias;
import org.coinflip.model.estimator.Claims;
import org.coinflip.model.estimator.Cost;
import org.coinflip.model.estimator.Estimation;
import org.coinflip.model.estimator.SampleDeviations;
import org.coinflip.model.estimator.Site;
import org.coinflip.model.settings.Section;

/**
 * Reweighted wake-sleep, the wake phase of q: the layers above learn by the K-sample bound, as with {@link Vimco}, and the layer itself by another loss, the
 * divergence of q from the distribution that the weighted samples stand for, {@code KL(p(b|x) ‖ q(b|x))}: {@code g = −Σ_k w̃_k (bᵏ − p)}, w̃ = w / Σ w, log w_k = −loss
 * of sample k. Biased for the bound, and for the divergence as long as K is finite; it does not mind what the score's factor is, and so does not
 * lose its signal as K grows. The loss must have log q in it ({@code prior}), or q is left out of the weights. Cost: K evaluations, no gradient.
 *
 * <p>Bornschein and Bengio (2015), "Reweighted wake-sleep"; Le, Kosiorek, Siddharth, Teh, Wood (2019).
 *
 * @param samplesPerRow K, at least 2
 */
public record ReweightedWakeSleep(int samplesPerRow) implements BoundEstimator {
    public static final String TYPE = "reweighted-wake-sleep";

    public static ReweightedWakeSleep read(Section section) {
        return new ReweightedWakeSleep(SampleDeviations.readSamples(section, 5));
    }

    @Override
    public Estimation at(Site site) {
        return new SampledBound(site, samplesPerRow, (bound, sample, part, hasPrior) -> -part);
    }

    @Override
    public Claims claims() {
        return new Claims(
                "−Σ_k w̃_k (bᵏ − p)",
                Bias.PRESENT,
                Cost.of(samplesPerRow, 0),
                "variational autoencoders whose posterior is to cover the true one",
                "Bornschein and Bengio 2015");
    }

    @Override
    public Map<String, Object> write() {
        return Map.of("type", TYPE, "samples", samplesPerRow);
    }
}
