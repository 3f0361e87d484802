package org.coinflip.model.layer;

import java.util.LinkedHashMap;
import java.util.Map;
import org.coinflip.model.kernel.Activation;
import org.coinflip.model.memory.LayoutBuilder;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.network.Mode;
import org.coinflip.model.objective.Objective;
import org.coinflip.model.settings.Section;

/**
 * The top layer, {@code y = x W + b}, and the objective on it.
 *
 * @param units number of classes
 * @param objective what is minimised
 * @param initial initial weights and biases, rate scale
 */
public record OutputLayer(int units, Objective objective, Initial initial) implements Layer {
    public static final String TYPE = "output";

    public static OutputLayer read(Section section) {
        int units = section.integer("units", 1, Integer.MAX_VALUE);
        Objective objective = section.choice("objective", Objective.CROSS_ENTROPY);
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
    public int outputs(int inputs) {
        return units;
    }

    @Override
    public void declare(LayoutBuilder layout, int index, int inputs) {
        Affine.declare(layout, index, inputs, units, initial.rateScale());
    }

    @Override
    public double initialWeightBound(int inputs, int unitsOfWeights) {
        return initial.scale() * Layer.super.initialWeightBound(inputs, unitsOfWeights);
    }

    @Override
    public double initialBias() {
        return initial.bias();
    }

    @Override
    public Stage bind(Binding binding) {
        return new OutputStage(binding);
    }

    /** In training its output becomes the gradient of the loss with respect to y; otherwise the predictions. */
    private final class OutputStage extends Stage {
        private final Binding binding;
        private final Affine affine;

        OutputStage(Binding binding) {
            super(Matrix.padded(binding.capacity(), units));
            this.binding = binding;
            this.affine = new Affine(binding);
        }

        @Override
        public int rows(PassContext context) {
            return binding.source().rows(context);
        }

        @Override
        public void forward(PassContext context) {
            int rows = rows(context) * context.copies();
            context.setTopRows(rows);
            affine.multiply(rows, output());
            binding.backend().elementwise().activate(Activation.LINEAR, output(), affine.biases(), rows);
            if (context.mode() == Mode.TRAIN) {
                float weight = (float) context.inputRows() / rows(context);
                objective.train(output(), context.labels(), context.examples(), rows, weight, context.losses());
            } else {
                objective.predict(output(), rows);
            }
        }

        @Override
        public void backward(PassContext context) {
            affine.propagate(output(), rows(context) * context.copies());
        }

        @Override
        public void accumulate(PassContext context) {
            affine.accumulate(output(), rows(context), context.examples());
        }
    }
}
