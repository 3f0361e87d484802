package org.coinflip.model.layer;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.kernel.operation.Activation;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.LayoutBuilder;
import org.coinflip.model.memory.Matrix;
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
        if (objective.isOfValues() && classes != 0) {
            throw new UsageException("network.layers: got objective = " + Section.name(objective) + " for data of "
                    + classes + " classes, expected examples with values: give data.label-type = values, or another"
                    + " objective");
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
        return new OutputStage(binding);
    }

    /** In training its output becomes the gradient of the loss with respect to y. */
    private final class OutputStage extends Stage {
        private final Binding binding;
        private final Affine affine;
        private final Floats parts = Floats.allocate(Matrix.ROW_UNIT);

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
                objective.train(binding.backend(), output(), context.targets(), rows, weight, parts, context.losses());
            }
        }

        @Override
        public void backward(PassContext context) {
            int rows = rows(context) * context.copies();
            if (context.rowFactors() != null) {
                binding.backend().elementwise().scaleRows(context.rowFactors(), rows, output());
            }
            affine.propagate(output(), rows);
        }

        @Override
        public void accumulate(PassContext context) {
            affine.accumulate(output(), rows(context), context);
        }
    }
}
