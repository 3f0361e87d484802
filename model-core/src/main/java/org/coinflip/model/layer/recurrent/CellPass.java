package org.coinflip.model.layer.recurrent;

import java.util.List;
import org.coinflip.model.layer.PassContext;
import org.coinflip.model.memory.Matrix;

/** A recurrent cell in one pass: its memory of all steps and its arithmetic. Steps go forward in order, and backward from the last. */
interface CellPass {
    /** The products of its gates. */
    List<RecurrentProducts> products();

    /**
     * Takes a batch of sequences.
     *
     * @param order the row of each in the batch, by its place in the matrices of steps
     */
    default void begin(PassContext context, int rows, int[] order) {
        for (int g = 0; g < products().size(); g++) {
            products().get(g).fit(rows);
        }
    }

    /**
     * Computes the state after a step.
     *
     * @param input x_t
     * @param previous h_{t−1}
     * @param state h_t, modified
     */
    void forward(int step, int rows, Matrix input, Matrix previous, Matrix state);

    /** Begins to go backward. */
    default void beginBackward() {
        cut();
    }

    /**
     * Turns the gradient with respect to the state after a step into those with respect to the products, in their places, and with respect to
     * the state before.
     *
     * @param rows sequences that are this long
     * @param previous h_{t−1}
     * @param gradient ∂L/∂h_t; modified
     * @param previousGradient ∂L/∂h_{t−1} so far, added to but for what goes by the products
     */
    void backward(int step, int rows, Matrix previous, Matrix gradient, Matrix previousGradient);

    /** Has nothing of what the cell keeps besides its state go further back, as before the last step. */
    default void cut() {}

    /** Takes the batch into what is learned besides parameters, of so many steps. */
    default void learn(int steps) {}
}
