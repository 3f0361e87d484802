package org.coinflip.model.estimator.score;

import java.util.Map;
import org.coinflip.model.estimator.Bias;
import org.coinflip.model.estimator.Claims;
import org.coinflip.model.estimator.Cost;
import org.coinflip.model.estimator.Estimation;
import org.coinflip.model.estimator.GradientEstimator;
import org.coinflip.model.estimator.SampleDeviations;
import org.coinflip.model.estimator.Site;
import org.coinflip.model.kernel.Categories;
import org.coinflip.model.kernel.operation.Activation;
import org.coinflip.model.noise.NoiseKey;
import org.coinflip.model.settings.Section;
import org.coinflip.model.unit.UnitLaw;

/**
 * CARMS: {@link Arms} for categorical units, K samples a row that are antithetic in every pair,
 * {@code g = 1/(K(K−1)) Σ_{k<l} (f(bᵏ) − f(bˡ)) (bᵏ − bˡ) p_i p_j / P(bᵏ = i, bˡ = j)}, unit by unit. A category is drawn as a chain of bits, "this one, or one of
 * those after it", each bit as ARMS draws it in the K samples: from its own Dirichlet(1, …, 1) vector. In ascending order of their probabilities every
 * such bit has v ≤ ½ and every pair of categories comes together, so that the ratio is finite:
 * {@code Π_{c<i} (1−v_c)²/(1−2v_c+m_c) · (1−v_i)/(1−m_i/v_i)} for i before j, m = max(0, 2 v^(1/(K−1)) − 1)^(K−1) the probability that two bits are 1. Unbiased; of two
 * categories it is ARMS. Cost: K evaluations, no gradient; the layers above learn from all K samples.
 *
 * <p>Dimitriev and Zhou (2021), "CARMS: categorical-antithetic-REINFORCE multi-sample gradient estimator", arXiv 2110.14002, by stick-breaking; the
 * ascending order is not in the paper.
 *
 * @param samplesPerRow K, at least 2
 */
public record Carms(int samplesPerRow) implements GradientEstimator {
    public static final String TYPE = "carms";

    public static Carms read(Section section) {
        return new Carms(SampleDeviations.readSamples(section, 4));
    }

    @Override
    public boolean needsGradient() {
        return false;
    }

    @Override
    public boolean suits(UnitLaw law) {
        return law.isDiscrete() && !law.isBinary();
    }

    @Override
    public String serves() {
        return "categorical units: arms is for binary ones";
    }

    @Override
    public Estimation at(Site site) {
        return new AtSite(site);
    }

    private final class AtSite implements Estimation {
        private final int categories;
        /** −log u of a row: sample by sample, column by column. */
        private final double[] exponentials;

        private final int[] words;

        /** A unit's categories in ascending order of their probabilities. */
        private final int[] order;

        /** v of each place in that order; the last place has none. */
        private final double[] bits;

        /** p_i p_j / P(i, j) by the place of the earlier one. */
        private final double[] ratios;

        /** The place of each sample's category in that order. */
        private final int[] places;

        AtSite(Site site) {
            categories = site.law().columnsPerUnit();
            words = NoiseKey.room(site.width());
            exponentials = new double[samplesPerRow * site.width()];
            order = new int[categories];
            bits = new double[categories];
            ratios = new double[categories];
            places = new int[samplesPerRow];
        }

        @Override
        public void sample(Site site) {
            site.backend().elementwise().activate(Activation.LINEAR, site.logits(), site.biases(), site.rows());
            Categories.softmax(site.logits(), 1f, categories, site.rows(), site.probabilities());
            for (int r = 0; r < site.rows(); r++) {
                for (int k = 0; k < samplesPerRow; k++) {
                    site.backend().sampling().words(site.draws(), r, site.draw(k), site.width(), words);
                    for (int j = 0; j < site.width(); j++) {
                        exponentials[k * site.width() + j] = -StrictMath.log(NoiseKey.ofWord(words[j]));
                    }
                }
                for (int from = 0; from < site.width(); from += categories) {
                    draw(site, r, from);
                }
            }
        }

