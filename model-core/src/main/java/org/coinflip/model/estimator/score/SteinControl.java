package org.coinflip.model.estimator.score;

import java.util.Arrays;
import org.coinflip.model.estimator.Estimation;
import org.coinflip.model.estimator.Site;
import org.coinflip.model.estimator.Trained;
import org.coinflip.model.memory.Matrix;

/** {@link Rodeo} at one site: row by row, sample by sample, with h of the other samples at every point that differs from a sample in one bit. */
final class SteinControl implements Estimation {
    /** α. */
    static final String BASELINE = "control-baseline";

    /** β. */
    static final String ESTIMATE = "control-scale";

    private final int samples;
    private final double learningRate;
    private final Trained baseline;
    private final Trained estimate;
    private final SurrogateNetwork surrogate;
    /** g, not weighted. */
    private final Matrix estimates;

    /** Σ_k f'(bᵏ) of the row at hand. */
    private final double[] slopes;

    /** ⟨f'(bᵏ), bᵏ⟩. */
    private final double[] heights;

    /** The mean slope of the samples but one. */
    private final double[] others;

    /** h at the point with each bit the other way. */
    private final double[] flipped;

    /** What g's square rises by with h there. */
    private final double[] wanted;

    private double allLosses;
    private double allHeights;
    /** f̄ of the samples but one, and ⟨mean slope, y⟩ at which x is 0. */
    private double mean;

    private double level;
    /** x at the point itself. */
    private double here;

    SteinControl(Site site, int samples, int hidden, double learningRate) {
        this.samples = samples;
        this.learningRate = learningRate;
        baseline = new Trained(site, BASELINE);
        estimate = new Trained(site, ESTIMATE);
        surrogate = new SurrogateNetwork(site, hidden);
        estimates = Matrix.padded(site.logits().rows(), site.width());
        slopes = new double[site.width()];
        heights = new double[samples];
        others = new double[site.width()];
        flipped = new double[site.width()];
        wanted = new double[site.width()];
    }

    @Override
    public void estimate(Site site) {
        surrogate.begin();
        double alpha = baseline.values().get(0);
        double beta = estimate.values().get(0);
        for (int r = 0; r < site.rows(); r++) {
            begin(site, r);
            for (int j = 0; j < site.width(); j++) {
                estimates.set(r, j, 0f);
            }
            for (int k = 0; k < samples; k++) {
                leaveOut(site, r, k);
                double correction = alpha * steinOfOthers(site, r, k);
                double signal = site.losses()[k * site.rows() + r] - mean - correction;
                // A takes −1 times a constant from the score
                double own = (stein(site, r, k) + correction) * beta;
                for (int j = 0; j < site.width(); j++) {
                    double score = score(site, r, k, j);
                    double turned = beta * turning(score) * flipped[j] * turn(site, r, k, j);
                    double sum = estimates.get(r, j) + ((signal + own) * score + turned) / samples;
                    estimates.set(r, j, (float) sum);
                }
            }
            for (int j = 0; j < site.width(); j++) {
                site.logitGradient().set(r, j, estimates.get(r, j) * site.rowWeight());
            }
        }
    }

    /** Takes the sums over all samples of a row. */
    private void begin(Site site, int row) {
        allLosses = 0;
        allHeights = 0;
        Arrays.fill(slopes, 0);
        for (int k = 0; k < samples; k++) {
            int at = k * site.rows() + row;
            allLosses += site.losses()[at];
            heights[k] = 0;
            for (int j = 0; j < site.width(); j++) {
                double slope = slope(site, at, j);
                slopes[j] += slope;
                heights[k] += slope * site.samples().get(at, j);
            }
            allHeights += heights[k];
        }
    }

    private double slope(Site site, int at, int unit) {
        return site.upstream().get(at, unit) * (samples / (double) site.rowWeight());
    }

    /** Takes the means over the samples of a row but one. */
    private void leaveOut(Site site, int row, int sample) {
        int at = sample * site.rows() + row;
        mean = (allLosses - site.losses()[at]) / (samples - 1);
        level = (allHeights - heights[sample]) / (samples - 1);
        for (int j = 0; j < others.length; j++) {
            others[j] = (slopes[j] - slope(site, at, j)) / (samples - 1);
        }
    }

