package org.coinflip.model.layer.stochastic;

import org.coinflip.model.kernel.operation.Activation;
import org.coinflip.model.layer.Binding;
import org.coinflip.model.layer.held.HeldSamples;

/** A stage's part in {@link HeldSamples}: bits or categories that stay what they are, and how likely they are now. */
final class HeldUnits {
    private final StochasticStage stage;
    /** log π(h|a), as that of a posterior whose prior is another layer's. */
    private final PriorCost logProbability;

    HeldUnits(StochasticStage stage, Binding binding) {
        this.stage = stage;
        Prior elsewhere = new Prior(Prior.Type.CONDITIONAL, 1, 0);
        logProbability = PriorCost.of(elsewhere, stage.law(), binding, stage.width());
    }

    /** Logits and means as drawing leaves them; the samples stay. */
    void evaluate() {
        int rows = stage.rows();
        stage.probabilities().setRows(0, stage.logits(), 0, rows);
        stage.law().means(stage.backend(), stage.probabilities(), stage.biases(), rows);
        stage.backend().elementwise().activate(Activation.LINEAR, stage.logits(), stage.biases(), rows);
    }

    /** {@code out[r] += log π(h|a)}. */
    void addLogProbabilities(float[] out) {
        int rows = stage.rows();
        logProbability.add(stage.logits(), stage.samples(), rows, rows, true, out);
    }
}
