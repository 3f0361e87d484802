package org.coinflip.model.layer;

import org.coinflip.model.kernel.Backend;
import org.coinflip.model.kernel.Elementwise;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;

/**
 * α, β and γ of one layer's units: those in force are in the state, and what the weights above must follow is here until the next pass.
 * A unit whose estimates are not finite, as when its input is not, stays as it was.
 */
final class UnitTransformation {
    private final Nonlinearity nonlinearity;
    private final Backend backend;
    private final Floats biases;
    private final Floats alpha;
    private final Floats beta;
    private final Floats gamma;
    /** The running averages; those in force where each batch is taken for itself. */
    private final Floats runningAlpha;

    private final Floats runningBeta;
    private final Floats runningGamma;
    private final Floats alphaBefore;
    private final Floats betaBefore;
    private final Floats means;
    private final Floats moreMeans;
    private final Floats zeros;
    private final Floats slopeChange;
    private final Matrix meanChange;
    private final Floats scaleChange;
    private boolean changed;

    UnitTransformation(Nonlinearity nonlinearity, Binding binding, Floats biases) {
        this.nonlinearity = nonlinearity;
        this.backend = binding.backend();
        this.biases = biases;
        int units = biases.length();
        String prefix = nonlinearity.memory() > 0 ? TransformedLayer.RUNNING : "";
        alpha = statistic(binding, TransformedLayer.ALPHA);
        beta = statistic(binding, TransformedLayer.BETA);
        gamma = statistic(binding, TransformedLayer.GAMMA);
        runningAlpha = statistic(binding, prefix + TransformedLayer.ALPHA);
        runningBeta = statistic(binding, prefix + TransformedLayer.BETA);
        runningGamma = statistic(binding, prefix + TransformedLayer.GAMMA);
        alphaBefore = Floats.allocate(units);
        betaBefore = Floats.allocate(units);
        means = Floats.allocate(units);
        moreMeans = Floats.allocate(units);
        zeros = Floats.allocate(units);
        slopeChange = Floats.allocate(units);
        meanChange = Matrix.dense(Floats.allocate(units), 1, units);
        scaleChange = Floats.allocate(units);
    }

    private static Floats statistic(Binding binding, String name) {
        return binding.state().view(binding.segment(name));
    }

    Floats alpha() {
        return alpha;
    }

    Floats beta() {
        return beta;
    }

    Floats gamma() {
        return gamma;
    }

    /** As many zeros as units. */
    Floats zeros() {
        return zeros;
    }

    /** Whether the weights above have something to follow. */
    boolean hasChanged() {
        return changed;
    }

    /** Whether γ may change. */
    boolean scales() {
        return nonlinearity.gamma();
    }

    /** γ Δα, γ before the change. */
    Floats slopeChange() {
        return slopeChange;
    }

    /** γ (Δα b + Δβ), one row, γ before the change. */
    Matrix meanChange() {
        return meanChange;
    }

    /** γ before the change by γ after it. */
    Floats scaleChange() {
        return scaleChange;
    }

    /** Forgets the change of the pass before, which the weights above have followed. */
    void begin() {
        changed = false;
    }

    /** Takes α, then β with it, from a batch of u, φ(u) and φ'(u). */
    void estimateShift(Matrix preActivations, Matrix activations, Matrix slopes, int rows) {
        if (!nonlinearity.isTransformed()) {
            return;
        }
        alphaBefore.set(alpha);
        betaBefore.set(beta);
        Elementwise kernels = backend.elementwise();
        if (nonlinearity.alpha()) {
            kernels.columnSums(slopes, rows, -1f / rows, 0f, means);
            average(means, runningAlpha, alpha);
        }
        if (nonlinearity.beta()) {
            kernels.columnSums(activations, rows, 1f / rows, 0f, means);
            kernels.columnSums(preActivations, rows, 1f / rows, 0f, moreMeans);
            for (int j = 0; j < means.length(); j++) {
                means.set(j, -(means.get(j) + alpha.get(j) * moreMeans.get(j)));
            }
            average(means, runningBeta, beta);
        }
        for (int j = 0; j < alpha.length(); j++) {
            float slope = gamma.get(j) * (alpha.get(j) - alphaBefore.get(j));
            slopeChange.set(j, slope);
            meanChange.set(0, j, slope * biases.get(j) + gamma.get(j) * (beta.get(j) - betaBefore.get(j)));
        }
        scaleChange.fill(1f);
        changed = true;
    }

    /** Takes γ from a batch of φ(u) + α u + β and φ'(u) + α. */
    void estimateScale(Matrix activations, Matrix slopes, int rows) {
        if (!nonlinearity.gamma()) {
            return;
        }
        Elementwise kernels = backend.elementwise();
        kernels.columnSquares(activations, rows, 1f / rows, means);
        kernels.columnSquares(slopes, rows, 1f / rows, moreMeans);
        double most = nonlinearity.maxGamma();
        for (int j = 0; j < gamma.length(); j++) {
            double product = (double) means.get(j) * moreMeans.get(j);
            means.set(j, (float) Math.min(most, Math.max(1 / most, 1 / Math.sqrt(Math.sqrt(product)))));
            scaleChange.set(j, gamma.get(j));
        }
        average(means, runningGamma, gamma);
        for (int j = 0; j < gamma.length(); j++) {
            scaleChange.set(j, scaleChange.get(j) / gamma.get(j));
        }
    }

    private void average(Floats ofBatch, Floats running, Floats inForce) {
        float memory = (float) nonlinearity.memory();
        for (int j = 0; j < ofBatch.length(); j++) {
            float value = ofBatch.get(j);
            if (Float.isFinite(value)) {
                float mean = memory == 0f ? value : memory * running.get(j) + (1f - memory) * value;
                running.set(j, mean);
                inForce.set(j, mean);
            }
        }
    }

    /** Goes back to α = β = 0, γ = 1. */
    void rest() {
        for (int j = 0; j < alpha.length(); j++) {
            float slope = -gamma.get(j) * alpha.get(j);
            slopeChange.set(j, slope);
            meanChange.set(0, j, slope * biases.get(j) - gamma.get(j) * beta.get(j));
            scaleChange.set(j, gamma.get(j));
            changed |= alpha.get(j) != 0f || beta.get(j) != 0f || gamma.get(j) != 1f;
        }
        alpha.fill(0f);
        beta.fill(0f);
        gamma.fill(1f);
    }
}
