package org.coinflip.model.layer.stochastic;

import org.coinflip.model.estimator.Site;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.layer.Continuation;
import org.coinflip.model.layer.PassContext;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.noise.Draws;
import org.coinflip.model.unit.GaussianUnits;
import org.coinflip.model.unit.UnitLaw;

/** A site of Gaussian units, as estimators from the loss alone see it where they estimate ∂L/∂log s: its samples are (h − a)², their means s². */
final class SquaredDeviations implements Site {
    private final Site units;
    private final Matrix squares;
    private final Matrix variances;
    private final Matrix gradient;

    /** @param gradient where the estimates go */
    SquaredDeviations(Site units, Matrix gradient) {
        this.units = units;
        this.gradient = gradient;
        squares = Matrix.padded(units.samples().rows(), units.width());
        variances = Matrix.padded(units.logits().rows(), units.width());
    }

    /** Takes the samples that were drawn. */
    void square(GaussianUnits law) {
        int n = rows();
        int samples = n * (units.samples().rows() / units.logits().rows());
        for (int j = 0; j < width(); j++) {
            float deviation = (float) law.deviation(j);
            for (int r = 0; r < n; r++) {
                variances.set(r, j, deviation * deviation);
            }
            for (int r = 0; r < samples; r++) {
                float noise = units.samples().get(r, j) - logits().get(r % n, j);
                squares.set(r, j, noise * noise);
            }
        }
    }

    @Override
    public int rows() {
        return units.rows();
    }

    @Override
    public int width() {
        return units.width();
    }

    @Override
    public UnitLaw law() {
        return units.law();
    }

    @Override
    public Matrix logits() {
        return units.logits();
    }

    @Override
    public Floats biases() {
        return units.biases();
    }

    @Override
    public Matrix probabilities() {
        return variances;
    }

    @Override
    public Matrix samples() {
        return squares;
    }

    @Override
    public Matrix derivative() {
        return units.derivative();
    }

    @Override
    public Matrix inputs() {
        return units.inputs();
    }

    @Override
    public Matrix upstream() {
        return units.upstream();
    }

    @Override
    public float[] losses() {
        return units.losses();
    }

    @Override
    public void combineLosses(float[] combined, float[] factors) {
        units.combineLosses(combined, factors);
    }

    @Override
    public boolean hasPrior() {
        return units.hasPrior();
    }

    @Override
    public float rowWeight() {
        return units.rowWeight();
    }

    @Override
    public Matrix logitGradient() {
        return gradient;
    }

    @Override
    public Continuation continuation() {
        return units.continuation();
    }

    @Override
    public Floats statistics(String name) {
        return units.statistics(name);
    }

    @Override
    public Draws draws() {
        return units.draws();
    }

    @Override
    public int draw(int sample) {
        return units.draw(sample);
    }

    @Override
    public int ownDraw(int index) {
        return units.ownDraw(index);
    }

    @Override
    public void drawIndependently() {
        units.drawIndependently();
    }

    @Override
    public PassContext context() {
        return units.context();
    }

    @Override
    public Backend backend() {
        return units.backend();
    }
}
