package org.coinflip.model.network;

import org.coinflip.model.layer.PassContext;
import org.coinflip.model.layer.Stage;
import org.coinflip.model.memory.Matrix;

/** What a pass starts from: the batch's features, or the points at which a continuation is evaluated. */
final class InputStage extends Stage {
    /**
     * @param capacity rows there is memory for
     * @param differentiable whether the gradient with respect to the input is wanted
     */
    InputStage(int capacity, int columns, boolean differentiable) {
        super(Matrix.padded(capacity, columns));
        if (differentiable) {
            requireGradient();
        }
    }

    @Override
    public int rows(PassContext context) {
        return context.inputRows();
    }

    @Override
    public void forward(PassContext context) {}

    @Override
    public void backward(PassContext context) {}

    @Override
    public void accumulate(PassContext context) {}
}
