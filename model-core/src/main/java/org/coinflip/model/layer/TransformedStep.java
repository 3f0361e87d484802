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
 * δV_lk = −η_lk Γ f_lᵀ δ_k with δ_k the gradient of u_k and η_lk = 2^(l+1−k) η, for steps of weights that skip s layers are 2⁻ˢ of the
 * others'. Every product goes through the batch's rows instead of through the weights:
 *
 * <pre>
 *   X_mk = γ_m f_m + Σ_{m&lt;l&lt;k} 2^(l−m) (γ_l f_l ∘ α_l) R_mlᵀ      X_bk = 1 + Σ_{l&lt;k} 2^(l+1−k) γ_l f_l (α_l b_l + β_l)
 *   Q_lk = 2^(k−l) (δ_l ∘ α_l) R'_lk                             Q_kk = δ_k
 *   R_mk ← R_mk − η_mk Σ_{m&lt;l≤k} X_mlᵀ Q_lk                       b_k ← b_k − η Σ_{l≤k} X_blᵀ 2^(l−k) Q_lk
 * </pre>
 *
 * where of the lowest layer X is what it gives, and a layer's learning-rate scale beside that of k is a factor of its Q. From the highest
 * layer down, and for each from the nearest source down, so that R' is there when it is asked for. Exact for plain descent; updaters that take
 * their steps after all gradients are known are given R in the place of R', which is the step to first order in η.
 */
final class TransformedStep {
    private final Backend backend;
    private final Sink sink;
    private final List<Affine.Link> links;
    private final Segment biasSegment;
    private final Matrix biasTarget;
    /** X_m of every source m; without the part through the stage below where there is a {@link #product}. */
    private final Matrix[] inputs;
    /** Q_l of every source l with α; else null. */
    private final Matrix[] errors;
    /** Factors of Q_l. */
    private final float[] factors;
    /** X_b without the 1, one column. */
    private final Matrix offsets;
    /** Whether X goes through the stage below, which has α, row by row. */
    private final boolean isThrough;
    /** (γ f ∘ α)ᵀδ of the stage below, which goes through its weights: less work for layers narrower than the batch, as outputs often are. */
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
        int units = target.length();
        int below = links.size() - 1;
        biasTarget = Matrix.dense(target, 1, units);
        TransformedStage nearest = stage(below);
        isThrough = nearest.hasAlpha() && (passed || units >= capacity);
        product = nearest.hasAlpha() && !isThrough
                ? Matrix.padded(nearest.output().columns(), units)
                : null;
        inputs = new Matrix[links.size()];
        for (int m = 0; m < below; m++) {
            Matrix lower = nearest.affine().stepInput(m);
            inputs[m] = isThrough ? Matrix.padded(capacity, lower.columns()) : lower;
        }
        inputs[below] = nearest.scaledUnits();
        errors = new Matrix[links.size()];
        factors = new float[links.size()];
        double mine = links.get(below).segment().rateScale();
        for (int l = 1; l <= below; l++) {
            double theirs = stage(l).affine().rateScale();
            errors[l] = stage(l).hasAlpha() ? Matrix.padded(capacity, units) : null;
            factors[l] = mine == 0 ? 0f : (float) Math.scalb(theirs / mine, links.size() - l);
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
        TransformedStage nearest = stage(below);
        Affine affine = nearest.affine();
        for (int m = 0; isThrough && m < below; m++) {
            Matrix weights = affine.links().get(m).weights();
            Matrix input = inputs[m];
            float factor = Math.scalb(1f, below - m);
            input.setRows(0, affine.stepInput(m), 0, rows);
            gemm(
                    false,
                    true,
                    rows,
                    input.columns(),
                    weights.columns(),
                    factor,
                    nearest.linearUnits(),
                    weights,
                    1f,
                    input);
        }
        float carry = 0f;
        if (affine.step() != null) {
            offsets.setRows(0, affine.step().offsets, 0, rows);
            carry = 0.5f;
        }
        Matrix constants = nearest.constants();
        gemm(false, true, rows, 1, constants.columns(), 1f, nearest.scaledUnits(), constants, carry, offsets);
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
            for (int l = m + 1; l <= below; l++) {
                if (errors[l] != null) {
                    Matrix input = stage(l).affine().stepInput(m);
                    gemm(true, false, width, units, rows, scale, input, errors[l], 1f, target);
                }
            }
            if (errors[m] != null) {
                Matrix linear = stage(m).linearErrors();
                gemm(false, false, rows, units, width, factors[m], linear, link.weights(), 0f, errors[m]);
            }
        }
        float scale = sink.scale(biasSegment, examples);
        accumulateBiases(offsets, delta, rows, scale, sink.carry(biasSegment));
        for (int l = 1; l <= below; l++) {
            if (errors[l] != null) {
                TransformedStep lower = stage(l).affine().step();
                float factor = Math.scalb(scale, l - links.size());
                accumulateBiases(lower == null ? null : lower.offsets, errors[l], rows, factor, 1f);
            }
        }
    }

    private void accumulateBiases(Matrix offset, Matrix delta, int rows, float scale, float carry) {
        backend.elementwise().columnSums(delta, rows, scale, carry, biasTarget.floats());
        if (offset != null) {
            gemm(true, false, 1, biasTarget.columns(), rows, scale, offset, delta, 1f, biasTarget);
        }
    }

    private void gemm(
            boolean ta, boolean tb, int m, int n, int k, float alpha, Matrix a, Matrix b, float beta, Matrix c) {
        backend.blas().gemm(ta, tb, m, n, k, alpha, a, b, beta, c);
    }
}
