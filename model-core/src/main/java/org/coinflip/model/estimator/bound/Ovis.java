package org.coinflip.model.estimator.bound;

import java.util.LinkedHashMap;
import java.util.Map;
import org.coinflip.model.estimator.Bias;
import org.coinflip.model.estimator.Claims;
import org.coinflip.model.estimator.Cost;
import org.coinflip.model.estimator.Estimation;
import org.coinflip.model.estimator.SampleDeviations;
import org.coinflip.model.estimator.Site;
import org.coinflip.model.settings.Range;
import org.coinflip.model.settings.Section;

/**
 * OVIS, for the K-sample bound, as {@link Vimco}: what a sample's score counts is {@code c_k − d_k}, {@code d_k = L̂ − w̃_k}, and the control variate is what d_k is for
 * many samples, computed from the others: {@code c_k = log Ẑ₋ₖ − γ/K + (1−γ) log(1 − 1/K)}, Ẑ₋ₖ the mean of the others' weights; γ = 1 where many
 * samples count alike, 0 where one has all the weight. Where log q is no part of the loss w̃_k and γ/K are left out. Unbiased for the bound; its signal to
 * noise grows as √K, where that of most others falls. Cost: K evaluations, no gradient.
 *
 * <p>Liévin, Dittadi, Christensen, Winther (2020), "Optimal variance control of the score-function gradient estimator for importance-weighted bounds".
 * The paper's w̃_k in c_k is its mean 1/K here: c_k must not know sample k.
 *
 * @param samplesPerRow K, at least 2
 * @param gamma γ
 */
public record Ovis(int samplesPerRow, double gamma) implements BoundEstimator {
    public static final String TYPE = "ovis";

    private static final Range PARTS = new Range(0, true, 1, true);

    public static Ovis read(Section section) {
        return new Ovis(SampleDeviations.readSamples(section, 5), section.number("gamma", 1, PARTS));
    }

    @Override
    public Estimation at(Site site) {
        return new SampledBound(site, samplesPerRow, this::weight);
    }

    private double weight(SampledBound bound, int sample, double part, boolean hasPrior) {
        double k = samplesPerRow;
        double control = bound.without(sample) + (1 - gamma) * StrictMath.log1p(-1 / k);
        return hasPrior ? control - gamma / k - (bound.value() - part) : control - bound.value();
    }

    @Override
    public Claims claims() {
        return new Claims(
                "−Σ_k (L̂ − w̃_k − c_k) (bᵏ − p), c_k = log Ẑ₋ₖ − γ/K + (1−γ) log(1−1/K)",
                Bias.OF_THE_BOUND,
                Cost.of(samplesPerRow, 0),
                "the K-sample bound with many samples",
                "Liévin et al. 2020");
    }

    @Override
    public Map<String, Object> write() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("type", TYPE);
        keys.put("samples", samplesPerRow);
        keys.put("gamma", gamma);
        return keys;
    }
}
