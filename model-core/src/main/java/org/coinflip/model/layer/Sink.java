package org.coinflip.model.layer;

import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.memory.Segment;

/**
 * Where parameter gradients go: {@code target ← carry · target + scale · Σ_rows gradient}, so that a matrix product can take the step
 * itself. Plain descent: the target is the parameters, carry = 1 − rate · decay, scale = −rate / examples. Momentum: the target is
 * the velocity, carry = μ. Other updaters: the target is a gradient vector, carry = 0.
 */
public interface Sink extends LazySteps {
    /** A vector laid out like the parameters. */
    Floats target();

    /** A segment's part of the target. */
    default Floats target(Segment segment) {
        return target().view(segment.offset(), segment.length());
    }

    /** A segment's part of the target, as the matrix that it is. */
    default Matrix targetMatrix(Segment segment) {
        return Matrix.of(segment, target(segment));
    }

    /** Factor on what the target holds. */
    float carry(Segment segment);

    /** Factor on the sum of the rows' gradients over a batch of {@code examples}. */
    float scale(Segment segment, int examples);

    /**
     * The norm that the weights of a unit may have in the target, for whoever accumulates those of units, or experts, in use to see to; 0 where it
     * is seen to later, or nothing is to be done.
     */
    default float mostNorm(Segment segment) {
        return 0f;
    }
}
