package org.coinflip.model.layer.stochastic;

import java.util.Optional;
import org.coinflip.model.layer.Binding;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.settings.Range;
import org.coinflip.model.settings.Section;
import org.coinflip.model.unit.UnitLaw;

/**
 * How the threshold of units is found that are used without noise: {@code h = 1[a > t] σ(a)^(1−r)}, t such that the part ρ of them is on, r the power of σ(a) with which they are
 * drawn. In training t is the mean of the quantiles q_{1−ρ} of the logits of the batches before, the latest counting most: {@code m ← κ m + (1−κ) q, w ← κ w + (1−κ), t = m / w}, κ =
 * {@value #MEMORY}. m and w are statistics, and so averaged over workers; with {@code training.ema} they are those of the parameters that are trained. {@code
 * ThresholdRateStep} computes and applies it. A unit that is drawn with a probability of about a tenth would otherwise never be on.
 *
 * <p>Bengio, Léonard, Courville (2013), arXiv 1308.3432, whose stochastic gates are scored so.
 *
 * @param rate ρ, in (0, 1)
 */
public record ThresholdRate(double rate) {
    static final String KEY = "threshold-rate";
    /** Name of the statistic that holds m and w. */
    static final String THRESHOLD = "threshold";

    static final double MEMORY = 0.99;

    /** t, of the statistic. */
    public static float threshold(Floats statistic) {
        return statistic.get(1) == 0f ? 0f : statistic.get(0) / statistic.get(1);
    }

    /** The statistic of a layer. */
    public static String statistic(int layer) {
        return Binding.segment(layer, THRESHOLD);
    }

    public static Optional<ThresholdRate> read(Section section, UnitLaw law) {
        if (!section.has(KEY)) {
            return Optional.empty();
        }
        double rate = section.number(KEY, Range.FRACTION);
        if (law.openingPower().isEmpty()) {
            throw section.wrong(KEY, "none: it is for bernoulli and stochastic-times-smooth units");
        }
        return Optional.of(new ThresholdRate(rate));
    }
}
