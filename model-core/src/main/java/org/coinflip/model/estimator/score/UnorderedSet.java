package org.coinflip.model.estimator.score;

import java.util.Arrays;
import java.util.Map;
import org.coinflip.model.estimator.Bias;
import org.coinflip.model.estimator.Claims;
import org.coinflip.model.estimator.Cost;
import org.coinflip.model.estimator.Estimation;
import org.coinflip.model.estimator.ForDiscreteUnits;
import org.coinflip.model.estimator.SampleDeviations;
import org.coinflip.model.estimator.Site;
import org.coinflip.model.kernel.Categories;
import org.coinflip.model.kernel.operation.Activation;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.noise.NoiseKey;
import org.coinflip.model.settings.Section;
import org.coinflip.model.unit.UnitLaw;

/**
 * The unordered set estimator: K different values of the whole layer, drawn without replacement,
 * {@code g = Σ_{s∈S} p(s) R(S,s) (f(s) − B_s) (s − p)}, {@code B_s = p(s) f(s) + Σ_{s'≠s} p(s') R(S∖s,s') f(s')}, R(S,s) = P(S | s came first)/P(S). With
 * {@code Q(A) = Σ_{s∈S∖A} p(s)/(1−p(A)) Q(A∪s)} the probability that S∖A comes after A, p(s) R(S,s) is the part of s in Σ_s p(s) Q(s), and
 * p(s') R(S∖s,s')/(1−p(s)) that of s' in Σ p(s') Q(s,s'): sums of positive terms over the subsets of S, exact for any probabilities. S is drawn unit by unit, the K
 * likeliest of Gumbel-perturbed beginnings being kept (stochastic beam search). Unbiased: it is leave-one-out without repeated samples, and the exact gradient
 * where the layer has no more than K values. The samples count unequally, so that it serves the topmost stochastic layer. Cost: K evaluations, no gradient.
 *
 * <p>Kool, van Hoof, Welling (2020), "Estimating gradients for discrete random variables by sampling without replacement"; (2019), "Stochastic beams
 * and where to find them".
 *
 * @param samplesPerRow K, from 2 to {@value #MOST}
 */
public record UnorderedSet(int samplesPerRow) implements ForDiscreteUnits {
    public static final String TYPE = "unordered-set";

    /** Its sums have 2ᴷ terms. */
    static final int MOST = 12;

    /** Less than e to this is as good as none, and still a normal number when divided by the least one. */
    private static final double LEAST_LOG = -600;

    public static UnorderedSet read(Section section) {
        return new UnorderedSet(section.integer("samples", 4, 2, MOST));
    }

    @Override
    public boolean needsGradient() {
        return false;
    }

    @Override
    public boolean combinesSamples() {
        return true;
    }

    @Override
    public Estimation at(Site site) {
        return new AtSite(site);
    }

    private static int valuesPerUnit(UnitLaw law) {
        return law.isBinary() ? 2 : law.columnsPerUnit();
    }

    private final class AtSite implements Estimation {
        private final int values;
        private final int columns;
        /** A row's words: two rows of columns for each beginning. */
        private final int[][] words;

        /** Values of each beginning's units, and room for the next ones. */
        private int[][] digits;

        private int[][] nextDigits;

        /** log p of each beginning, and its perturbed one; of those that are kept so far, the greatest first. */
        private double[] logs;

        private double[] perturbed;
        private double[] nextLogs;
        private double[] nextPerturbed;

        /** What a beginning's continuations have: log p and the perturbed one. */
        private final double[] childLogs;

        private final double[] childPerturbed;

        /** log p of every sample, and how many of each row are different values. */
        private final double[] logProbabilities;

        private final int[] different;

        /** p(s) and Q of the sets of samples that came before, by their bits. */
        private final double[] probabilities = new double[samplesPerRow];

        private final double[] relative = new double[samplesPerRow];
        private final double[] orders = new double[1 << samplesPerRow];
        private final Floats noBiases;
        private final float[] weights;
        private final float[] combined;
        private final float[] factors;

        AtSite(Site site) {
            values = valuesPerUnit(site.law());
            columns = site.law().columnsPerUnit();
            words = new int[2 * samplesPerRow][];
            Arrays.setAll(words, i -> NoiseKey.room(site.width()));
            int units = site.width() / columns;
            digits = new int[samplesPerRow][units];
            nextDigits = new int[samplesPerRow][units];
            logs = new double[samplesPerRow];
            perturbed = new double[samplesPerRow];
            nextLogs = new double[samplesPerRow];
            nextPerturbed = new double[samplesPerRow];
            childLogs = new double[values];
            childPerturbed = new double[values];
            noBiases = Floats.allocate(site.width());
            int samples = site.samples().rows();
            logProbabilities = new double[samples];
            different = new int[site.logits().rows()];
            weights = new float[samples];
            combined = new float[samples];
            factors = new float[samples];
        }

