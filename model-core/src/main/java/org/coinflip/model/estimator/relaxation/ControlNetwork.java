package org.coinflip.model.estimator.relaxation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.coinflip.model.estimator.Site;
import org.coinflip.model.estimator.Trained;
import org.coinflip.model.kernel.operation.ScalarMath;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.memory.Statistic;

/**
 * A free control variate, {@code r(z) = φ(z W + b) v + c} with φ a leaky rectifier of slope 0.3:
 * {@code A = −r(z̃) (b − p) + ∂r(z)/∂a − ∂r(z̃)/∂a}, of mean 0 (RELAX). It is trained to make the estimate's variance least, by the gradient of
 * ‖g‖² with respect to W, b, v and c; φ being linear in pieces, second derivatives of r with respect to z are zero.
 */
final class ControlNetwork {
    private static final float LEAK = 0.3f;
    private static final String WEIGHTS = "control-weights";
    private static final String BIASES = "control-biases";
    private static final String OUTPUT = "control-output";
    private static final String OUTPUT_BIAS = "control-output-bias";

    private final RelaxedPair pair;
    private final int units;
    private final int hidden;
    private final Trained weights;
    /** W, and the gradient that its next step takes. */
    private final Matrix matrix;

    private final Matrix matrixGradient;
    private final Trained biases;
    private final Trained output;
    private final Trained outputBias;
    /** z W + b, then φ of it. */
    private final Matrix features;

    /** φ'(z W + b) v, then what the loss gives it. */
    private final Matrix slopes;

    /** ∂r/∂z. */
    private final Matrix gradients;

    /** 2 g and −2 J g, J = ∂z̃/∂a: the gradient of ‖g‖² with respect to ∂r/∂z. */
    private final Matrix wanted;

    private final Matrix wantedHidden;
    private final float[] values;
    private final float[] valueWeights;
    /** A row of {@link #features}, one of slopes or of what is wanted, b, and v or its gradient, on the heap. */
    private final float[] feature;

    private final float[] slope;
    private final float[] bias;
    private final float[] outputs;

    ControlNetwork(Site site, RelaxedPair pair, int hidden) {
        int rows = 2 * site.logits().rows();
        this.pair = pair;
        this.units = site.width();
        this.hidden = hidden;
        weights = new Trained(site, WEIGHTS);
        matrix = weights.matrix(units, hidden);
        matrixGradient = weights.gradientMatrix(units, hidden);
        biases = new Trained(site, BIASES);
        output = new Trained(site, OUTPUT);
        outputBias = new Trained(site, OUTPUT_BIAS);
        features = Matrix.padded(rows, hidden);
        slopes = Matrix.padded(rows, hidden);
        gradients = Matrix.padded(rows, units);
        wanted = Matrix.padded(rows, units);
        wantedHidden = Matrix.padded(rows, hidden);
        values = new float[rows];
        valueWeights = new float[rows];
        feature = new float[hidden];
        slope = new float[hidden];
        bias = new float[hidden];
        outputs = new float[hidden];
    }

    /** r starts from 0: v and c do. */
    static List<Statistic> statistics(int units, int hidden) {
        List<Statistic> all = new ArrayList<>();
        all.addAll(Trained.statistics(WEIGHTS, units, hidden, 0, Math.sqrt(6.0 / (units + hidden))));
        all.addAll(Trained.statistics(BIASES, 1, hidden, 0, 0));
        all.addAll(Trained.statistics(OUTPUT, 1, hidden, 0, 0));
        all.addAll(Trained.statistics(OUTPUT_BIAS, 1, 1, 0, 0));
        return all;
    }

