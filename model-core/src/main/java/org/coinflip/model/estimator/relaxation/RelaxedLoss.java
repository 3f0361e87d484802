package org.coinflip.model.estimator.relaxation;

import org.coinflip.model.estimator.Site;
import org.coinflip.model.kernel.Categories;
import org.coinflip.model.kernel.operation.Activation;
import org.coinflip.model.layer.Continuation;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;

/**
 * The loss of relaxed samples as a control variate, c(z) = f(σ(z/λ)), or f(σ(z/λ + a λ/(λ+1))) where they are to go to the mean p as λ grows, σ the
 * softmax for categories: {@code A = −c(z̃) (b − p) + ∂c(z)/∂a − ∂c(z̃)/∂a}, of mean 0 (REBAR). Cost: two evaluations with gradients.
 */
final class RelaxedLoss {
    private final RelaxedPair pair;
    private final int columns;
    /** The gradients with respect to what σ is taken of. */
    private final Matrix through;

    private final Floats noBiases;

    /** Whether relaxed samples go to the mean as λ grows. */
    private final boolean toMean;

    RelaxedLoss(Site site, RelaxedPair pair, Rebar.Limit limit) {
        this.pair = pair;
        this.columns = site.law().columnsPerUnit();
        this.toMean = limit == Rebar.Limit.MEAN;
        this.through = Matrix.padded(2 * site.logits().rows(), site.width());
        this.noBiases = Floats.allocate(site.width());
    }

    /**
     * Computes A for the pair as it was drawn.
     *
     * @param out out: A, n × D
     */
    void compute(Site site, double temperature, Matrix out) {
        int n = site.rows();
        Continuation f = site.continuation();
        double inverse = 1 / temperature;
        double shift = toMean ? temperature / (temperature + 1) : 0;
        scale(site, 2 * n, inverse, shift, f.points());
        if (columns == 1) {
            site.backend().elementwise().activate(Activation.SIGMOID, f.points(), noBiases, 2 * n);
        } else {
            Categories.softmax(f.points(), 1f, columns, 2 * n, f.points());
        }
        f.evaluate(2);
        f.differentiate();
        through.setRows(0, f.gradients(), 0, 2 * n);
        if (columns == 1) {
            site.backend().elementwise().activationGradient(Activation.SIGMOID, f.points(), through, 2 * n);
        } else {
            Categories.multiplyByJacobian(f.points(), f.points(), columns, 2 * n, through);
        }
        for (int r = 0; r < n; r++) {
            float loss = f.losses()[n + r];
            for (int j = 0; j < site.width(); j++) {
                float score = site.samples().get(r, j) - site.probabilities().get(r, j);
                // of z̃ what comes through a itself; of z, ∂z/∂a being 1, all
                double direct = shift * through.get(n + r, j);
                out.set(r, j, (float) ((inverse + shift) * through.get(r, j) - direct - loss * score));
            }
            pair.pullBack(site, r, through);
            for (int j = 0; j < site.width(); j++) {
                out.set(r, j, (float) (out.get(r, j) - inverse * through.get(n + r, j)));
            }
        }
    }

    /** What σ is taken of. */
    private void scale(Site site, int rows, double inverse, double shift, Matrix points) {
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < points.columns(); j++) {
                double z = pair.values().get(r, j);
                points.set(r, j, (float) (z * inverse + shift * site.logits().get(r % site.rows(), j)));
            }
        }
    }
}