    /** 1/(K−1) Σ_{j≠k} (A h_k)(bʲ). */
    private double steinOfOthers(Site site, int row, int sample) {
        double sum = 0;
        for (int k = 0; k < samples; k++) {
            sum += k == sample ? 0 : stein(site, row, k);
        }
        return sum / (samples - 1);
    }

    /** A h at a sample; what h is there and with each bit the other way stays. */
    private double stein(Site site, int row, int sample) {
        int at = sample * site.rows() + row;
        here = -level;
        for (int j = 0; j < others.length; j++) {
            here += others[j] * site.samples().get(at, j);
        }
        double value = surrogate.value(here, mean);
        double sum = 0;
        for (int j = 0; j < others.length; j++) {
            flipped[j] = surrogate.value(here + turn(site, row, sample, j) * others[j], mean);
            sum += turning(score(site, row, sample, j)) * (flipped[j] - value);
        }
        return sum;
    }

    /** b − p. */
    private double score(Site site, int row, int sample, int unit) {
        return (double) site.samples().get(sample * site.rows() + row, unit)
                - site.probabilities().get(row, unit);
    }

    /** The probability that a bit with this score is another when it is drawn again: of a 1 it is 1 − p, of a 0 p. */
    private static double turning(double score) {
        return Math.abs(score);
    }

    /** What a bit changes by when it turns: 1 − 2b. */
    private static double turn(Site site, int row, int sample, int unit) {
        return 1 - 2.0 * site.samples().get(sample * site.rows() + row, unit);
    }

    @Override
    public void learn(Site site) {
        if (learningRate == 0) {
            return;
        }
        surrogate.begin();
        double alpha = baseline.values().get(0);
        double beta = estimate.values().get(0);
        double ofBaseline = 0;
        double ofEstimate = 0;
        for (int r = 0; r < site.rows(); r++) {
            begin(site, r);
            for (int k = 0; k < samples; k++) {
                leaveOut(site, r, k);
                double projected = 0;
                for (int j = 0; j < site.width(); j++) {
                    projected += 2 * estimates.get(r, j) * score(site, r, k, j) / ((double) samples * site.rows());
                }
                double others = learnBaselines(site, r, k, projected);
                ofBaseline -= projected * (1 - beta) * others;
                ofEstimate += learnEstimate(site, r, k, projected) + projected * alpha * others;
            }
        }
        baseline.gradient().set(0, (float) ofBaseline);
        estimate.gradient().set(0, (float) ofEstimate);
        baseline.step(site, learningRate);
        estimate.step(site, learningRate);
        surrogate.step(site, learningRate);
    }

    /** Adds the gradient through a sample's baseline, whose mean A h it gives. */
    private double learnBaselines(Site site, int row, int sample, double projected) {
        double part = baseline.values().get(0) * (1 - estimate.values().get(0));
        double factor = -projected * part / (samples - 1);
        double sum = 0;
        for (int k = 0; k < samples; k++) {
            if (k != sample) {
                sum += stein(site, row, k);
                for (int j = 0; j < wanted.length; j++) {
                    wanted[j] = factor * turning(score(site, row, k, j));
                }
                addGradient(site, row, k, factor);
            }
        }
        return sum / (samples - 1);
    }

    /** Adds the gradient through a sample's own term, and gives that of β but for the baseline's part. */
    private double learnEstimate(Site site, int row, int sample, double projected) {
        double beta = estimate.values().get(0);
        double sum = projected * stein(site, row, sample);
        for (int j = 0; j < wanted.length; j++) {
            double twice = 2 * estimates.get(row, j) / ((double) samples * site.rows());
            double turning = turning(score(site, row, sample, j));
            double turned = twice * turning * turn(site, row, sample, j);
            sum += turned * flipped[j];
            wanted[j] = beta * (projected * turning + turned);
        }
        addGradient(site, row, sample, beta * projected);
        return sum;
    }

    /**
     * Adds the gradient of {@code Σ_j wanted_j h(yʲ) − factor Σ_j P_j h(y)} at a sample.
     *
     * @param factor of A h
     */
    private void addGradient(Site site, int row, int sample, double factor) {
        double leaving = 0;
        for (int j = 0; j < wanted.length; j++) {
            leaving += turning(score(site, row, sample, j));
            double x = here + turn(site, row, sample, j) * others[j];
            surrogate.addGradient(x, mean, wanted[j]);
        }
        surrogate.addGradient(here, mean, -factor * leaving);
    }
}
