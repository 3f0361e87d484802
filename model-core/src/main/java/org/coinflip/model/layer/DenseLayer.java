package org.coinflip.model.layer;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.coinflip.model.kernel.Activation;
import org.coinflip.model.memory.LayoutBuilder;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.settings.Section;

/**
 * Deterministic units: {@code y = f(x W + b)}.
 *
 * @param units columns of the output
 * @param activation f
 * @param initial initial weights and biases, rate scale
 */
public record DenseLayer(int units, Activation activation, Initial initial) implements Layer {
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
        return new DenseStage(binding);
    }

    private final class DenseStage extends Stage {
        private final Binding binding;
        private final Affine affine;

        DenseStage(Binding binding) {
            super(Matrix.padded(binding.capacity(), units));
            this.binding = binding;
            this.affine = new Affine(binding);
            requireGradient();
        }

        @Override
        public int rows(PassContext context) {
            return binding.source().rows(context);
        }

        @Override
        public void forward(PassContext context) {
            int rows = rows(context) * context.copies();
            affine.multiply(rows, output());
            binding.backend().elementwise().activate(activation, output(), affine.biases(), rows);
        }

        @Override
        public void backward(PassContext context) {
            int rows = rows(context) * context.copies();
            binding.backend().elementwise().activationGradient(activation, output(), gradient(), rows);
            affine.propagate(gradient(), rows);
        }

        @Override
        public void accumulate(PassContext context) {
            affine.accumulate(gradient(), rows(context), context);
        }
    }
}
