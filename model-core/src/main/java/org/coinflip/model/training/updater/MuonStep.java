package org.coinflip.model.training.updater;

import org.coinflip.model.kernel.Backend;
import org.coinflip.model.kernel.operation.Blas;
import org.coinflip.model.kernel.operation.Updating;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.memory.Segment;

/**
 * Muon's step for one matrix of weights (Jordan and others, 2024, "Muon: an optimizer for hidden layers in neural networks"):
 *
 * <pre>
 *   V ← μ V + G,  X₀ = U / ‖U‖  with U = G + μ V
 *   X ← a X + (b A + c A²) X  with A = X Xᵀ, {@value #ITERATIONS} times: near the orthogonal factor of U
 *   W ← (1 − ηλ) W − η √max(1, outputs / inputs) X
 * </pre>
 *
 * with (a, b, c) = (3.4445, −4.7750, 2.0315), which take every singular value from [10⁻³, 1] to about [0.7, 1.2]. A is as small as it can be: XᵀX where
 * there are more rows than columns. Where G = 0 there is no step, only decay. Biases are the weights of one input: of a vector the orthogonal factor is U / ‖U‖.
 */
final class MuonStep {
    private static final int ITERATIONS = 5;
    private static final float A = 3.4445f;
    private static final float B = -4.7750f;
    private static final float C = 2.0315f;

    private final Segment segment;
    private final Matrix weights;
    private final Floats gradient;
    private final Floats velocity;
    private final Blas blas;
    private final Updating kernels;
    private final int small;
    private final boolean isTall;
    private final double scale;
    /** U, then X, and the X of the iteration after, laid out as the weights are. */
    private Matrix x;

    private Matrix next;
    private final Matrix gram;
    private final Matrix polynomial;
    private final double[] sums = new double[Updating.SUMS];

    MuonStep(Segment segment, Floats weights, Floats gradient, Floats velocity, Backend backend) {
        this.segment = segment;
        this.weights = Matrix.of(segment, weights);
        this.gradient = gradient;
        this.velocity = velocity;
        this.blas = backend.blas();
        this.kernels = backend.updating();
        int inputs = segment.role() == Segment.Role.WEIGHTS_BY_UNIT ? segment.columns() : segment.rows();
        int outputs = segment.role() == Segment.Role.WEIGHTS_BY_UNIT ? segment.rows() : segment.columns();
        this.scale = Math.sqrt(Math.max(1, (double) outputs / inputs));
        this.isTall = segment.rows() > segment.columns();
        this.small = Math.min(segment.rows(), segment.columns());
        this.x = this.weights.zeros();
        boolean isVector = small == 1;
        this.next = isVector ? null : this.weights.zeros();
        this.gram = isVector ? null : Matrix.padded(small, small);
        this.polynomial = isVector ? null : Matrix.padded(small, small);
    }

    /**
     * Takes the step.
     *
     * @param rate η
     * @param momentum μ
     * @param l2 λ
     */
    void take(double rate, double momentum, double l2) {
        if (kernels.squaredNorm(gradient, sums) == 0) {
            // of an expert that nothing opened: a step of full length would be in a direction of long ago
            kernels.mean(velocity, momentum, velocity, 0);
            kernels.mean(weights.floats(), 1 - rate * l2, weights.floats(), 0);
            return;
        }
        kernels.mean(velocity, momentum, gradient, 1);
        x.floats().set(gradient);
        kernels.mean(x.floats(), 1, velocity, momentum);
        double norm = Math.sqrt(kernels.squaredNorm(x.floats(), sums));
        if (norm > 0) {
            kernels.mean(x.floats(), 1 / norm, x.floats(), 0);
        }
        for (int i = 0; i < ITERATIONS && small > 1; i++) {
            iterate();
        }
        kernels.mean(weights.floats(), 1 - rate * l2, x.floats(), -rate * scale);
    }

    private void iterate() {
        int rows = segment.rows();
        int columns = segment.columns();
        int summed = Math.max(rows, columns);
        blas.gemm(isTall, !isTall, small, small, summed, 1, x, x, 0, gram);
        polynomial.floats().set(gram.floats());
        blas.gemm(false, false, small, small, small, C, gram, gram, B, polynomial);
        next.floats().set(x.floats());
        blas.gemm(false, false, rows, columns, small, 1, isTall ? x : polynomial, isTall ? polynomial : x, A, next);
        Matrix swapped = x;
        x = next;
        next = swapped;
    }
}
