package org.coinflip.model.layer;

import org.coinflip.model.kernel.Backend;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.LayoutBuilder;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.memory.Segment;

/**
 * The product with the weights that most layers begin with, {@code A = X W}, W inputs × units. The bias is added by the kernel that
 * comes after, in the same pass over memory.
 */
final class Affine {
    static final String WEIGHTS = "weights";
    static final String BIASES = "biases";

    private final Backend backend;
    private final Stage source;
    private final Matrix weights;
    private final Floats biases;
    private final Sink sink;
    private final Segment weightSegment;
    private final Segment biasSegment;
    private final Matrix weightTarget;
    private final Floats biasTarget;

    Affine(Binding binding) {
        backend = binding.backend();
        source = binding.source();
        weightSegment = binding.state().layout().segment(binding.segment(WEIGHTS));
        biasSegment = binding.state().layout().segment(binding.segment(BIASES));
        weights = binding.state().matrix(weightSegment);
        biases = binding.state().view(biasSegment);
        sink = binding.sink();
        weightTarget = sink == null
                ? null
                : Matrix.dense(
                        sink.target().view(weightSegment.offset(), weightSegment.length()),
                        weightSegment.rows(),
                        weightSegment.columns());
        biasTarget = sink == null ? null : sink.target().view(biasSegment.offset(), biasSegment.length());
    }

    static void declare(LayoutBuilder layout, int index, int inputs, int units, double rateScale) {
        layout.add(Binding.segment(index, WEIGHTS), Segment.Role.WEIGHTS, inputs, units, rateScale);
        layout.add(Binding.segment(index, BIASES), Segment.Role.BIASES, 1, units, rateScale);
    }

    int units() {
        return weights.columns();
    }

    Floats biases() {
        return biases;
    }

    /** {@code out ← X W}. */
    void multiply(int rows, Matrix out) {
        backend.blas()
                .gemm(false, false, rows, weights.columns(), weights.rows(), 1f, source.output(), weights, 0f, out);
    }

    /** Adds {@code δ Wᵀ} to the gradient of the stage below, where it is wanted. */
    void propagate(Matrix delta, int rows) {
        if (source.gradient() != null) {
            backend.blas()
                    .gemm(
                            false,
                            true,
                            rows,
                            weights.rows(),
                            weights.columns(),
                            1f,
                            delta,
                            weights,
                            source.claimGradient(),
                            source.gradient());
        }
    }

    /** Gives {@code Xᵀδ} and the column sums of δ to the sink. */
    void accumulate(Matrix delta, int rows, int examples) {
        backend.blas()
                .gemm(
                        true,
                        false,
                        weights.rows(),
                        weights.columns(),
                        rows,
                        sink.scale(weightSegment, examples),
                        source.output(),
                        delta,
                        sink.carry(weightSegment),
                        weightTarget);
        backend.elementwise()
                .columnSums(delta, rows, sink.scale(biasSegment, examples), sink.carry(biasSegment), biasTarget);
    }
}