        @Override
        public void sample(Site site) {
            site.backend().elementwise().activate(Activation.LINEAR, site.logits(), site.biases(), site.rows());
            if (columns == 1) {
                site.probabilities().setRows(0, site.logits(), 0, site.rows());
                site.backend().elementwise().activate(Activation.SIGMOID, site.probabilities(), noBiases, site.rows());
            } else {
                Categories.softmax(site.logits(), 1f, columns, site.rows(), site.probabilities());
            }
            for (int r = 0; r < site.rows(); r++) {
                for (int k = 0; k < samplesPerRow; k++) {
                    for (int i = 0; i < (columns == 1 ? 2 : 1); i++) {
                        site.backend()
                                .sampling()
                                .words(site.draws(), r, 2 * site.draw(k) + i, site.width(), words[2 * k + i]);
                    }
                }
                draw(site, r);
            }
        }

        private void draw(Site site, int row) {
            int kept = 1;
            logs[0] = 0;
            perturbed[0] = 0;
            for (int unit = 0; unit < site.width() / columns; unit++) {
                kept = lengthen(site, row, unit, kept);
            }
            different[row] = kept;
            for (int k = 0; k < samplesPerRow; k++) {
                int sample = k * site.rows() + row;
                // Where the layer has fewer values, the rest repeat the first and count nothing.
                int from = k < kept ? k : 0;
                logProbabilities[sample] = logs[from];
                for (int unit = 0; unit < digits[from].length; unit++) {
                    for (int j = 0; j < columns; j++) {
                        boolean on = columns == 1 ? digits[from][unit] == 1 : digits[from][unit] == j;
                        site.samples().set(sample, unit * columns + j, on ? 1f : 0f);
                    }
                }
            }
        }

        /** Goes on by one unit from the beginnings that are kept; returns how many are kept then. */
        private int lengthen(Site site, int row, int unit, int beginnings) {
            int kept = 0;
            for (int k = 0; k < beginnings; k++) {
                perturb(site, row, unit, k);
                for (int value = 0; value < values; value++) {
                    kept = insert(kept, k, unit, value);
                }
            }
            int[][] oldDigits = digits;
            digits = nextDigits;
            nextDigits = oldDigits;
            double[] old = logs;
            logs = nextLogs;
            nextLogs = old;
            old = perturbed;
            perturbed = nextPerturbed;
            nextPerturbed = old;
            return kept;
        }

        /** Gumbel numbers about the continuations' log-probabilities, given that the greatest is the beginning's. */
        private void perturb(Site site, int row, int unit, int beginning) {
            double greatest = Double.NEGATIVE_INFINITY;
            double normaliser = 0;
            int from = unit * columns;
            if (columns > 1) {
                double most = Double.NEGATIVE_INFINITY;
                for (int j = from; j < from + columns; j++) {
                    most = Math.max(most, site.logits().get(row, j));
                }
                double sum = 0;
                for (int j = from; j < from + columns; j++) {
                    sum += StrictMath.exp(site.logits().get(row, j) - most);
                }
                normaliser = most + StrictMath.log(sum);
            }
            for (int value = 0; value < values; value++) {
                double log;
                int word;
                if (columns == 1) {
                    double a = site.logits().get(row, from);
                    double against = value == 1 ? -a : a;
                    log = -Math.max(against, 0) - StrictMath.log1p(StrictMath.exp(-Math.abs(against)));
                    word = words[2 * beginning + value][from];
                } else {
                    log = site.logits().get(row, from + value) - normaliser;
                    word = words[2 * beginning][from + value];
                }
                childLogs[value] = logs[beginning] + log;
                childPerturbed[value] = childLogs[value] - StrictMath.log(-StrictMath.log(NoiseKey.ofWord(word)));
                greatest = Math.max(greatest, childPerturbed[value]);
            }
            double bound = perturbed[beginning];
            for (int value = 0; value < values; value++) {
                double v = childPerturbed[value] < greatest
                        ? bound
                                - childPerturbed[value]
                                + StrictMath.log(-StrictMath.expm1(childPerturbed[value] - greatest))
                        : Double.NEGATIVE_INFINITY;
                childPerturbed[value] = bound - Math.max(0, v) - StrictMath.log1p(StrictMath.exp(-Math.abs(v)));
            }
        }

