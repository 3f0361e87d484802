package org.coinflip.model.layer.recurrent;

import java.util.List;
import java.util.Map;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.kernel.operation.Activation;
import org.coinflip.model.layer.Binding;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.settings.Section;

/**
 * Plain recurrent units, {@code h_t = f(x_t W + h_{t−1} R + b)}, or hierarchical ones, whose levels have time constants:
 * {@code h_t = (1 − α) h_{t−1} + α f(·)}, with {@code α = 1/τ} (moving averages: every unit is updated after each step) or
 * {@code α = 1[t mod τ = 0]} (clockwork: a level is updated at every τ-th step, from the first on). All levels read all levels.
 *
 * <p>El Hihi and Bengio (1995), "Hierarchical recurrent neural networks for long-term dependencies", as Bengio, Léonard, Courville (2013) describe it;
 * Koutník, Greff, Gomez, Schmidhuber (2014), "A clockwork RNN".
 *
 * @param activation f
 * @param timeConstants τ of each level, levels of equally many units; one of 1 for plain units
 * @param update what τ says
 */
public record LeakyCell(Activation activation, List<Integer> timeConstants, Update update) implements RecurrentCell {
    public static final String TYPE = "recurrent";
    private static final String TIME_CONSTANTS = "time-constants";

    /** When and how far the units of a level are updated. */
    public enum Update {
        /** A part 1/τ of the way, after each step. */
        MOVING_AVERAGE,
        /** All the way, at every τ-th step. */
        CLOCKWORK
    }

    public LeakyCell {
        timeConstants = List.copyOf(timeConstants);
    }

    public static LeakyCell read(Section section, int units) {
        Activation activation = section.choice("activation", Activation.TANH);
        List<Integer> constants = section.sizes(TIME_CONSTANTS);
        Update update = section.choice("update", Update.MOVING_AVERAGE);
        if (!constants.isEmpty() && units % constants.size() != 0) {
            throw section.wrong(TIME_CONSTANTS, "as many as divide the " + units + " units into equal levels");
        }
        return new LeakyCell(activation, constants.isEmpty() ? List.of(1) : constants, update);
    }

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public List<String> gates() {
        return List.of("");
    }

    @Override
    public void write(Map<String, Object> keys) {
        keys.put("activation", Section.name(activation));
        keys.put(TIME_CONSTANTS, timeConstants);
        keys.put("update", Section.name(update));
    }

    @Override
    public CellPass bind(Binding binding, RecurrentLayer layer) {
        return new Pass(binding, layer);
    }

    private final class Pass implements CellPass {
        private final Backend backend;
        private final RecurrentProducts products;
        private final List<RecurrentProducts> all;
        private final Floats rates;

        Pass(Binding binding, RecurrentLayer layer) {
            backend = binding.backend();
            products = new RecurrentProducts(binding, layer, "", false);
            all = List.of(products);
            rates = Floats.allocate(layer.units());
            for (int j = 0; j < layer.units(); j++) {
                rates.set(j, 1f / timeConstant(j));
            }
        }

        private int timeConstant(int unit) {
            return timeConstants.get(unit / (rates.length() / timeConstants.size()));
        }

        private Floats rates(int step) {
            if (update == Update.CLOCKWORK) {
                for (int j = 0; j < rates.length(); j++) {
                    rates.set(j, step % timeConstant(j) == 0 ? 1f : 0f);
                }
            }
            return rates;
        }

        @Override
        public List<RecurrentProducts> products() {
            return all;
        }

        @Override
        public void forward(int step, int rows, Matrix input, Matrix previous, Matrix state) {
            products.multiply(step, rows, input, previous);
            Matrix target = products.values(step);
            backend.elementwise().activate(activation, target, products.biases(), rows);
            backend.cells().leak(rates(step), target, previous, rows, state);
        }

        @Override
        public void backward(int step, int rows, Matrix previous, Matrix gradient, Matrix previousGradient) {
            Matrix target = products.values(step);
            backend.cells().leakGradient(rates(step), rows, gradient, previousGradient);
            backend.elementwise().activationGradient(activation, target, gradient, rows);
            target.setRows(0, gradient, 0, rows);
        }
    }
}
