package org.coinflip.model.estimator.score;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.coinflip.model.estimator.Bias;
import org.coinflip.model.estimator.Claims;
import org.coinflip.model.estimator.Cost;
import org.coinflip.model.estimator.Estimation;
import org.coinflip.model.estimator.ForUnitsWithScore;
import org.coinflip.model.estimator.Site;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Statistic;
import org.coinflip.model.settings.Range;
import org.coinflip.model.settings.Section;

/**
 * NVIL: REINFORCE with a baseline that is learned from what the layer is given, centred and normalised,
 * {@code g_i = (L − C(x) − c) / max(1, σ̂) · (h_i − p_i)}. C is fitted by least squares to the loss, c and σ̂² are running means of L − C(x) and of its
 * variance; all are of the batches before. Unbiased up to the factor 1 / max(1, σ̂), which is the same for all units; without normalising,
 * unbiased. Cost: one evaluation, no gradient.
 *
 * <p>Mnih and Gregor (2014), "Neural variational inference and learning in belief networks".
 *
 * @param hidden tanh units of C; 0 for a linear one
 * @param learningRate Adam's, of C
 * @param kappa what the running means keep at each batch, in [0, 1)
 * @param normalise whether the signal is divided by max(1, σ̂)
 */
public record Nvil(int hidden, double learningRate, double kappa, boolean normalise) implements ForUnitsWithScore {
    public static final String TYPE = "nvil";

    private static final String CENTRE = "baseline-centre";
    private static final String VARIANCE = "baseline-variance";
    private static final int MOST_HIDDEN = 10_000;

    public static Nvil read(Section section) {
        return read(section, 100, true);
    }

    /** Reinforce with a linear baseline. */
    static Nvil readLinear(Section section) {
        return read(section, 0, false);
    }

    private static Nvil read(Section section, int hidden, boolean normalise) {
        return new Nvil(
                section.integer("hidden", hidden, 0, MOST_HIDDEN),
                section.number("learning-rate", 0.001, Range.POSITIVE),
                section.number("kappa", 0.9, Range.BELOW_ONE),
                section.flag("normalise", normalise));
    }

    @Override
    public boolean needsGradient() {
        return false;
    }

    @Override
    public boolean takesHeldSamples() {
        return true;
    }

    @Override
    public List<Statistic> statistics(int inputs, int units) {
        List<Statistic> all = new ArrayList<>(InputBaseline.statistics(inputs, hidden));
        all.add(Statistic.vector(CENTRE, 1, 0f));
        all.add(Statistic.vector(VARIANCE, 1, 0f));
        return all;
    }

    @Override
    public Estimation at(Site site) {
        return new AtSite(site);
    }

    private final class AtSite implements Estimation {
        private final InputBaseline baseline;
        private final Floats centre;
        private final Floats variance;
        private final Floats noConstants;
        private final float[] signals;

        AtSite(Site site) {
            baseline = new InputBaseline(site, hidden);
            centre = site.statistics(CENTRE);
            variance = site.statistics(VARIANCE);
            noConstants = Floats.allocate(site.width());
            signals = new float[site.logits().rows()];
        }

        @Override
        public void estimate(Site site) {
            baseline.predict(site);
            double deviation = normalise ? Math.max(1, Math.sqrt(variance.get(0))) : 1;
            for (int r = 0; r < site.rows(); r++) {
                signals[r] = (float) ((site.losses()[r] - baseline.of(r) - centre.get(0)) / deviation);
            }
            site.backend()
                    .unitGradients()
                    .scoreTimesSignal(
                            site.samples(),
                            site.probabilities(),
                            signals,
                            site.rowWeight(),
                            noConstants,
                            site.rows(),
                            site.logitGradient());
            site.law().multiplyByNaturalSlope(site.logits(), site.rows(), site.logitGradient());
        }

        @Override
        public Optional<float[]> baselines(Site site, int sample) {
            float[] same = new float[site.width()];
            Arrays.fill(same, baseline.of(sample) + centre.get(0));
            return Optional.of(same);
        }

        @Override
        public void learn(Site site) {
            int n = site.rows();
            double sum = 0;
            for (int r = 0; r < n; r++) {
                sum += site.losses()[r] - baseline.of(r);
            }
            double mean = sum / n;
            double squares = 0;
            for (int r = 0; r < n; r++) {
                double off = site.losses()[r] - baseline.of(r) - mean;
                squares += off * off;
            }
            baseline.learn(site, site.losses(), centre.get(0), learningRate);
            centre.set(0, (float) (kappa * centre.get(0) + (1 - kappa) * mean));
            variance.set(0, (float) (kappa * variance.get(0) + (1 - kappa) * squares / n));
        }
    }

    @Override
    public Claims claims() {
        return new Claims(
                normalise ? "(L − C(x) − c) / max(1, σ̂) · (h − p)" : "(L − C(x) − c) (h − p)",
                normalise ? Bias.UP_TO_A_FACTOR : Bias.NONE,
                Cost.of(1, 0),
                "one sample, losses that differ from example to example",
                "Mnih and Gregor 2014");
    }

    @Override
    public Map<String, Object> write() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("type", TYPE);
        keys.put("hidden", hidden);
        keys.put("learning-rate", learningRate);
        keys.put("kappa", kappa);
        keys.put("normalise", normalise);
        return keys;
    }
}
