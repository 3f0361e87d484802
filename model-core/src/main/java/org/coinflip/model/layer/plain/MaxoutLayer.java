package org.coinflip.model.layer.plain;

import java.util.LinkedHashMap;
import java.util.Map;
import org.coinflip.model.layer.Affine;
import org.coinflip.model.layer.Binding;
import org.coinflip.model.layer.Initial;
import org.coinflip.model.layer.Layer;
import org.coinflip.model.layer.Stage;
import org.coinflip.model.memory.LayoutBuilder;
import org.coinflip.model.settings.Section;

/**
 * Maxout units: {@code y_i = max_j (x W_ij + b_ij)}, j = 1 … pieces. The gradient goes to the piece that won, the first of equals.
 *
 * <p>Goodfellow, Warde-Farley, Mirza, Courville, Bengio (2013), "Maxout networks".
 *
 * @param units columns of the output
 * @param pieces linear pieces of a unit, at least 2
 * @param initial initial weights and biases, rate scale
 */
public record MaxoutLayer(int units, int pieces, Initial initial) implements Layer {
    public static final String TYPE = "maxout";

    public static MaxoutLayer read(Section section) {
        int units = section.integer("units", 1, Integer.MAX_VALUE);
        int pieces = section.integer("pieces", 2, 2, Integer.MAX_VALUE);
        if ((long) units * pieces > Integer.MAX_VALUE) {
            throw section.wrong("pieces", "at most " + Integer.MAX_VALUE / units + " for so many units");
        }
        return new MaxoutLayer(units, pieces, Initial.read(section));
    }

    @Override
    public Map<String, Object> write() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("type", TYPE);
        keys.put("units", units);
        keys.put("pieces", pieces);
        initial.write(keys);
        return keys;
    }

    @Override
    public int outputs(int inputs) {
        return units;
    }

    @Override
    public void declare(LayoutBuilder layout, int index, int inputs) {
        Affine.declare(layout, index, inputs, units * pieces, initial.rateScale());
    }

    @Override
    public double initialWeightBound(int inputs, int unitsOfWeights) {
        return Layer.super.initialWeightBound(inputs, unitsOfWeights / pieces);
    }

    @Override
    public boolean takesWeights() {
        return true;
    }

    @Override
    public Stage bind(Binding binding) {
        return new MaxoutStage(binding, new Affine(binding), units, pieces);
    }
}
