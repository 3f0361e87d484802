package org.coinflip.model.layer.recurrent;

import org.coinflip.model.memory.Matrix;

/**
 * A matrix for each step of the sequences of a batch, sequences × columns, one under the other without a gap: so those of all steps are one
 * matrix too, of which one product is taken.
 */
final class StepMatrices {
    private final Matrix all;
    private Matrix[] steps;
    private int rows;
    /** Those of the number of rows before: the last batch of an epoch is a smaller one. */
    private Matrix[] otherSteps;

    private int otherRows;

    /**
     * @param steps how many matrices
     * @param capacity the most rows of one
     */
    StepMatrices(int steps, int capacity, int columns) {
        this.all = Matrix.padded(Math.multiplyExact(steps, capacity), columns);
        this.steps = new Matrix[steps];
        this.otherSteps = new Matrix[steps];
    }

    /** Has each matrix take so many rows; what they held is lost where they had another number. */
    void fit(int rows) {
        if (rows == this.rows) {
            return;
        }
        Matrix[] before = steps;
        int rowsBefore = this.rows;
        steps = otherSteps;
        this.rows = otherRows;
        otherSteps = before;
        otherRows = rowsBefore;
        if (rows == this.rows) {
            return;
        }
        this.rows = rows;
        for (int t = 0; t < steps.length; t++) {
            steps[t] = all.rows(t * rows, rows);
        }
    }

    /** The matrix of a step. */
    Matrix at(int step) {
        return steps[step];
    }

    /** All of them, those of the first steps first. */
    Matrix all() {
        return all;
    }
}
