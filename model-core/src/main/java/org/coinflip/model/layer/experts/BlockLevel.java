package org.coinflip.model.layer.experts;

import java.util.Arrays;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.kernel.operation.Activation;
import org.coinflip.model.kernel.operation.Gating;
import org.coinflip.model.layer.Affine;
import org.coinflip.model.layer.Binding;
import org.coinflip.model.layer.LazySteps;
import org.coinflip.model.layer.Sink;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.memory.Segment;
import org.coinflip.model.memory.State;

/**
 * One level of the experts' networks in one pass: {@code z = f(u W_e + b_e)} for the rows u of every expert e, W_e inputs × units, which lie one under
 * the other. The rows of an expert are multiplied together. What is computed lies by places of a {@link Routing}, and grows to what batches want.
 */
final class BlockLevel {
    private final int units;
    private final int inputs;
    private final int experts;
    private final Activation activation;
    private final Backend backend;
    private final Sink sink;
    private final LazySteps lazySteps;
    private final Segment weightSegment;
    private final Segment biasSegment;
    private final Matrix weights;
    private final Floats biases;
    private final Matrix weightTarget;
    private final Floats biasTarget;
    /** The weights of an expert and its targets; made when it is first in use. */
    private final Matrix[] weightsOf;

    private final Matrix[] targetsOf;
    private final Floats[] biasTargetsOf;
    private final Floats noBiases;

    /** Rows that a product has room for. */
    private final int most;

    /** Rows that a product always has, those that are wanted first; 0 for as many as are wanted. */
    private final int wholeRows;

    /** One product's rows below, and its result; both also hold the gradients. */
    private final Matrix below;

    private final Matrix above;
    private final float[] row;
    private final int[] open;
    private final Floats norms;
    private Matrix values;
    private Matrix deltas;

    /** @param level its number, from the inputs up */
    BlockLevel(ExpertsLayer layer, int level, Binding binding) {
        inputs = layer.width(level);
        units = layer.width(level + 1);
        experts = layer.experts();
        activation = layer.activation(level);
        backend = binding.backend();
        sink = binding.sink();
        lazySteps = binding.lazySteps();
        State state = binding.state();
        weightSegment = state.layout().segment(binding.segment(ExpertsLayer.name(ExpertsLayer.WEIGHTS, level)));
        biasSegment = state.layout().segment(binding.segment(ExpertsLayer.name(Affine.BIASES, level)));
        weights = state.matrix(weightSegment);
        biases = state.view(biasSegment);
        weightTarget = sink == null ? null : sink.targetMatrix(weightSegment);
        biasTarget = sink == null ? null : sink.target(biasSegment);
        weightsOf = new Matrix[experts];
        targetsOf = new Matrix[sink == null ? 0 : experts];
        biasTargetsOf = new Floats[targetsOf.length];
        noBiases = Floats.allocate(Matrix.padded(units));
        wholeRows = sink == null ? backend.blas().groupRows() : 0;
        most = wholeRows == 0 ? binding.capacity() : wholeRows;
        below = Matrix.padded(most, inputs);
        above = Matrix.padded(most, units);
        row = new float[units];
        open = new int[Gating.marks(1, experts)];
        norms = Floats.allocate(Matrix.padded(units));
        values = Matrix.padded(1, units);
        deltas = Matrix.padded(1, units);
    }

    /** z of every place. */
    Matrix values() {
        return values;
    }

    /** ∂L/∂z of every place, then that with respect to what f is of. */
    Matrix deltas() {
        return deltas;
    }

    private Matrix weights(int expert) {
        if (weightsOf[expert] == null) {
            weightsOf[expert] = weights.rows(expert * inputs, inputs);
        }
        return weightsOf[expert];
    }

    private Matrix target(int expert) {
        if (targetsOf[expert] == null) {
            targetsOf[expert] = weightTarget.rows(expert * inputs, inputs);
        }
        return targetsOf[expert];
    }

    private Floats biasTarget(int expert) {
        if (biasTargetsOf[expert] == null) {
            biasTargetsOf[expert] = biasTarget.view(expert * units, units);
        }
        return biasTargetsOf[expert];
    }

    private static Matrix grown(Matrix m, int rows) {
        return m.rows() >= rows ? m : Matrix.padded(rows + rows / 2, m.columns());
    }

