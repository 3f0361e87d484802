package org.coinflip.model.layer;

import java.util.LinkedHashMap;
import java.util.Map;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.kernel.operation.Activation;
import org.coinflip.model.memory.Floats;
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
public record OutputLayer(int units, Objective objective, Initial initial) implements ReadOut, Affine.Owner {
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
        } else if (!objective.isReconstruction()) {
            requireClasses(classes);
        } else if (units != inputs) {
            throw new UsageException("network.layers: got an output layer of " + units + " units for data of " + inputs
                    + " features, expected units = " + inputs);
        }
    }

    @Override
    public boolean takesWeights() {
        return true;
    }

    @Override
    public Stage bind(Binding binding) {
        return stage(binding, new Affine(binding), units, objective);
    }

    /**
     * The top of a network, {@code y = a}, and the objective on it.
     *
     * @param below what computes a
     * @param units columns of y
     */
    public static Stage stage(Binding binding, PreActivation below, int units, Objective objective) {
        return new OutputStage(binding, below, units, objective);
    }

    /** In training its output becomes the gradient of the loss with respect to y. */
    private static final class OutputStage extends Stage {
        private final Binding binding;
        private final PreActivation below;
        private final Objective objective;
        private final Floats parts = Floats.allocate(Matrix.ROW_UNIT);

        OutputStage(Binding binding, PreActivation below, int units, Objective objective) {
            super(Matrix.padded(binding.capacity(), units));
            this.binding = binding;
            this.below = below;
            this.objective = objective;
        }

        @Override
        public int rows(PassContext context) {
            return binding.source().rows(context);
        }

        @Override
        public void forward(PassContext context) {
            int rows = rows(context) * context.copies();
            context.setTopRows(rows);
            below.multiply(rows, output());
            binding.backend().elementwise().activate(Activation.LINEAR, output(), below.biases(), rows);
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
            below.propagate(output(), rows);
        }

        @Override
        public void accumulate(PassContext context) {
            below.accumulate(output(), rows(context), context);
        }
    }
}
