package org.coinflip.model.layer;

import org.coinflip.model.kernel.Backend;
import org.coinflip.model.kernel.operation.Elementwise;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;

/**
 * α, β and γ of one layer's units: statistics of the state, those of the batch before or their running averages. A unit whose estimates
 * are not finite, as when its input is not, stays as it was.
 */
final class UnitTransformation {
    private final Nonlinearity nonlinearity;
    private final Backend backend;
    private final Floats alpha;
    private final Floats beta;
    private final Floats gamma;
    private final Floats means;
    private final Floats moreMeans;
    private final Floats zeros;

    UnitTransformation(Nonlinearity nonlinearity, Binding binding) {
        this.nonlinearity = nonlinearity;
        this.backend = binding.backend();
        alpha = statistic(binding, TransformedLayer.ALPHA);
        beta = statistic(binding, TransformedLayer.BETA);
        gamma = statistic(binding, TransformedLayer.GAMMA);
        means = Floats.allocate(alpha.length());
        moreMeans = Floats.allocate(alpha.length());
        zeros = Floats.allocate(alpha.length());
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

    /** Takes α, then β with it, from a batch of u, φ(u) and φ'(u). */
    void estimateShift(Matrix preActivations, Matrix activations, Matrix slopes, int rows) {
        Elementwise kernels = backend.elementwise();
        if (nonlinearity.alpha()) {
            kernels.columnSums(slopes, rows, -1f / rows, 0f, means);
            average(means, alpha);
        }
        if (nonlinearity.beta()) {
            kernels.columnSums(activations, rows, 1f / rows, 0f, means);
            kernels.columnSums(preActivations, rows, 1f / rows, 0f, moreMeans);
            for (int j = 0; j < means.length(); j++) {
                means.set(j, -(means.get(j) + alpha.get(j) * moreMeans.get(j)));
            }
            average(means, beta);
        }
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
            double scale = nonlinearity.rule().gamma(means.get(j), moreMeans.get(j), nonlinearity.epsilon());
            means.set(j, (float) Math.min(most, Math.max(1 / most, scale)));
        }
        average(means, gamma);
    }

    private void average(Floats ofBatch, Floats running) {
        float memory = (float) nonlinearity.memory();
        for (int j = 0; j < ofBatch.length(); j++) {
            float value = ofBatch.get(j);
            if (Float.isFinite(value)) {
                running.set(j, memory == 0f ? value : memory * running.get(j) + (1f - memory) * value);
            }
        }
    }
}
