package org.coinflip.model.layer;

import java.util.List;
import org.coinflip.model.kernel.Activation;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.memory.Matrix;

/**
 * Long short-term memory: {@code i, f, o = σ(x W + h R + b)}, each with weights of its own, {@code n = tanh(x W_n + h R_n + b_n)},
 * {@code c ← f ⊙ c + i ⊙ n}, {@code h = o ⊙ tanh c}.
 *
 * <p>Hochreiter and Schmidhuber (1997), "Long short-term memory"; the forget gate is of Gers, Schmidhuber, Cummins (2000), its initial bias of 1 as
 * Jozefowicz, Zaremba, Sutskever (2015) advise.
 */
public record LstmCell() implements RecurrentCell {
    static final String TYPE = "lstm";
    private static final String INPUT = "input.";
    private static final String FORGET = "forget.";
    private static final String OUTPUT = "output.";
    private static final String CANDIDATE = "candidate.";

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public List<String> gates() {
        return List.of(INPUT, FORGET, OUTPUT, CANDIDATE);
    }

    /** The layer's initial bias is the forget gate's, and that is 1 unless it is given. */
    @Override
    public double initialBias(String segment, double common) {
        return segment.startsWith(FORGET) ? common : 0;
    }

    @Override
    public boolean mayKeepState() {
        return false;
    }

    @Override
    public CellPass bind(Binding binding, RecurrentLayer layer) {
        return new Pass(binding, layer);
    }

    private static final class Pass implements CellPass {
        private final Backend backend;
        private final RecurrentProducts input;
        private final RecurrentProducts forget;
        private final RecurrentProducts output;
        private final RecurrentProducts candidate;
        private final List<RecurrentProducts> all;
        /** c before each step, and after the last. */
        private final StepMatrices cells;

        private final Matrix zeros;
        /** ∂L/∂c of a step, and of the one before. */
        private Matrix cellGradient;

        private Matrix previousCellGradient;

        Pass(Binding binding, RecurrentLayer layer) {
            backend = binding.backend();
            input = new RecurrentProducts(binding, layer, INPUT, false);
            forget = new RecurrentProducts(binding, layer, FORGET, false);
            output = new RecurrentProducts(binding, layer, OUTPUT, false);
            candidate = new RecurrentProducts(binding, layer, CANDIDATE, false);
            all = List.of(input, forget, output, candidate);
            cells = new StepMatrices(layer.steps() + 1, binding.capacity(), layer.units());
            zeros = Matrix.padded(binding.capacity(), layer.units());
            cellGradient = zeros.zeros();
            previousCellGradient = zeros.zeros();
        }

        @Override
        public List<RecurrentProducts> products() {
            return all;
        }

        @Override
        public void begin(PassContext context, int rows, int[] order) {
            CellPass.super.begin(context, rows, order);
            cells.fit(rows);
            cells.at(0).setRows(0, zeros, 0, rows);
        }

        @Override
        public void forward(int step, int rows, Matrix x, Matrix previous, Matrix state) {
            for (int g = 0; g < all.size(); g++) {
                RecurrentProducts gate = all.get(g);
                gate.multiply(step, rows, x, previous);
                Activation f = gate == candidate ? Activation.TANH : Activation.SIGMOID;
                backend.elementwise().activate(f, gate.values(step), gate.biases(), rows);
            }
            backend.cells()
                    .lstmState(
                            input.values(step),
                            forget.values(step),
                            output.values(step),
                            candidate.values(step),
                            cells.at(step),
                            rows,
                            cells.at(step + 1),
                            state);
        }

        @Override
        public void backward(int step, int rows, Matrix previous, Matrix gradient, Matrix previousGradient) {
            backend.cells()
                    .lstmGradient(
                            input.values(step),
                            forget.values(step),
                            output.values(step),
                            candidate.values(step),
                            cells.at(step),
                            cells.at(step + 1),
                            rows,
                            gradient,
                            cellGradient,
                            previousCellGradient);
            Matrix next = cellGradient;
            cellGradient = previousCellGradient;
            previousCellGradient = next;
        }

        /** Sequences that end before the last step have nothing behind them either. */
        @Override
        public void cut() {
            cellGradient.setRows(0, zeros, 0, zeros.rows());
            previousCellGradient.setRows(0, zeros, 0, zeros.rows());
        }
    }
}