        /** Takes a continuation among the next beginnings, if it is one of the greatest. */
        private int insert(int kept, int beginning, int unit, int value) {
            double key = childPerturbed[value];
            if (kept == samplesPerRow && key <= nextPerturbed[kept - 1]) {
                return kept;
            }
            int place = kept == samplesPerRow ? kept - 1 : kept;
            int[] room = nextDigits[place];
            while (place > 0 && nextPerturbed[place - 1] < key) {
                nextPerturbed[place] = nextPerturbed[place - 1];
                nextLogs[place] = nextLogs[place - 1];
                nextDigits[place] = nextDigits[place - 1];
                place--;
            }
            System.arraycopy(digits[beginning], 0, room, 0, unit);
            room[unit] = value;
            nextDigits[place] = room;
            nextPerturbed[place] = key;
            nextLogs[place] = childLogs[value];
            return Math.min(kept + 1, samplesPerRow);
        }

        @Override
        public void combine(Site site) {
            for (int r = 0; r < site.rows(); r++) {
                combine(site, r);
            }
            site.combineLosses(combined, factors);
        }

        private void combine(Site site, int row) {
            int n = site.rows();
            int count = different[row];
            orders(row, n, count);
            double all = 0;
            for (int s = 0; s < count; s++) {
                all += relative[s] * orders[1 << s];
            }
            double mean = 0;
            for (int s = 0; s < count; s++) {
                mean += relative[s] * orders[1 << s] / all * site.losses()[s * n + row];
            }
            for (int s = 0; s < samplesPerRow; s++) {
                int sample = s * n + row;
                double part = s < count ? relative[s] * orders[1 << s] / all : 0;
                combined[sample] = (float) mean;
                factors[sample] = (float) (part * samplesPerRow);
                weights[sample] = s < count ? (float) (part * advantage(site, row, n, s, count)) : 0f;
            }
        }

        /** Q of every set of the samples of a row, but for a factor of all sets of one size. */
        private void orders(int row, int n, int count) {
            double greatest = Double.NEGATIVE_INFINITY;
            for (int s = 0; s < count; s++) {
                greatest = Math.max(greatest, logProbabilities[s * n + row]);
            }
            for (int s = 0; s < count; s++) {
                probabilities[s] = StrictMath.exp(logProbabilities[s * n + row]);
                relative[s] = StrictMath.exp(Math.max(logProbabilities[s * n + row] - greatest, LEAST_LOG));
            }
            orders[(1 << count) - 1] = 1;
            for (int size = count - 1; size > 0; size--) {
                double most = 0;
                for (int set = 1; set < (1 << count) - 1; set++) {
                    if (Integer.bitCount(set) == size) {
                        orders[set] = order(set, count);
                        most = Math.max(most, orders[set]);
                    }
                }
                for (int set = 1; set < (1 << count) - 1; set++) {
                    orders[set] /= Integer.bitCount(set) == size ? most : 1;
                }
            }
        }

        private double order(int set, int count) {
            double inside = 0;
            double outside = 0;
            double sum = 0;
            for (int s = 0; s < count; s++) {
                if ((set >> s & 1) == 1) {
                    inside += probabilities[s];
                } else {
                    outside += probabilities[s];
                    sum += relative[s] * orders[set | 1 << s];
                }
            }
            // What is left is no less than what is known to be.
            return sum / Math.max(1 - inside, Math.max(outside, Double.MIN_NORMAL));
        }

        /** f(s) − B_s. */
        private double advantage(Site site, int row, int n, int s, int count) {
            double own = site.losses()[s * n + row];
            double all = 0;
            double difference = 0;
            for (int other = 0; other < count; other++) {
                if (other != s) {
                    double part = relative[other] * orders[1 << s | 1 << other];
                    all += part;
                    difference += part * (own - site.losses()[other * n + row]);
                }
            }
            return all > 0 ? (1 - probabilities[s]) * difference / all : 0;
        }

        @Override
        public void estimate(Site site) {
            SampleDeviations.addUp(site, weights, samplesPerRow);
        }
    }

    @Override
    public Claims claims() {
        return new Claims(
                "Σ_{s∈S} p(s) R(S,s) (f(s) − B_s) (s − p), S without replacement",
                Bias.NONE,
                Cost.of(samplesPerRow, 0),
                "several samples of few or nearly certain units, where independent ones repeat",
                "Kool, van Hoof, Welling 2020");
    }

    @Override
    public Map<String, Object> write() {
        return Map.of("type", TYPE, "samples", samplesPerRow);
    }
}
