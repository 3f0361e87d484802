package org.coinflip.model.kernel.operation;

import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;

/** Kernels of the losses of outputs and of what priors add to them. Matrices as those of {@link Elementwise}; stateless, and nothing is allocated. */
public interface Losses {
    /**
     * The loss of Bernoulli outputs: {@code losses[r] ← Σ_j softplus(y_j) − x_j y_j}, x row {@code r mod examples} of the targets, and
     * {@code y ← weight (σ(y) − x)}. A sum is taken in sixteen interleaved parts, which are added in order.
     *
     * @param parts room for the parts, modified
     */
    void bernoulliLoss(
            Matrix outputs, Matrix targets, int examples, int rows, float weight, Floats parts, float[] losses);

    /** Half the squared error: {@code losses[r] ← ½ Σ_j (y_j − x_j)², y ← weight (y − x)}; sums and rows as in the Bernoulli loss. */
    void gaussianLoss(
            Matrix outputs, Matrix targets, int examples, int rows, float weight, Floats parts, float[] losses);

    /**
     * What a prior adds to the loss of a sample: {@code losses[r] += normaliser + Σ_j h_j (a_j − θ_j) − softplus(a_j)}, a row
     * {@code r mod n} of the logits; sums are taken as in the Bernoulli loss.
     *
     * @param priorLogits θ
     * @param normaliser {@code Σ_j softplus(θ_j)}
     * @param samples h, in [0, 1]
     * @param n rows of the logits
     * @param rows rows of the samples
     * @param parts room for {@link Matrix#ROW_UNIT} numbers, modified
     */
    void addPriorCost(
            Matrix logits,
            Floats priorLogits,
            float normaliser,
            Matrix samples,
            int n,
            int rows,
            Floats parts,
            float[] losses);

    /** {@code g[r][j] ← g[r][j] + weight (a_j − θ_j)}, a row {@code r mod n} of the logits. */
    void addPriorGradient(Matrix logits, Floats priorLogits, int n, int rows, float weight, Matrix gradient);
}
