package org.coinflip.model.layer.recurrent;

import org.coinflip.model.kernel.Backend;
import org.coinflip.model.layer.Affine;
import org.coinflip.model.layer.Binding;
import org.coinflip.model.layer.ParameterVector;
import org.coinflip.model.layer.Sink;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.LayoutBuilder;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.memory.Segment;

/**
 * The products that one gate of a recurrent cell begins with, step by step: {@code a_t = x_t W + h_{t−1} R}, or both products each by itself. Once
 * a step has gone backward, the places of its products hold the gradients with respect to them; when all have, these of all steps are multiplied at
 * once.
 */
final class RecurrentProducts {
    static final String RECURRENT_WEIGHTS = "recurrent-weights";
    static final String RECURRENT_BIASES = "recurrent-biases";

    private final Backend backend;
    private final Sink sink;
    private final Weights weights;
    private final Weights recurrentWeights;
    private final ParameterVector bias;
    /** Of the state's product; null where the products are added up. */
    private final ParameterVector recurrentBias;

    private final StepMatrices values;
    private final StepMatrices recurrent;

    private record Weights(Segment segment, Matrix values, Matrix target) {
        static Weights of(Binding binding, String name) {
            Segment segment = binding.state().layout().segment(binding.segment(name));
            Sink sink = binding.sink();
            return new Weights(
                    segment, binding.state().matrix(segment), sink == null ? null : sink.targetMatrix(segment));
        }
    }

    /** @param apart whether the product with the state has a place, and biases, of its own */
    RecurrentProducts(Binding binding, RecurrentLayer layer, String gate, boolean apart) {
        backend = binding.backend();
        sink = binding.sink();
        weights = Weights.of(binding, gate + Affine.WEIGHTS);
        recurrentWeights = Weights.of(binding, gate + RECURRENT_WEIGHTS);
        bias = ParameterVector.of(binding, gate + Affine.BIASES);
        recurrentBias = apart ? ParameterVector.of(binding, gate + RECURRENT_BIASES) : null;
        values = new StepMatrices(layer.steps(), binding.capacity(), layer.units());
        recurrent = apart ? new StepMatrices(layer.steps(), binding.capacity(), layer.units()) : values;
    }

    /** Asks for the parameters of a gate. */
    static void declare(LayoutBuilder layout, int index, String gate, int inputs, int units, double rate) {
        layout.add(Binding.segment(index, gate + Affine.WEIGHTS), Segment.Role.WEIGHTS, inputs, units, rate);
        layout.add(Binding.segment(index, gate + RECURRENT_WEIGHTS), Segment.Role.WEIGHTS, units, units, rate);
        layout.add(Binding.segment(index, gate + Affine.BIASES), Segment.Role.BIASES, 1, units, rate);
    }

    void fit(int rows) {
        values.fit(rows);
        recurrent.fit(rows);
    }

    Floats biases() {
        return bias.values();
    }

    Floats recurrentBiases() {
        return recurrentBias.values();
    }

    /** What the input sends in a step, and the state too where the products are added up; then what the cell made of it; then its gradient. */
    Matrix values(int step) {
        return values.at(step);
    }

    /** What the state sends in a step where the products lie apart; then its gradient. */
    Matrix recurrent(int step) {
        return recurrent.at(step);
    }

    /**
     * Computes the products of a step.
     *
     * @param input x_t
     * @param previous h_{t−1}
     */
    void multiply(int step, int rows, Matrix input, Matrix previous) {
        Matrix out = values.at(step);
        int units = out.columns();
        backend.blas().gemm(false, false, rows, units, input.columns(), 1f, input, weights.values, 0f, out);
        backend.blas()
                .gemm(
                        false,
                        false,
                        rows,
                        units,
                        units,
                        1f,
                        previous,
                        recurrentWeights.values,
                        recurrentBias == null ? 1f : 0f,
                        recurrent.at(step));
    }

    /** Adds the gradient of a step with respect to the state before. */
    void propagate(int step, int rows, Matrix previousGradient) {
        int units = previousGradient.columns();
        backend.blas()
                .gemm(
                        false,
                        true,
                        rows,
                        units,
                        units,
                        1f,
                        recurrent.at(step),
                        recurrentWeights.values,
                        1f,
                        previousGradient);
    }

    /** Says that nothing came of the products of a step's last rows. */
    void clear(int step, int from, int rows) {
        values.at(step).clearRows(from, rows - from);
        if (recurrentBias != null) {
            recurrent.at(step).clearRows(from, rows - from);
        }
    }

    /**
     * Computes the gradients with respect to the inputs of all steps.
     *
     * @param rows of all steps
     * @param carry factor on what {@code gradient} holds
     */
    void propagateInputs(int rows, float carry, Matrix gradient) {
        Matrix delta = values.all();
        backend.blas()
                .gemm(
                        false,
                        true,
                        rows,
                        gradient.columns(),
                        delta.columns(),
                        1f,
                        delta,
                        weights.values,
                        carry,
                        gradient);
    }

    /**
     * Gives the gradients of the parameters to the sink.
     *
     * @param inputs x of all steps
     * @param previous the states before all steps
     * @param rows of all steps
     * @param weightOf what each of them counts; null where all count 1
     */
    void accumulate(Matrix inputs, Matrix previous, int rows, float[] weightOf, int examples) {
        if (weightOf != null) {
            backend.elementwise().scaleRows(weightOf, rows, values.all());
            if (recurrentBias != null) {
                backend.elementwise().scaleRows(weightOf, rows, recurrent.all());
            }
        }
        accumulate(weights, inputs, values.all(), rows, examples);
        accumulate(recurrentWeights, previous, recurrent.all(), rows, examples);
        accumulate(bias, values.all(), rows, examples);
        if (recurrentBias != null) {
            accumulate(recurrentBias, recurrent.all(), rows, examples);
        }
    }

    private void accumulate(Weights to, Matrix from, Matrix delta, int rows, int examples) {
        backend.blas()
                .gemm(
                        true,
                        false,
                        from.columns(),
                        delta.columns(),
                        rows,
                        sink.scale(to.segment, examples),
                        from,
                        delta,
                        sink.carry(to.segment),
                        to.target);
    }

    private void accumulate(ParameterVector to, Matrix delta, int rows, int examples) {
        backend.elementwise()
                .columnSums(delta, rows, sink.scale(to.segment(), examples), sink.carry(to.segment()), to.target());
    }
}
