package org.coinflip.model.layer.recurrent;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.estimator.registry.Estimators;
import org.coinflip.model.layer.Binding;
import org.coinflip.model.layer.FeatureShape;
import org.coinflip.model.layer.Initial;
import org.coinflip.model.layer.Layer;
import org.coinflip.model.layer.Stage;
import org.coinflip.model.layer.TopLayer;
import org.coinflip.model.memory.LayoutBuilder;
import org.coinflip.model.memory.Statistic;
import org.coinflip.model.settings.Section;

/**
 * Recurrent units, which read a sequence step by step and have a state from one step to the next: {@code h_t = cell(x_t, h_{t−1})}, h before the
 * first step 0. Columns below are steps × features, step by step; gradients are those of back-propagation through time.
 *
 * @param cell what is computed in a step
 * @param steps of a sequence
 * @param units of the state
 * @param output what the layers above read
 * @param padded whether the last steps of a sequence that are all zero are none: its state stays what it was, and nothing is computed
 * @param skip what decides in each step whether the state is updated; none where it always is
 * @param truncation steps after which the gradient is cut: none goes back over a step that is a multiple of it; 0 for nowhere
 * @param initial initial weights and biases, rate scale
 */
public record RecurrentLayer(
        RecurrentCell cell,
        int steps,
        int units,
        Output output,
        boolean padded,
        Optional<SkipGate> skip,
        int truncation,
        Initial initial)
        implements Layer {
    /** Taken for the steps of data that are not read yet, where none are written. */
    private static final int UNKNOWN_STEPS = 1;

    /** What the layers above read. */
    public enum Output {
        /** The state after the last step, units columns. */
        LAST,
        /** The states after all steps, steps × units columns; 0 where there is no step. */
        ALL
    }

    /** Reads the cell of a layer of so many units and steps. */
    private interface CellReader {
        RecurrentCell read(int units, int steps);
    }

    public static RecurrentLayer readPlain(Section section, FeatureShape below) {
        return read(
                section,
                below,
                0,
                (units, steps) -> StochasticCell.isWritten(section)
                        ? StochasticCell.read(section, units, steps)
                        : LeakyCell.read(section, units));
    }

    public static RecurrentLayer readGru(Section section, FeatureShape below) {
        return read(section, below, 0, (units, steps) -> new GruCell());
    }

    public static RecurrentLayer readLstm(Section section, FeatureShape below) {
        return read(section, below, 1, (units, steps) -> new LstmCell());
    }

    /** @param bias where those of {@code initial-bias} start unless it is given */
    private static RecurrentLayer read(Section section, FeatureShape below, double bias, CellReader reader) {
        int units = section.integer("units", 1, Integer.MAX_VALUE);
        int steps = readSteps(section, below);
        RecurrentCell cell = reader.read(units, steps);
        Initial initial = Initial.read(section, bias);
        Output output = section.choice("output", Output.LAST);
        if (output == Output.ALL && (long) steps * units > Integer.MAX_VALUE) {
            throw section.wrong("units", "at most " + Integer.MAX_VALUE / steps + " for " + steps + " steps");
        }
        boolean padded = section.flag("padded", false);
        int truncation = section.integer("truncation", 0, 0, Integer.MAX_VALUE);
        Optional<SkipGate> skip = cell.mayKeepState() && section.has(SkipGate.KEY)
                ? Optional.of(SkipGate.read(section.section(SkipGate.KEY)))
                : Optional.empty();
        return new RecurrentLayer(cell, steps, units, output, padded, skip, truncation, initial);
    }

    /** Lines of a picture are steps, and so are those that recurrent units below have. */
    private static int readSteps(Section section, FeatureShape below) {
        boolean known = below.height() > 1;
        if (known && below.order() == FeatureShape.Order.CHANNELS_FIRST) {
            throw section.wrong(
                    "type",
                    "a layer that takes pictures of " + below.channels()
                            + " planes, which lie one behind the other and not line by line");
        }
        if (below.equals(FeatureShape.UNKNOWN)) {
            return section.integer("steps", UNKNOWN_STEPS, 1, Integer.MAX_VALUE);
        }
        return known
                ? section.integer("steps", below.height(), 1, Integer.MAX_VALUE)
                : section.integer("steps", 1, Integer.MAX_VALUE);
    }

    @Override
    public Map<String, Object> write() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("type", cell.type());
        keys.put("units", units);
        keys.put("steps", steps);
        cell.write(keys);
        keys.put("output", Section.name(output));
        keys.put("padded", padded);
        skip.ifPresent(gate -> keys.put(SkipGate.KEY, gate.write()));
        keys.put("truncation", truncation);
        initial.write(keys);
        return keys;
    }

    @Override
    public int outputs(int inputs) {
        return output == Output.ALL ? steps * units : units;
    }

    @Override
    public FeatureShape shape(FeatureShape below) {
        if (output == Output.LAST) {
            return FeatureShape.flat(units);
        }
        boolean isKnown = !below.equals(FeatureShape.UNKNOWN) || steps != UNKNOWN_STEPS;
        return isKnown ? FeatureShape.maps(steps, 1, units) : FeatureShape.UNKNOWN;
    }

    @Override
    public int uses() {
        return steps;
    }

    /** Numbers of a step, given those of all. */
    int features(int inputs) {
        return inputs / steps;
    }

    @Override
    public void declare(LayoutBuilder layout, int index, int inputs) {
        // not before: what is read without its data has a picture of any size below
        if (inputs % steps != 0) {
            throw new UsageException("network.layers[" + index + "].steps: got " + steps
                    + ", expected a divisor of the " + inputs + " features below");
        }
        for (String gate : cell.gates()) {
            RecurrentProducts.declare(layout, index, gate, features(inputs), units, initial.rateScale());
        }
        cell.declare(layout, index, units, initial.rateScale());
        skip.ifPresent(gate -> gate.declare(layout, index, features(inputs), units));
    }

    private static boolean isOfSkip(String name) {
        return name.startsWith(SkipGate.GATE);
    }

    @Override
    public boolean isStochastic() {
        return skip.isPresent() || cell.isStochastic();
    }

    @Override
    public List<Statistic> statistics(int inputs) {
        return cell.statistics(features(inputs), units);
    }

    @Override
    public void checkPlace(int index, List<Layer> layers) {
        boolean given = layers.get(layers.size() - 1) instanceof TopLayer top && top.isGiven();
        if (given && padded) {
            throw new UsageException(
                    "network.layers[" + index + "].padded: got true below a loss that is earned, expected false:"
                            + " there a step is computed again row by row as it was played, and sequences of other lengths change the rows");
        }
        if (given && cell.isStochastic() && cell.needsGradient()) {
            throw new UsageException("network.layers[" + index
                    + "].estimator: got one that needs a gradient below a loss that is earned, not"
                    + " computed, expected one that needs the loss of its one sample only: "
                    + String.join(", ", Estimators.takingGivenLosses()));
        }
    }

    @Override
    public double initialBias(String name) {
        return isOfSkip(name) ? skip.orElseThrow().initial(name) : cell.initialBias(name, initial.bias());
    }

    @Override
    public boolean readsLosses() {
        return cell.readsLosses();
    }

    @Override
    public boolean takesWeights() {
        return true;
    }

    @Override
    public Stage bind(Binding binding) {
        return new RecurrentStage(this, binding);
    }
}
