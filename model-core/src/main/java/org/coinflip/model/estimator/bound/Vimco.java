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
 * VIMCO, for the K-sample bound {@code L̂ = log 1/K Σ_k w_k}, log w_k = −loss of sample k: the layer's loss becomes −L̂. The signal of sample k
 * is what it adds to the bound with its weight guessed from the others, {@code s_k = L̂ − log 1/K (Σ_{j≠k} w_j + geometric mean_{j≠k} w_j)}, and
 * {@code g_i = −Σ_k s_k (bᵏ_i − p_i) − Σ_k w̃_k ∂log w_k/∂a_i}, w̃ = w / Σ w. The second sum is {@code −w̃_k (bᵏ_i − p_i)} where log q is part of the loss, else 0;
 * the layers above learn from every sample with its weight w̃_k, or, where they draw too, by {@link SharedParticles}. Unbiased for the bound. Cost: K evaluations, no gradient. With one
 * sample the bound is the mean loss's; the bound grows with K.
 *
 * <p>Mnih and Rezende (2016), "Variational inference for Monte Carlo objectives"; the bound is of Burda, Grosse, Salakhutdinov (2016).
 *
 * @param samplesPerRow K, at least 2
 */
public record Vimco(int samplesPerRow) implements BoundEstimator {
    public static final String TYPE = "vimco";

    public static Vimco read(Section section) {
        return new Vimco(SampleDeviations.readSamples(section, 5));
    }

    @Override
    public Estimation at(Site site) {
        return new SampledBound(site, samplesPerRow, Vimco::weight);
    }

    private static double weight(SampledBound bound, int sample, double part, boolean hasPrior) {
        double others = (bound.sum() - bound.logWeight(sample)) / (bound.samples() - 1);
        double signal = bound.value() - bound.with(sample, others);
        return hasPrior ? part - signal : -signal;
    }

    @Override
    public Claims claims() {
        return new Claims(
                "−Σ_k s_k (bᵏ − p) − Σ_k w̃_k ∂log w_k/∂a",
                Bias.OF_THE_BOUND,
                Cost.of(samplesPerRow, 0),
                "the K-sample bound of a variational autoencoder",
                "Mnih and Rezende 2016");
    }

    @Override
    public Map<String, Object> write() {
        return Map.of("type", TYPE, "samples", samplesPerRow);
    }
}
