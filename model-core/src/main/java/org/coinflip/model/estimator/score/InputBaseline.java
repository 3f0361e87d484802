package org.coinflip.model.estimator.score;

import java.util.ArrayList;
import java.util.List;
import org.coinflip.model.estimator.Site;
import org.coinflip.model.estimator.Trained;
import org.coinflip.model.kernel.operation.Activation;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.memory.Statistic;

/**
 * A prediction C(x) of the loss of a row from what the layer is given, fitted to it by least squares: {@code C(x) = x w + c}, or with hidden
 * units {@code C(x) = tanh(x V + b) w + c}.
 */
final class InputBaseline {
    private static final String HIDDEN = "baseline-hidden";
    private static final String HIDDEN_BIASES = "baseline-hidden-biases";
    private static final String OUTPUT = "baseline-output";
    private static final String OUTPUT_BIAS = "baseline-output-bias";

    private final int inputs;
    private final int hidden;
    private final Trained weights;
    private final Trained bias;
    private final Trained hiddenWeights;
    private final Trained hiddenBiases;
    /** tanh(x V + b), n × hidden. */
    private final Matrix features;

    /** C(x) − L of each row, then what the hidden units are given of it. */
    private final Matrix errors;

    private final Matrix hiddenErrors;
    private final Matrix predictions;
    private final Floats noBias;

    InputBaseline(Site site, int hidden) {
        int rows = site.logits().rows();
        this.inputs = site.inputs().columns();
        this.hidden = hidden;
        weights = new Trained(site, OUTPUT);
        bias = new Trained(site, OUTPUT_BIAS);
        hiddenWeights = hidden == 0 ? null : new Trained(site, HIDDEN);
        hiddenBiases = hidden == 0 ? null : new Trained(site, HIDDEN_BIASES);
        features = hidden == 0 ? null : Matrix.padded(rows, hidden);
        hiddenErrors = hidden == 0 ? null : Matrix.padded(rows, hidden);
        errors = Matrix.padded(rows, 1);
        predictions = Matrix.padded(rows, 1);
        noBias = Floats.allocate(Math.max(1, hidden));
    }

    static List<Statistic> statistics(int inputs, int hidden) {
        List<Statistic> all = new ArrayList<>();
        if (hidden > 0) {
            all.addAll(Trained.statistics(HIDDEN, inputs, hidden, 0, Math.sqrt(6.0 / (inputs + hidden))));
            all.addAll(Trained.statistics(HIDDEN_BIASES, 1, hidden, 0, 0));
        }
        all.addAll(Trained.statistics(OUTPUT, hidden == 0 ? inputs : hidden, 1, 0, 0));
        all.addAll(Trained.statistics(OUTPUT_BIAS, 1, 1, 0, 0));
        return all;
    }

    /** Computes C(x) of every row. */
    void predict(Site site) {
        int n = site.rows();
        if (hidden > 0) {
            multiply(site, false, n, site.inputs(), hiddenWeights.matrix(inputs, hidden), features);
            site.backend().elementwise().activate(Activation.TANH, features, hiddenBiases.values(), n);
        }
        Matrix below = hidden == 0 ? site.inputs() : features;
        multiply(site, false, n, below, weights.matrix(below.columns(), 1), predictions);
        for (int r = 0; r < n; r++) {
            predictions.set(r, 0, predictions.get(r, 0) + bias.values().get(0));
        }
    }

    /** C(x) of a row, as computed last. */
    float of(int row) {
        return predictions.get(row, 0);
    }

    /**
     * Takes a step down {@code ½ mean (C(x) − target)²}.
     *
     * @param offset what the targets are above C(x) on average, which C(x) is not to learn
     */
    void learn(Site site, float[] losses, float offset, double rate) {
        int n = site.rows();
        float sum = 0f;
        for (int r = 0; r < n; r++) {
            float error = (predictions.get(r, 0) + offset - losses[r]) / n;
            errors.set(r, 0, error);
            sum += error;
        }
        Matrix below = hidden == 0 ? site.inputs() : features;
        if (hidden > 0) {
            multiply(site, true, n, errors, weights.matrix(hidden, 1), hiddenErrors);
            site.backend().elementwise().activationGradient(Activation.TANH, features, hiddenErrors, n);
            site.backend()
                    .blas()
                    .gemm(
                            true,
                            false,
                            inputs,
                            hidden,
                            n,
                            1f,
                            site.inputs(),
                            hiddenErrors,
                            0f,
                            hiddenWeights.gradientMatrix(inputs, hidden));
            site.backend().elementwise().columnSums(hiddenErrors, n, 1f, 0f, hiddenBiases.gradient());
        }
        site.backend()
                .blas()
                .gemm(
                        true,
                        false,
                        below.columns(),
                        1,
                        n,
                        1f,
                        below,
                        errors,
                        0f,
                        weights.gradientMatrix(below.columns(), 1));
        bias.gradient().set(0, sum);
        if (hidden > 0) {
            hiddenWeights.step(site, rate);
            hiddenBiases.step(site, rate);
        }
        weights.step(site, rate);
        bias.step(site, rate);
    }

    private static void multiply(Site site, boolean transposed, int rows, Matrix a, Matrix b, Matrix out) {
        site.backend().blas().gemm(false, transposed, rows, out.columns(), a.columns(), 1f, a, b, 0f, out);
    }
}
