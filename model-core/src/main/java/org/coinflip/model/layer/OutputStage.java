package org.coinflip.model.layer;

import org.coinflip.model.kernel.operation.Activation;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.objective.Objective;

/** The top of a network, {@code y = a}, and the objective on it. In training its output becomes the gradient of the loss with respect to y. */
public final class OutputStage extends Stage {
    private final Binding binding;
    private final PreActivation below;
    private final Objective objective;
    private final Floats parts = Floats.allocate(Matrix.ROW_UNIT);

    /** @param units columns of the output */
    public OutputStage(Binding binding, PreActivation below, int units, Objective objective) {
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
