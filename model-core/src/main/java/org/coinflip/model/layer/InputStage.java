package org.coinflip.model.layer;

import org.coinflip.model.memory.Matrix;

/** What a pass starts from: the batch's features, or the points at which a continuation is evaluated. */
public final class InputStage extends Stage {
    /**
     * @param capacity rows there is memory for
     * @param differentiable whether the gradient with respect to the input is wanted
     */
    public InputStage(int capacity, int columns, boolean differentiable) {
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
