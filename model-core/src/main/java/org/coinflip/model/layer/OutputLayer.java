package org.coinflip.model.layer;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.memory.LayoutBuilder;
import org.coinflip.model.objective.Objective;
import org.coinflip.model.settings.Section;

/**
 * The top layer, {@code y = x W + b}, and the objective on it.
 *
 * @param units number of classes; for a reconstruction, of features; where examples have values, of those
 * @param objective what is minimised
 * @param initial initial weights and biases, rate scale
 */
public record OutputLayer(int units, Objective objective, Initial initial) implements ReadOut {
    public static final String TYPE = "output";

    public static OutputLayer read(Section section) {
        int units = section.integer("units", 1, Integer.MAX_VALUE);
        Objective objective = section.choice("objective", Objective.CROSS_ENTROPY);
        if (objective.isOfSteps()) {
            throw section.wrong("objective", "per-step = true besides: it is of an output at every step");
        }
        return new OutputLayer(units, objective, Initial.read(section));
    }

    @Override
    public Map<String, Object> write() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("type", TYPE);
        keys.put("units", units);
        keys.put("objective", Section.name(objective));
        initial.write(keys);
        return keys;
    }

    @Override
    public void check(int inputs, int classes) {
        if (objective.isOfValues()) {
            requireValues(classes);
        }
        if (!objective.isOfValues() && units != (objective.isReconstruction() ? inputs : classes)) {
            throw new UsageException("network.layers: got an output layer of " + units + " units for data of "
                    + (objective.isReconstruction()
                            ? inputs + " features, expected units = " + inputs
                            : classes + " classes, expected units = " + classes));
        }
    }

    @Override
    public int outputs(int inputs) {
        return units;
    }

    @Override
    public void declare(LayoutBuilder layout, int index, int inputs) {
        declare(layout, index, List.of(inputs));
    }

    @Override
    public void declare(LayoutBuilder layout, int index, List<Integer> reach) {
        Affine.declare(layout, index, reach, units, initial.rateScale());
    }

    @Override
    public boolean takesWeights() {
        return true;
    }

    @Override
    public Stage bind(Binding binding) {
        return new OutputStage(binding, new Affine(binding), units, objective);
    }
}
