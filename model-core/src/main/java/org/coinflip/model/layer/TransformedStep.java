package org.coinflip.model.layer;

import java.util.List;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.memory.Segment;

/**
 * A step of descent on the weights into one layer in the coordinates of a network of transformed units, taken on the weights R of plain
 * units, which are what is kept. With D = diag(α), Γ = diag(γ) of all layers, W the transformed network's weights and V = ΓW, both
 * networks have one mapping where
 *
 * <pre>
 *   R = V + R D V            R_mk = V_mk + Σ_{m&lt;l&lt;k} R_ml diag(α_l) V_lk
 *   b = b_W + (b D + β) V
 * </pre>
 *
 * which is all compensations of arXiv 1301.3476, section 2, at once. A step δV so takes R to R' = R + (I + R D) δV (I + D R'). Of a batch,
 * δV_lk = −η Γ f_lᵀ δ_k with δ_k the gradient of u_k, and every product goes through the batch's rows instead of through the weights:
 *
 * <pre>
 *   X_mk = γ_m f_m + Σ_{m&lt;l&lt;k} (γ_l f_l ∘ α_l) R_mlᵀ
 *   Q_lk = (δ_l ∘ α_l) R'_lk,  Q_kk = δ_k
 *   R_mk ← R_mk − η Σ_{m&lt;l≤k} X_mlᵀ Q_lk
 * </pre>
 *
 * from the highest layer down, and for each from the nearest source down, so that R' is there when it is asked for. Exact for plain descent;
 * an updater that takes its steps after all gradients are known is given them with R in the place of R', which is the gradient of the
 * transformed network's mapping seen from the plain one's weights. Steps of weights that skip s layers are 2⁻ˢ of the others'; that of
 * R_mk is so of the sink's scale, and its parts have the rest in X and Q.
 */
final class TransformedStep {
    private final Backend backend;
    private final Sink sink;
    private final List<Affine.Link> links;
    private final Segment biasSegment;
    private final Matrix biasTarget;
    /** X_m of every source m; without the part through the stage below where there is a {@link #product}. */
    private final Matrix[] inputs;
    /** Q_l of every transformed source l. */
    private final Matrix[] errors;
    /** The input that stands for the biases, without the 1: Σ_l 2^(l+1−k) γ_l f_l · (α_l ∘ b_l + β_l), one column. */
    private final Matrix offsets;
    /**
     * (γ f ∘ α)ᵀδ of the stage below, where taking that through the weights is less work: of layers narrower than the batch, as outputs often
     * are. Else null.
     */
    private final Matrix product;

    /**
     * @param links of the layer that steps; all sources but the first are transformed layers
     * @param passed whether layers above ask for X
     * @param capacity rows at most
     */
    TransformedStep(
            Backend backend, Sink sink, List<Affine.Link> links, Segment biasSegment, boolean passed, int capacity) {
        this.backend = backend;
        this.sink = sink;
        this.links = links;
        this.biasSegment = biasSegment;
        Floats target = sink.target(biasSegment);
        biasTarget = Matrix.dense(target, 1, target.length());
        int below = links.size() - 1;
        inputs = new Matrix[links.size()];
        errors = new Matrix[links.size()];
        int units = target.length();
        product = !passed && units < capacity
                ? Matrix.padded(stage(below).output().columns(), units)
                : null;
        for (int m = 0; m < below; m++) {
            int width = links.get(m).weights().rows();
            inputs[m] = product == null
                    ? Matrix.padded(capacity, width)
                    : stage(below).affine().stepInput(m);
        }
        inputs[below] = stage(below).scaledUnits();
        for (int l = 1; l <= below; l++) {
            errors[l] = Matrix.padded(capacity, units);
        }
        offsets = Matrix.padded(capacity, 1);
    }

    private TransformedStage stage(int link) {
        return (TransformedStage) links.get(link).source();
    }

    /** X_m. */
    Matrix input(int m) {
        return inputs[m];
    }

    /** Computes X; the same of the layers below is there. */
    void prepare(int rows) {
        int below = links.size() - 1;
        TransformedStage stage = stage(below);
        Affine affine = stage.affine();
        for (int m = 0; m < below && product == null; m++) {
            Matrix weights = affine.links().get(m).weights();
            inputs[m].setRows(0, affine.stepInput(m), 0, rows);
            float factor = Math.scalb(1f, below - m);
            gemm(
                    false,
                    true,
                    rows,
                    weights.rows(),
                    weights.columns(),
                    factor,
                    stage.linearUnits(),
                    weights,
                    1f,
                    inputs[m]);
        }
        float carry = 0f;
        if (affine.step() != null) {
            offsets.setRows(0, affine.step().offsets, 0, rows);
            carry = 0.5f;
        }
        Matrix constants = stage.constants();
        gemm(false, true, rows, 1, constants.columns(), 1f, stage.scaledUnits(), constants, carry, offsets);
    }

    /** Gives the sink the step of all weights and biases. */
    void accumulate(Matrix delta, int rows, int examples) {
        int below = links.size() - 1;
        if (product != null) {
            Matrix linear = stage(below).linearUnits();
            gemm(true, false, linear.columns(), delta.columns(), rows, 1f, linear, delta, 0f, product);
        }
        for (int m = below; m >= 0; m--) {
            Affine.Link link = links.get(m);
            float scale = sink.scale(link.segment(), examples);
            Matrix target = link.target();
            int width = target.rows();
            int units = target.columns();
            gemm(true, false, width, units, rows, scale, inputs[m], delta, sink.carry(link.segment()), target);
            if (product != null && m < below) {
                Matrix through = stage(below).affine().links().get(m).weights();
                float factor = Math.scalb(scale, below - m);
                gemm(false, false, width, units, through.columns(), factor, through, product, 1f, target);
            }
            for (int l = m + 1; l < links.size(); l++) {
                gemm(true, false, width, units, rows, scale, stage(l).affine().stepInput(m), errors[l], 1f, target);
            }
            if (m > 0) {
                float factor = Math.scalb(1f, links.size() - m);
                gemm(false, false, rows, units, width, factor, stage(m).linearErrors(), link.weights(), 0f, errors[m]);
            }
        }
        float scale = sink.scale(biasSegment, examples);
        accumulateBiases(this, delta, rows, scale, sink.carry(biasSegment));
        for (int l = 1; l < links.size(); l++) {
            TransformedStep lower = stage(l).affine().step();
            accumulateBiases(lower, errors[l], rows, Math.scalb(scale, l - links.size()), 1f);
        }
    }

    private void accumulateBiases(TransformedStep of, Matrix delta, int rows, float scale, float carry) {
        int units = biasTarget.columns();
        backend.elementwise().columnSums(delta, rows, scale, carry, biasTarget.floats());
        if (of != null) {
            gemm(true, false, 1, units, rows, scale, of.offsets, delta, 1f, biasTarget);
        }
    }

    private void gemm(
            boolean ta, boolean tb, int m, int n, int k, float alpha, Matrix a, Matrix b, float beta, Matrix c) {
        backend.blas().gemm(ta, tb, m, n, k, alpha, a, b, beta, c);
    }
}
