package org.coinflip.model.layer.recurrent;

import java.util.List;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.kernel.operation.Activation;
import org.coinflip.model.layer.Binding;
import org.coinflip.model.layer.PassContext;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;

/**
 * Long short-term memory: {@code i, f, o = σ(x W + h R + b)}, each with weights of its own, {@code n = tanh(x W_n + h R_n + b_n)},
 * {@code c ← f ⊙ c + i ⊙ n}, {@code h = o ⊙ tanh c}.
 *
 * <p>Hochreiter and Schmidhuber (1997), "Long short-term memory"; the forget gate is of Gers, Schmidhuber, Cummins (2000), its initial bias of 1 as
 * Jozefowicz, Zaremba, Sutskever (2015) advise.
 */
public record LstmCell() implements RecurrentCell {
    public static final String TYPE = "lstm";
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

        /** tanh c after each step. */
        private final StepMatrices shown;

        private final Floats noBiases;

        /** ∂L/∂c after the step that goes backward next. */
        private final Matrix cellGradient;

        Pass(Binding binding, RecurrentLayer layer) {
            backend = binding.backend();
            input = new RecurrentProducts(binding, layer, INPUT, false);
            forget = new RecurrentProducts(binding, layer, FORGET, false);
            output = new RecurrentProducts(binding, layer, OUTPUT, false);
            candidate = new RecurrentProducts(binding, layer, CANDIDATE, false);
            all = List.of(input, forget, output, candidate);
            cells = new StepMatrices(layer.steps() + 1, binding.capacity(), layer.units());
            shown = new StepMatrices(layer.steps(), binding.capacity(), layer.units());
            noBiases = Floats.allocate(layer.units());
            cellGradient = Matrix.padded(binding.capacity(), layer.units());
        }

        @Override
        public List<RecurrentProducts> products() {
            return all;
        }

        @Override
        public void begin(PassContext context, int rows, int[] order) {
            CellPass.super.begin(context, rows, order);
            cells.fit(rows);
            shown.fit(rows);
            cells.at(0).clearRows(0, rows);
        }

        @Override
        public void forward(int step, int rows, Matrix x, Matrix previous, Matrix state) {
            for (int g = 0; g < all.size(); g++) {
                RecurrentProducts gate = all.get(g);
                gate.multiply(step, rows, x, previous);
                Activation f = gate == candidate ? Activation.TANH : Activation.SIGMOID;
                backend.elementwise().activate(f, gate.values(step), gate.biases(), rows);
            }
            Matrix cell = cells.at(step + 1);
            backend.cells()
                    .lstmCell(
                            input.values(step),
                            forget.values(step),
                            candidate.values(step),
                            cells.at(step),
                            rows,
                            cell);
            Matrix y = shown.at(step);
            y.setRows(0, cell, 0, rows);
            backend.elementwise().activate(Activation.TANH, y, noBiases, rows);
            state.setRows(0, y, 0, rows);
            backend.elementwise().multiply(output.values(step), state, rows);
        }

        @Override
        public void backward(int step, int rows, Matrix previous, Matrix gradient, Matrix previousGradient) {
            Matrix o = output.values(step);
            Matrix y = shown.at(step);
            backend.cells().addShownGradient(o, y, gradient, rows, cellGradient);
            backend.elementwise().multiply(y, gradient, rows);
            backend.elementwise().activationGradient(Activation.SIGMOID, o, gradient, rows);
            o.setRows(0, gradient, 0, rows);
            backend.cells().lstmWrittenGradient(input.values(step), candidate.values(step), cellGradient, rows);
            backend.cells().lstmKeptGradient(forget.values(step), cells.at(step), rows, cellGradient);
        }

        /** Sequences that end before the last step have nothing behind them either. */
        @Override
        public void cut() {
            cellGradient.clearRows(0, cellGradient.rows());
        }
    }
}
