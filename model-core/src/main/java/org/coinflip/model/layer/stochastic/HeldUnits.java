package org.coinflip.model.layer.stochastic;

import org.coinflip.model.kernel.operation.Activation;
import org.coinflip.model.layer.HeldSamples;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.unit.ExponentialFamily;

/** A stage's part in {@link HeldSamples}: bits or categories that stay what they are, and how likely they are now. */
final class HeldUnits {
    private final StochasticStage stage;
    private final Floats zeros;
    private final Floats parts = Floats.allocate(Matrix.ROW_UNIT);

    HeldUnits(StochasticStage stage) {
        this.stage = stage;
        zeros = Floats.allocate(stage.width());
    }

    /** Logits and means as drawing leaves them; the samples stay. */
    void evaluate() {
        int rows = stage.rows();
        stage.probabilities().setRows(0, stage.logits(), 0, rows);
        stage.law().means(stage.backend(), stage.probabilities(), stage.biases(), rows);
        stage.backend().elementwise().activate(Activation.LINEAR, stage.logits(), stage.biases(), rows);
    }

    /** {@code out[r] += log π(h|a)}: of bits {@code Σ_j h_j a_j − softplus(a_j)}, of categories the log of their softmax. */
    void addLogProbabilities(float[] out) {
        int rows = stage.rows();
        if (stage.law().isBinary()) {
            // log q(h|a) − log p(h) without the latter
            stage.backend().losses().addPriorCost(stage.logits(), zeros, 0f, stage.samples(), rows, rows, parts, out);
        } else {
            ExponentialFamily categories = (ExponentialFamily) stage.law();
            for (int r = 0; r < rows; r++) {
                double sum = -categories.logPartition(stage.logits(), r);
                for (int j = 0; j < stage.width(); j++) {
                    sum += (double) stage.samples().get(r, j) * stage.logits().get(r, j);
                }
                out[r] += (float) sum;
            }
        }
    }
}
