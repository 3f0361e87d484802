package org.coinflip.model.layer;

import java.util.List;
import org.coinflip.model.memory.Matrix;

/**
 * One layer in one pass: its memory and its arithmetic. The pass calls {@link #forward} bottom-up; {@link #backward} top-down, by
 * when {@link #gradient} holds the gradient with respect to this stage's output; and, when every stage has gone backward,
 * {@link #accumulate}, which may write the weights themselves.
 *
 * <p>A row of a gradient belongs to the same row of the output. The rows of one example's replicas add up to the gradient of the
 * example's loss. Belongs to one thread.
 */
public abstract class Stage {
    private final Matrix output;
    private Matrix gradient;
    private boolean claimed;

    /** @param output capacity × units; where this stage writes what it gives to the stages above */
    protected Stage(Matrix output) {
        this.output = output;
    }

    /** Capacity × units: what the stages above read. */
    public final Matrix output() {
        return output;
    }

    /** The gradient of the loss with respect to the output; null where no one asked for it. */
    public final Matrix gradient() {
        return gradient;
    }

    /** Asks the stages above for the gradient with respect to the output. */
    protected final void requireGradient() {
        if (gradient == null) {
            gradient = Matrix.padded(output.rows(), output.columns());
        }
    }

    /** Whether the gradient is wanted at outputs that are zero too; where not, it may be anything there. */
    public boolean wantsGradientAtZero() {
        return gradient != null;
    }

    /** The factor on what {@link #gradient} holds when a stage above adds to it: 0 for the first of a pass, then 1. */
    public final float claimGradient() {
        float carry = claimed ? 1f : 0f;
        claimed = true;
        return carry;
    }

    /** Forgets the gradients of the pass before. */
    public final void beginBackward() {
        claimed = false;
    }

    /** What has opened or closed parts of this stage in this pass, rows × gates, 0 where closed; null where nothing does. */
    public Matrix gates() {
        return null;
    }

    /** The stages that a layer above reads when it reads this one, itself last: more than itself where there are shortcuts. */
    List<Stage> reach() {
        return List.of(this);
    }

    /** Rows of the output in this pass, for one copy of the input. */
    public abstract int rows(PassContext context);

    /** Computes the output from the outputs below. */
    public abstract void forward(PassContext context);

    /** Adds what this stage itself costs to the losses of the top stage's rows; called top-down when all stages have gone forward. */
    public void addCosts(PassContext context) {}

    /**
     * Combines the losses of an example's samples otherwise than as their mean; called in training, right after {@link #addCosts}, when
     * the losses are those of this stage and of those above it.
     */
    public void combine(PassContext context) {}

    /** Turns the gradient with respect to the output into the gradients with respect to the outputs below. */
    public abstract void backward(PassContext context);

    /** Gives the gradient with respect to the parameters to the sink. */
    public abstract void accumulate(PassContext context);
}
