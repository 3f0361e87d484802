package org.coinflip.model.layer.recurrent;

import java.util.List;
import java.util.Map;
import org.coinflip.model.estimator.GradientEstimator;
import org.coinflip.model.layer.Binding;
import org.coinflip.model.layer.PassContext;
import org.coinflip.model.layer.stochastic.StochasticLayer;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.memory.Statistic;
import org.coinflip.model.settings.Section;
import org.coinflip.model.unit.Bernoulli;
import org.coinflip.model.unit.Gaussian;
import org.coinflip.model.unit.UnitLaw;
import org.coinflip.model.unit.UnitLaws;

/**
 * Recurrent units that are stochastic: {@code a_t = x_t W + h_{t−1} R + b}, h_t drawn from the unit law given a_t. The gradient with respect to a_t is
 * the estimator's, what is below is back-propagation through time. An estimator from the loss alone has the loss of the whole sequence for its
 * learning signal, what comes after a step included, and needs no gradient from later steps.
 *
 * @param law how h is drawn
 * @param estimator how ∂L/∂a is obtained, from one sample and without evaluating what follows at other points
 */
public record StochasticCell(UnitLaw law, GradientEstimator estimator) implements RecurrentCell {
    /** What a step adds to the purpose of the layer's noise. */
    static final int STEP_PURPOSE = 1 << 16;

    /** Steps whose purposes differ from those of evaluations. */
    private static final int MOST_STEPS = 1 << 12;

    static boolean isWritten(Section section) {
        return section.has("law") || section.has("estimator");
    }

    public static StochasticCell read(Section section, int units, int steps) {
        UnitLaw law = UnitLaws.read(section.typed("law", Bernoulli.TYPE));
        if (law instanceof Gaussian) {
            throw section.wrong("law", "another: gaussian units learn deviations in stochastic layers alone");
        }
        GradientEstimator estimator = StochasticLayer.readEstimator(section, law);
        if (estimator.samplesPerRow() > 1 || estimator.probes(units) > 0) {
            throw section.wrong(
                    "estimator",
                    "one that draws one sample and evaluates nothing at other points, such as straight-through, reinforce, nvil or"
                            + " pathwise");
        }
        if (units % law.columnsPerUnit() != 0) {
            throw section.wrong(
                    "units", "a multiple of " + law.columnsPerUnit() + ": every category of a unit is a column");
        }
        if (steps > MOST_STEPS) {
            throw section.wrong("steps", "at most " + MOST_STEPS + " for stochastic units");
        }
        return new StochasticCell(law, estimator);
    }

    @Override
    public String type() {
        return LeakyCell.TYPE;
    }

    @Override
    public List<String> gates() {
        return List.of("");
    }

    @Override
    public boolean isStochastic() {
        return true;
    }

    @Override
    public boolean needsGradient() {
        return estimator.needsGradient();
    }

    @Override
    public boolean readsLosses() {
        return estimator.readsLosses();
    }

    @Override
    public boolean mayKeepState() {
        return false;
    }

    @Override
    public List<Statistic> statistics(int features, int units) {
        return estimator.statistics(features, units);
    }

    @Override
    public void write(Map<String, Object> keys) {
        keys.put("law", law.write());
        keys.put("estimator", estimator.write());
    }

    @Override
    public CellPass bind(Binding binding, RecurrentLayer layer) {
        return new Pass(binding, layer);
    }

    private final class Pass implements CellPass {
        private final RecurrentProducts products;
        private final List<RecurrentProducts> all;
        private final StepMatrices logits;
        private final StepSite[] sites;
        private final float[] losses;
        private final float[] lossOfRow;
        private PassContext context;
        private int[] order;
        private int rows;

        Pass(Binding binding, RecurrentLayer layer) {
            int capacity = binding.capacity();
            products = new RecurrentProducts(binding, layer, "", false);
            all = List.of(products);
            logits = new StepMatrices(layer.steps(), capacity, layer.units());
            logits.fit(capacity);
            losses = new float[capacity];
            lossOfRow = new float[capacity];
            int features = layer.features(binding.source().output().columns());
            sites = new StepSite[layer.steps()];
            for (int t = 0; t < sites.length; t++) {
                sites[t] = new StepSite(
                        StochasticCell.this, layer.units(), binding, t, logits, products, features, losses);
            }
        }

        @Override
        public List<RecurrentProducts> products() {
            return all;
        }

        @Override
        public void begin(PassContext pass, int count, int[] places) {
            CellPass.super.begin(pass, count, places);
            logits.fit(count);
            context = pass;
            rows = count;
            order = places;
        }

        @Override
        public void forward(int step, int count, Matrix input, Matrix previous, Matrix state) {
            products.multiply(step, count, input, previous);
            logits.at(step).setRows(0, products.values(step), 0, count);
            sites[step].draw(context, order, count, input, state);
        }

        @Override
        public void beginBackward() {
            context.meanLosses(rows, lossOfRow);
            for (int i = 0; i < rows; i++) {
                losses[i] = lossOfRow[order[i]];
            }
        }

        @Override
        public void backward(int step, int count, Matrix previous, Matrix gradient, Matrix previousGradient) {
            sites[step].estimate(count, gradient);
            products.values(step).setRows(0, gradient, 0, count);
        }

        @Override
        public void learn(int steps) {
            for (int t = 0; t < steps; t++) {
                sites[t].learn();
            }
        }
    }
}
