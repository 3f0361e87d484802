package org.coinflip.model.layer.recurrent;

import java.util.List;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.kernel.operation.Activation;
import org.coinflip.model.layer.Binding;
import org.coinflip.model.memory.LayoutBuilder;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.memory.Segment;

/**
 * Gated recurrent units: {@code r = σ(x W_r + h R_r + b_r)}, {@code z = σ(x W_z + h R_z + b_z)},
 * {@code n = tanh(x W_n + b_n + r ⊙ (h R_n + c_n))}, {@code h ← (1 − z) ⊙ n + z ⊙ h}. The reset comes after the product, so that the products of a step
 * do not wait for each other, as cuDNN's and PyTorch's.
 *
 * <p>Cho, van Merriënboer, Gülçehre, Bahdanau, Bougares, Schwenk, Bengio (2014), "Learning phrase representations using RNN encoder-decoder for
 * statistical machine translation".
 */
public record GruCell() implements RecurrentCell {
    public static final String TYPE = "gru";
    private static final String RESET = "reset.";
    private static final String UPDATE = "update.";
    private static final String CANDIDATE = "candidate.";

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public List<String> gates() {
        return List.of(RESET, UPDATE, CANDIDATE);
    }

    @Override
    public void declare(LayoutBuilder layout, int index, int units, double rate) {
        String name = Binding.segment(index, CANDIDATE + RecurrentProducts.RECURRENT_BIASES);
        layout.add(name, Segment.Role.BIASES, 1, units, rate);
    }

    @Override
    public double initialBias(String segment, double common) {
        return segment.startsWith(UPDATE) ? common : 0;
    }

    @Override
    public CellPass bind(Binding binding, RecurrentLayer layer) {
        return new Pass(binding, layer);
    }

    private static final class Pass implements CellPass {
        private final Backend backend;
        private final RecurrentProducts reset;
        private final RecurrentProducts update;
        private final RecurrentProducts candidate;
        private final List<RecurrentProducts> all;

        Pass(Binding binding, RecurrentLayer layer) {
            backend = binding.backend();
            reset = new RecurrentProducts(binding, layer, RESET, false);
            update = new RecurrentProducts(binding, layer, UPDATE, false);
            candidate = new RecurrentProducts(binding, layer, CANDIDATE, true);
            all = List.of(reset, update, candidate);
        }

        @Override
        public List<RecurrentProducts> products() {
            return all;
        }

        @Override
        public void forward(int step, int rows, Matrix input, Matrix previous, Matrix state) {
            reset.multiply(step, rows, input, previous);
            update.multiply(step, rows, input, previous);
            candidate.multiply(step, rows, input, previous);
            Matrix r = reset.values(step);
            Matrix z = update.values(step);
            Matrix q = candidate.recurrent(step);
            backend.elementwise().activate(Activation.SIGMOID, r, reset.biases(), rows);
            backend.elementwise().activate(Activation.SIGMOID, z, update.biases(), rows);
            backend.elementwise().activate(Activation.LINEAR, q, candidate.recurrentBiases(), rows);
            Matrix n = candidate.values(step);
            backend.cells().addProduct(r, q, rows, n);
            backend.elementwise().activate(Activation.TANH, n, candidate.biases(), rows);
            backend.cells().gruState(z, n, previous, rows, state);
        }

        @Override
        public void backward(int step, int rows, Matrix previous, Matrix gradient, Matrix previousGradient) {
            backend.cells()
                    .gruGradient(
                            reset.values(step),
                            update.values(step),
                            candidate.values(step),
                            candidate.recurrent(step),
                            previous,
                            rows,
                            gradient,
                            previousGradient);
        }
    }
}