    /**
     * Computes z.
     *
     * @param from u: by places, or by rows where {@code byRows}
     */
    void forward(Routing routing, Matrix from, boolean byRows, int rows) {
        Arrays.fill(open, 0);
        for (int g = 0; g < routing.groups(); g++) {
            open[routing.expert(g)] = 1;
        }
        lazySteps.use(weightSegment, open, 1);
        values = grown(values, routing.places());
        for (int g = 0; g < routing.groups(); g++) {
            int expert = routing.expert(g);
            biases.get(expert * units, row, 0, units);
            for (int p = routing.start(g); p < routing.start(g + 1); p += most) {
                int count = Math.min(most, routing.start(g + 1) - p);
                for (int i = 0; i < count; i++) {
                    above.setRow(i, row, 0);
                }
                Matrix in = rows(routing, from, byRows, p, count, rows);
                int m = wholeRows == 0 ? count : wholeRows;
                backend.blas().gemm(false, false, m, units, inputs, 1f, in, weights(expert), 1f, above);
                values.setRows(p, above, 0, count);
            }
        }
        backend.elementwise().activate(activation, values, noBiases, routing.places());
    }

    /** The rows below of some places, from the first on. */
    private Matrix rows(Routing routing, Matrix from, boolean byRows, int place, int count, int rows) {
        if (!byRows) {
            below.setRows(0, from, place, count);
            return below;
        }
        if (count == rows && wholeRows == 0) {
            return from;
        }
        for (int i = 0; i < count; i++) {
            below.setRows(i, from, routing.row(place + i), 1);
        }
        return below;
    }

    /** Makes room for the gradients. */
    void beginBackward(Routing routing) {
        deltas = grown(deltas, routing.places());
    }

    /** Keeps the values of these places only, the first of which is now the first, and so on. */
    void keep(int[] places, int count) {
        for (int i = 0; i < count; i++) {
            if (places[i] != i) {
                values.setRows(i, values, places[i], 1);
            }
        }
    }

    /** From the gradient with respect to z to that with respect to u W + b. */
    void throughActivation(Routing routing) {
        backend.elementwise().activationGradient(activation, values, deltas, routing.places());
    }

    /** Writes the gradient with respect to u by places. */
    void propagate(Routing routing, Matrix to) {
        for (int g = 0; g < routing.groups(); g++) {
            Matrix gradient = gradientBelow(routing, g);
            to.setRows(routing.start(g), gradient, 0, routing.start(g + 1) - routing.start(g));
        }
    }

    /** The gradient with respect to u of a group's rows, from the first on. */
    Matrix gradientBelow(Routing routing, int group) {
        int start = routing.start(group);
        int count = routing.start(group + 1) - start;
        above.setRows(0, deltas, start, count);
        backend.blas().gemm(false, true, count, inputs, units, 1f, above, weights(routing.expert(group)), 0f, below);
        return below;
    }

    /** Gives the gradients with respect to W and b to the sink. */
    void accumulate(Routing routing, Matrix from, boolean byRows, int rows, int examples) {
        float scale = sink.scale(weightSegment, examples);
        float carry = sink.carry(weightSegment);
        float mostNorm = sink.mostNorm(weightSegment);
        float biasScale = sink.scale(biasSegment, examples);
        float biasCarry = sink.carry(biasSegment);
        int group = 0;
        for (int expert = 0; expert < experts; expert++) {
            boolean isInUse = group < routing.groups() && routing.expert(group) == expert;
            int start = isInUse ? routing.start(group) : 0;
            int count = isInUse ? routing.start(group + 1) - start : 0;
            group += isInUse ? 1 : 0;
            above.setRows(0, deltas, start, count);
            if (count > 0 || biasCarry != 1f) {
                backend.elementwise().columnSums(above, count, biasScale, biasCarry, biasTarget(expert));
            }
            if (count > 0 || carry != 1f) {
                Matrix in = count == 0 ? below : rows(routing, from, byRows, start, count, rows);
                // of no rows, it multiplies the target by what is carried over
                backend.blas().gemm(true, false, inputs, units, count, scale, in, above, carry, target(expert));
                if (mostNorm > 0) {
                    backend.updating().limitColumnNorms(target(expert), mostNorm, norms);
                }
            }
        }
    }
}