    /** Adds A to {@code out}, n × D. */
    void add(Site site, Matrix out) {
        int n = site.rows();
        int rows = 2 * n;
        site.backend().blas().gemm(false, false, rows, hidden, units, 1f, pair.values(), matrix, 0f, features);
        rectify(rows);
        site.backend().blas().gemm(false, true, rows, units, hidden, 1f, slopes, matrix, 0f, gradients);
        for (int r = 0; r < n; r++) {
            pair.pullBack(site, r, gradients);
            for (int j = 0; j < units; j++) {
                float score = site.samples().get(r, j) - site.probabilities().get(r, j);
                float again = gradients.get(n + r, j);
                out.set(r, j, out.get(r, j) + gradients.get(r, j) - again - values[n + r] * score);
            }
        }
    }

    private void rectify(int rows) {
        output.values().get(0, outputs, 0, hidden);
        biases.values().get(0, bias, 0, hidden);
        for (int r = 0; r < rows; r++) {
            features.getRow(r, feature, 0);
            float value = outputBias.values().get(0);
            for (int h = 0; h < hidden; h++) {
                float u = feature[h] + bias[h];
                float leak = u > 0 ? 1f : LEAK;
                feature[h] = leak * u;
                slope[h] = leak * outputs[h];
                value = ScalarMath.fma(feature[h], outputs[h], value);
            }
            features.setRow(r, feature, 0);
            slopes.setRow(r, slope, 0);
            values[r] = value;
        }
    }

    /**
     * Takes a step down the mean of ‖g‖².
     *
     * @param estimates g, n × D, the estimates that {@link #add} went into
     */
    void learn(Site site, Matrix estimates, double rate) {
        int n = site.rows();
        int rows = 2 * n;
        want(site, estimates);
        site.backend().blas().gemm(false, false, rows, hidden, units, 1f, wanted, matrix, 0f, wantedHidden);
        site.backend().blas().gemm(true, false, units, hidden, rows, 1f, wanted, slopes, 0f, matrixGradient);
        addHidden(rows);
        // what r(z̃) itself is wanted to be: only the rows of z̃ have such a weight
        for (int r = 0; r < rows; r++) {
            slopes.getRow(r, slope, 0);
            for (int h = 0; h < hidden; h++) {
                slope[h] *= valueWeights[r];
            }
            wantedHidden.setRow(r, slope, 0);
        }
        site.backend()
                .blas()
                .gemm(true, false, units, hidden, rows, 1f, pair.values(), wantedHidden, 1f, matrixGradient);
        site.backend().elementwise().columnSums(wantedHidden, rows, 1f, 0f, biases.gradient());
        float sum = 0f;
        for (int r = n; r < rows; r++) {
            sum += valueWeights[r];
        }
        outputBias.gradient().set(0, sum);
        weights.step(site, rate);
        biases.step(site, rate);
        output.step(site, rate);
        outputBias.step(site, rate);
    }

    /** The gradient of the mean of ‖g‖² with respect to ∂r/∂z, and with respect to r(z̃). */
    private void want(Site site, Matrix estimates) {
        int n = site.rows();
        for (int r = 0; r < n; r++) {
            float value = 0f;
            for (int j = 0; j < units; j++) {
                float twice = 2 * estimates.get(r, j) / n;
                wanted.set(r, j, twice);
                wanted.set(n + r, j, -twice);
                value -=
                        twice * (site.samples().get(r, j) - site.probabilities().get(r, j));
            }
            pair.pushForward(site, r, wanted);
            valueWeights[r] = 0f;
            valueWeights[n + r] = value;
        }
    }

    /** The gradient with respect to v: through ∂r/∂z, and through r(z̃). */
    private void addHidden(int rows) {
        Arrays.fill(outputs, 0f);
        for (int r = 0; r < rows; r++) {
            features.getRow(r, feature, 0);
            wantedHidden.getRow(r, slope, 0);
            for (int h = 0; h < hidden; h++) {
                float leak = feature[h] > 0 ? 1f : LEAK;
                outputs[h] += leak * slope[h] + valueWeights[r] * feature[h];
            }
        }
        output.gradient().set(outputs);
    }
}
