package org.coinflip.model.layer.held;

import java.util.Arrays;
import org.coinflip.model.memory.Matrix;

/**
 * Samples that are held while the parameters that they were drawn with move, so that several steps follow on the same ones. h is all that the
 * stochastic units of a row drew, {@code π(h|x)} the product of the probabilities of all of them, layer by layer given what is below; a step has
 *
 * <pre>  r = π_θ(h|x) / π_old(h|x),  objective min(r A, clip(r, 1 − ε, 1 + ε) A) </pre>
 *
 * A = c − L being what a unit's estimator holds the loss against. The estimate of a unit, {@code g = (h − p) (L − c)}, becomes 0 where the objective is clipped, {@code A > 0
 * and r > 1 + ε or A < 0 and r < 1 − ε}, else r g. Every unit has the whole r: the loss is one of all samples of the row, so that
 * {@code E_old[r g] = E_θ[g]} takes all of their probabilities. While the samples are drawn, r = 1 and nothing is weighed.
 *
 * <p>The samples themselves stay where the stages put them; what is made here are three numbers a row. Belongs to one pass.
 *
 * <p>Schulman, Wolski, Dhariwal, Radford, Klimov (2017), "Proximal policy optimization algorithms", equation 7.
 */
public final class HeldSamples {
    private final double clip;
    private final float[] logOld;
    private final float[] logNow;
    private final double[] ratios;
    private boolean drawn = true;
    private boolean last = true;
    private long rows;
    private double ratioSum;
    private double logRatioSum;
    private long gradients;
    private long clipped;

    /**
     * @param most the most rows of the pass
     * @param clip ε
     */
    public HeldSamples(int most, double clip) {
        this.clip = clip;
        logOld = new float[most];
        logNow = new float[most];
        ratios = new double[most];
    }

    /**
     * Says which of the steps on the same samples the following pass is for.
     *
     * @param step the first, 0, draws them
     * @param steps how many there are; after the last, estimators take the samples into what they learn
     */
    public void begin(int step, int steps) {
        drawn = step == 0;
        last = step == steps - 1;
        if (drawn) {
            rows = 0;
            ratioSum = 0;
            logRatioSum = 0;
            gradients = 0;
            clipped = 0;
        }
    }

    /** Whether this step's samples are drawn, and not held. */
    public boolean areDrawn() {
        return drawn;
    }

    public boolean isLastStep() {
        return last;
    }

    /** Forgets log π of the pass before. */
    public void beginForward() {
        Arrays.fill(logProbabilities(), 0f);
    }

    /** Where every stochastic stage adds log π of its samples, a number a row. */
    public float[] logProbabilities() {
        return drawn ? logOld : logNow;
    }

    /** Computes the ratios of a pass that has gone forward. */
    public void compare(int count) {
        if (drawn) {
            return;
        }
        rows += count;
        for (int r = 0; r < count; r++) {
            double logRatio = (double) logNow[r] - logOld[r];
            ratios[r] = StrictMath.exp(logRatio);
            ratioSum += ratios[r];
            logRatioSum += logRatio;
        }
    }

    /**
     * Makes estimates with samples of the present parameters those with the samples that are held.
     *
     * @param samples h
     * @param means p, E[h] with the present parameters
     * @param count rows
     * @param gradient in: g, the estimate of the loss's gradient; out: what has become of it
     */
    public void weigh(Matrix samples, Matrix means, int count, Matrix gradient) {
        if (drawn) {
            return;
        }
        gradients += (long) count * gradient.columns();
        for (int r = 0; r < count; r++) {
            double ratio = ratios[r];
            boolean above = ratio > 1 + clip;
            boolean outside = above || ratio < 1 - clip;
            for (int j = 0; j < gradient.columns(); j++) {
                float g = gradient.get(r, j);
                // A has the other sign than L − c = g / (h − p)
                boolean isGain = g > 0 != samples.get(r, j) > means.get(r, j);
                if (g == 0f) {
                    continue;
                }
                boolean isClipped = outside && above == isGain;
                clipped += isClipped ? 1 : 0;
                gradient.set(r, j, isClipped ? 0f : (float) (ratio * g));
            }
        }
    }

    /** Of all steps but the first since {@link #begin} drew the samples. */
    public RatioSums sums() {
        return new RatioSums(rows, ratioSum, logRatioSum, gradients, clipped);
    }
}
