package org.coinflip.model.layer;

import java.util.List;
import org.coinflip.model.memory.Matrix;

/** A recurrent cell in one pass: its memory of all steps and its arithmetic. Steps go forward in order, and backward from the last. */
interface CellPass {
    /** The products of its gates. */
    List<RecurrentProducts> products();

    /** Has steps take so many sequences. */
    default void fit(int rows) {
        products().forEach(products -> products.fit(rows));
    }

    /**
     * Computes the state after a step.
     *
     * @param input x_t
     * @param previous h_{t−1}
     * @param state h_t, modified
     */
    void forward(int step, int rows, Matrix input, Matrix previous, Matrix state);

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
}
