package org.coinflip.model.estimator.score;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.coinflip.model.estimator.Bias;
import org.coinflip.model.estimator.Claims;
import org.coinflip.model.estimator.Cost;
import org.coinflip.model.estimator.Estimation;
import org.coinflip.model.estimator.ForBinaryUnits;
import org.coinflip.model.estimator.SampleDeviations;
import org.coinflip.model.estimator.Site;
import org.coinflip.model.estimator.Trained;
import org.coinflip.model.memory.Statistic;
import org.coinflip.model.settings.Range;
import org.coinflip.model.settings.Section;

/**
 * RODEO: leave-one-out of K samples with control variates of a discrete Stein operator, in the baselines and in the estimate itself,
 * {@code g = 1/K Σ_k [f(bᵏ) − f̄ − m_k] (bᵏ − p) + β (A (h_k − m_k) s)(bᵏ)}, s(y) = y − p, f̄ the others' mean loss and
 * {@code m_k = α/(K−1) Σ_{j≠k} (A h_k)(bʲ)} what corrects it. The operator is Gibbs sampling's,
 * {@code (A h)(y) = Σ_i P_i(y) (h(yⁱ) − h(y))}, yⁱ being y with bit i the other way and P_i the probability that drawing it again makes it so; its mean is
 * 0 for every h. h_k knows the other samples only: {@code h_k(y) = H(x, f̄)}, x what the loss rises by from f̄ to y by their slopes,
 * {@code 1/(K−1) Σ_{j≠k} ⟨f'(bʲ), y − bʲ⟩}, and {@code H(x, f̄) = x + Σ_m v_m φ(w_m x + u_m f̄ + c_m)}, φ a leaky rectifier of slope 0.3. α, β and H
 * are trained by Adam on ‖g‖², whose gradient is that of the variance. With H = x, its beginning, linear losses have baselines without error. Unbiased for
 * all α, β and H, and also where slopes from stochastic layers above are biased. Cost: K evaluations and gradients, and K² D of H.
 *
 * <p>Shi, Zhou, Hwang, Titsias, Mackey (2022), "Gradient estimation with discrete Stein operators"; there the operator is divided by D, and H differs.
 *
 * @param samplesPerRow K, at least 2
 * @param hidden units of H
 * @param learningRate Adam's, of α, β and H; 0 to leave them
 */
public record Rodeo(int samplesPerRow, int hidden, double learningRate) implements ForBinaryUnits {
    public static final String TYPE = "rodeo";

    private static final int MOST_HIDDEN = 1000;

    public static Rodeo read(Section section) {
        return new Rodeo(
                SampleDeviations.readSamples(section, 4),
                section.integer("hidden", 8, 1, MOST_HIDDEN),
                section.number("learning-rate", 0.001, Range.NOT_NEGATIVE));
    }

    @Override
    public boolean needsGradient() {
        return true;
    }

    @Override
    public boolean readsLosses() {
        return true;
    }

    @Override
    public List<Statistic> statistics(int inputs, int units) {
        List<Statistic> all = new ArrayList<>(Trained.statistics(SteinControl.BASELINE, 1, 1, 1, 0));
        // of 0, ¼, ½ and 1 that of least variance with squared errors of three units, at any of three spreads of their
        // logits
        all.addAll(Trained.statistics(SteinControl.ESTIMATE, 1, 1, 0.25, 0));
        all.addAll(SurrogateNetwork.statistics(hidden));
        return all;
    }

    @Override
    public Estimation at(Site site) {
        return new SteinControl(site, samplesPerRow, hidden, learningRate);
    }

    @Override
    public Claims claims() {
        return new Claims(
                "1/K Σ_k [f(bᵏ) − f̄ − m_k] (bᵏ − p) + β (A (h_k − m_k)(y − p))(bᵏ), m_k = α mean_{j≠k} (A h_k)(bʲ)",
                Bias.NONE,
                Cost.of(samplesPerRow, samplesPerRow),
                "smooth losses, several samples, no bias, long training",
                "Shi, Zhou, Hwang, Titsias, Mackey 2022");
    }

    @Override
    public Map<String, Object> write() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("type", TYPE);
        keys.put("samples", samplesPerRow);
        keys.put("hidden", hidden);
        keys.put("learning-rate", learningRate);
        return keys;
    }
}
