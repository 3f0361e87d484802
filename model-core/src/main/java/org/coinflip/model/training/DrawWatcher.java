package org.coinflip.model.training;

import org.coinflip.model.example.Examples;
import org.coinflip.model.memory.Matrix;

/** Sees every draw of an {@link Evaluator}'s batches, in their order. */
public interface DrawWatcher {
    /**
     * Sees a draw.
     *
     * @param draw its number, 0 for the first of a batch
     * @param latest predictions of this draw, rows × outputs; not to be modified, gone with the next draw
     * @param mean of the predictions of all draws of the batch so far; not to be modified
     * @param start place among the examples that the first row is of
     * @param count rows that count
     */
    void drawn(int draw, Matrix latest, Matrix mean, Examples examples, int start, int count);
}
