package org.coinflip.model.layer;

import java.util.LinkedHashMap;
import java.util.Map;
import org.coinflip.model.kernel.operation.Activation;
import org.coinflip.model.settings.Section;

/**
 * Deterministic units: {@code y = f(x W + b)}.
 *
 * @param units columns of the output
 * @param activation f
 * @param initial initial weights and biases, rate scale
 */
public record DenseLayer(int units, Activation activation, Initial initial) implements Affine.Owner {
    public static final String TYPE = "dense";

    public static DenseLayer read(Section section) {
        int units = section.integer("units", 1, Integer.MAX_VALUE);
        Activation activation = section.choice("activation", Activation.LINEAR);
        return new DenseLayer(units, activation, Initial.read(section));
    }

    @Override
    public Map<String, Object> write() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("type", TYPE);
        keys.put("units", units);
        keys.put("activation", Section.name(activation));
        initial.write(keys);
        return keys;
    }

    @Override
    public boolean takesWeights() {
        return true;
    }

    @Override
    public Stage bind(Binding binding) {
        return new ActivationStage(binding, new Affine(binding), units, activation);
    }
}
