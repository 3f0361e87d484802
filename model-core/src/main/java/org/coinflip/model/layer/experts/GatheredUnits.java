package org.coinflip.model.layer.experts;

import org.coinflip.model.kernel.Backend;
import org.coinflip.model.kernel.operation.Gathering;
import org.coinflip.model.layer.Affine;
import org.coinflip.model.layer.Binding;
import org.coinflip.model.layer.LazySteps;
import org.coinflip.model.layer.ParameterVector;
import org.coinflip.model.layer.Sink;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.memory.Segment;

/**
 * Affine units {@code a_i = w_i · x + b_i}, many more than a row computes: each row of a batch has {@code count} of its own, from {@code first[r]} on. A step
 * touches the weights of these alone where the sink carries the others on as they are, which is with plain descent and, of weights, with momentum, both
 * without decay; with other sinks it passes over all.
 */
final class GatheredUnits {
    private final Gathering kernels;
    private final Backend backend;
    private final int count;
    private final Sink sink;
    private final LazySteps lazySteps;
    private final Segment segment;
    private final Matrix weights;
    private final Matrix target;
    private final ParameterVector biases;
    private final float[] parts = new float[Matrix.ROW_UNIT];

    /**
     * @param of what the names of the segments begin with
     * @param count units of a row
     */
    GatheredUnits(Binding binding, String of, int count) {
        this.count = count;
        backend = binding.backend();
        kernels = backend.gathering();
        sink = binding.sink();
        lazySteps = binding.lazySteps();
        segment = binding.state().layout().segment(binding.segment(of + Affine.WEIGHTS));
        weights = binding.state().matrix(segment);
        target = sink == null ? null : sink.targetMatrix(segment);
        biases = ParameterVector.of(binding, of + Affine.BIASES);
    }

    /** Writes a of each row's units to the columns from {@code column} on. */
    void multiply(Matrix x, int[] first, int rows, Matrix out, int column) {
        lazySteps.use(segment, first, count, rows);
        kernels.multiply(x, weights, biases.values(), first, count, rows, parts, out, column);
    }

    /** {@code g ← g + ∂L/∂x}, δ being ∂L/∂a in the columns from {@code column} on. */
    void propagate(Matrix delta, int column, int[] first, int rows, Matrix gradient) {
        kernels.propagate(delta, column, weights, first, count, rows, gradient);
    }

    /** Carries what the sink has on to the step that begins: before {@link #accumulate}, once. */
    void beginStep() {
        carry(sink.carry(segment), target.floats());
        carry(sink.carry(biases.segment()), biases.target());
    }

    private void carry(float factor, Floats numbers) {
        if (factor == 0f) {
            numbers.clear();
        } else if (factor != 1f) {
            backend.updating().mean(numbers, factor, numbers, 0);
        }
    }

    /** Gives the gradients of the units' weights and biases to the sink. */
    void accumulate(Matrix delta, int column, Matrix x, int[] first, int rows, int examples) {
        kernels.accumulate(delta, column, x, first, count, rows, sink.scale(segment, examples), target);
        float most = sink.mostNorm(segment);
        if (most > 0) {
            kernels.limitNorms(target, first, count, rows, most, parts);
        }
        float scale = sink.scale(biases.segment(), examples);
        Floats to = biases.target();
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < count; j++) {
                int unit = first[r] + j;
                to.set(unit, to.get(unit) + scale * delta.get(r, column + j));
            }
        }
    }
}