        private void draw(Site site, int row, int from) {
            rank(site, row, from);
            for (int k = 0; k < samplesPerRow; k++) {
                places[k] = categories - 1;
            }
            // From the last bit to the first: the first that is 1 decides.
            for (int place = categories - 2; place >= 0; place--) {
                double sum = 0;
                for (int k = 0; k < samplesPerRow; k++) {
                    sum += exponentials[k * site.width() + from + place];
                }
                double bound = (1 - root(bits[place])) * sum;
                for (int k = 0; k < samplesPerRow; k++) {
                    if (exponentials[k * site.width() + from + place] > bound) {
                        places[k] = place;
                    }
                }
            }
            for (int k = 0; k < samplesPerRow; k++) {
                for (int j = 0; j < categories; j++) {
                    site.samples().set(k * site.rows() + row, from + j, j == order[places[k]] ? 1f : 0f);
                }
            }
        }

        /** Sorts a unit's categories and finds each bit's v. */
        private void rank(Site site, int row, int from) {
            for (int i = 0; i < categories; i++) {
                float p = site.probabilities().get(row, from + i);
                int place = i;
                while (place > 0 && site.probabilities().get(row, from + order[place - 1]) > p) {
                    order[place] = order[place - 1];
                    place--;
                }
                order[place] = i;
            }
            double rest = site.probabilities().get(row, from + order[categories - 1]);
            for (int place = categories - 2; place >= 0; place--) {
                double p = Math.max(site.probabilities().get(row, from + order[place]), Float.MIN_NORMAL);
                rest += p;
                bits[place] = Math.min(p / rest, 0.5);
            }
        }

        /** v^(1/(K−1)). */
        private double root(double v) {
            return samplesPerRow == 2 ? v : StrictMath.exp(StrictMath.log(v) / (samplesPerRow - 1));
        }

        /** The probability that two samples' bits are 1. */
        private double both(double v) {
            double least = Math.max(0, 2 * root(v) - 1);
            double both = 1;
            for (int k = 1; k < samplesPerRow; k++) {
                both *= least;
            }
            return both;
        }

        @Override
        public void estimate(Site site) {
            for (int r = 0; r < site.rows(); r++) {
                for (int from = 0; from < site.width(); from += categories) {
                    estimate(site, r, from);
                }
            }
        }

        private void estimate(Site site, int row, int from) {
            rank(site, row, from);
            double before = 1;
            for (int place = 0; place < categories - 1; place++) {
                double v = bits[place];
                double both = both(v);
                ratios[place] = before * (1 - v) / (1 - both / v);
                before *= (1 - v) * (1 - v) / (1 - 2 * v + both);
            }
            for (int k = 0; k < samplesPerRow; k++) {
                places[k] = place(site, k * site.rows() + row, from);
            }
            for (int j = 0; j < categories; j++) {
                site.logitGradient().set(row, from + j, 0f);
            }
            double scale = site.rowWeight() / ((double) samplesPerRow * (samplesPerRow - 1));
            for (int k = 0; k < samplesPerRow; k++) {
                for (int l = 0; l < k; l++) {
                    if (places[k] != places[l]) {
                        double ratio = ratios[Math.min(places[k], places[l])];
                        double difference = site.losses()[k * site.rows() + row] - site.losses()[l * site.rows() + row];
                        add(site, row, from + order[places[k]], scale * ratio * difference);
                        add(site, row, from + order[places[l]], -scale * ratio * difference);
                    }
                }
            }
        }

        private int place(Site site, int sample, int from) {
            int place = 0;
            while (place < categories - 1 && site.samples().get(sample, from + order[place]) == 0f) {
                place++;
            }
            return place;
        }

        private static void add(Site site, int row, int column, double part) {
            float sum = site.logitGradient().get(row, column);
            site.logitGradient().set(row, column, (float) (sum + part));
        }
    }

    @Override
    public Claims claims() {
        return new Claims(
                "1/(K(K−1)) Σ_{k<l} (f(bᵏ) − f(bˡ)) (bᵏ − bˡ) p_i p_j / P(i, j), each pair antithetic",
                Bias.NONE,
                Cost.of(samplesPerRow, 0),
                "several samples of categorical units where only the loss comes back",
                "Dimitriev and Zhou 2021");
    }

    @Override
    public Map<String, Object> write() {
        return Map.of("type", TYPE, "samples", samplesPerRow);
    }
}
