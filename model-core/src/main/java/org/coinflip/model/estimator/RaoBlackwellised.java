package org.coinflip.model.estimator;

import java.util.Map;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.noise.NoiseKey;
import org.coinflip.model.settings.Section;
import org.coinflip.model.unit.Annealed;

/**
 * Rao-Blackwellised straight-through Gumbel-softmax: {@link StraightThroughConcrete}'s slope, averaged over K draws of the noise given the
 * sample it drew. For a sample of category i, with exponential numbers E, {@code a_i + G_i = log Z − log E_i} and
 * {@code a_j + G_j = −log(E_j e^(−a_j) + E_i / Z)}, Z = Σ eᵃ; and {@code g = 1/K Σ_k (diag yᵏ − yᵏ yᵏᵀ) ∂L/∂b / τ}, yᵏ = softmax((a + Gᵏ)/τ). For binary
 * units the difference of two such is {@link Rebar}'s relaxed sample given the bit. The same mean, and so the same bias, with less
 * variance. Cost: one evaluation and its gradient, K slopes.
 *
 * <p>Paulus, Maddison, Krause (2021), "Rao-Blackwellizing the straight-through Gumbel-softmax gradient estimator".
 *
 * @param temperature τ
 * @param draws K
 */
public record RaoBlackwellised(Annealed temperature, int draws) implements ForDiscreteUnits {
    public static final String TYPE = "rao-blackwellised";

    private static final int MOST_DRAWS = 1000;

    static RaoBlackwellised read(Section section) {
        return new RaoBlackwellised(Annealed.temperature(section, 1), section.integer("draws", 10, 1, MOST_DRAWS));
    }

    @Override
    public boolean needsGradient() {
        return true;
    }

    @Override
    public Estimation at(Site site) {
        return new AtSite(site);
    }

    private final class AtSite implements Estimation {
        /** The numbers of a row: K times those of its units. */
        private final int[] words;

        /** What the softmaxes of a unit take, and then give. */
        private final double[] relaxed;

        /** The sum of K estimates of a unit. */
        private final double[] sum;

        AtSite(Site site) {
            int chunks = (draws * site.width() + NoiseKey.CHUNK - 1) / NoiseKey.CHUNK;
            words = new int[chunks * NoiseKey.CHUNK];
            relaxed = new double[site.law().columnsPerUnit()];
            sum = new double[relaxed.length];
        }

        @Override
        public void estimate(Site site) {
            double now = temperature.at(site.context().progress());
            for (int r = 0; r < site.rows(); r++) {
                // One draw, as wide as K draws of the units.
                site.backend().sampling().words(site.draws(), r, site.ownDraw(0), draws * site.width(), words);
                if (relaxed.length == 1) {
                    multiplyBits(site, r, now);
                } else {
                    for (int from = 0; from < site.width(); from += relaxed.length) {
                        multiplyUnit(site, r, from, now);
                    }
                }
            }
        }

        private void multiplyBits(Site site, int row, double now) {
            for (int j = 0; j < site.width(); j++) {
                double a = site.logits().get(row, j);
                double odds = StrictMath.exp(-Math.abs(a));
                double rarer = odds / (1 + odds);
                double p = a > 0 ? 1 - rarer : rarer;
                double q = a > 0 ? rarer : 1 - rarer;
                boolean fires = site.samples().get(row, j) != 0f;
                double slopes = 0;
                for (int k = 0; k < draws; k++) {
                    double v = NoiseKey.ofWord(words[k * site.width() + j]);
                    double e = StrictMath.exp(-Math.abs(RelaxedPair.conditional(fires, p, q, v)) / now);
                    slopes += e / ((1 + e) * (1 + e));
                }
                double slope = slopes / (draws * now);
                site.logitGradient()
                        .set(row, j, (float) (slope * site.logitGradient().get(row, j)));
            }
        }

        private void multiplyUnit(Site site, int row, int from, double now) {
            Matrix g = site.logitGradient();
            for (int j = 0; j < sum.length; j++) {
                sum[j] = 0;
            }
            for (int k = 0; k < draws; k++) {
                relax(site, row, from, k * site.width(), now);
                double mean = 0;
                for (int j = 0; j < sum.length; j++) {
                    mean += relaxed[j] * g.get(row, from + j);
                }
                for (int j = 0; j < sum.length; j++) {
                    sum[j] += relaxed[j] * (g.get(row, from + j) - mean);
                }
            }
            for (int j = 0; j < sum.length; j++) {
                g.set(row, from + j, (float) (sum[j] / (draws * now)));
            }
        }

        /** Writes softmax((a + G)/τ) of one unit, log Z taken from all a + G, with p_j = e^(a_j) / Z. */
        private void relax(Site site, int row, int from, int word, double now) {
            double least = exponential(word + from + category(site, row, from));
            double total = 0;
            for (int j = 0; j < relaxed.length; j++) {
                boolean taken = site.samples().get(row, from + j) != 0f;
                double p = Math.max(site.probabilities().get(row, from + j), Float.MIN_NORMAL);
                double others = taken ? 0 : exponential(word + from + j) / p;
                // The sample's is the greatest: no power exceeds 1.
                relaxed[j] = StrictMath.exp(StrictMath.log(least / (others + least)) / now);
                total += relaxed[j];
            }
            for (int j = 0; j < relaxed.length; j++) {
                relaxed[j] /= total;
            }
        }

        private int category(Site site, int row, int from) {
            int category = 0;
            while (category < relaxed.length - 1 && site.samples().get(row, from + category) == 0f) {
                category++;
            }
            return category;
        }

        private double exponential(int word) {
            return -StrictMath.log(NoiseKey.ofWord(words[word]));
        }
    }

    @Override
    public Claims claims() {
        return new Claims(
                "1/K Σ_k J(yᵏ) f'(b) / τ, yᵏ = softmax((a + Gᵏ)/τ), Gᵏ drawn given b",
                Bias.PRESENT,
                Cost.of(1, 1),
                "straight-through-concrete with less variance where gradients cost more than slopes",
                "Paulus, Maddison, Krause 2021");
    }

    @Override
    public Map<String, Object> write() {
        return Map.of("type", TYPE, "temperature", temperature.write(), "draws", draws);
    }
}
