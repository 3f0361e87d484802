package org.coinflip.model.network;

import org.coinflip.model.layer.Continuation;
import org.coinflip.model.layer.PassContext;
import org.coinflip.model.memory.Matrix;

/** The layers above a stochastic layer, run again at other points with the batch, the noise and the parameters of the main pass. */
final class ProbePass implements Continuation {
    private final Pass above;
    private final PassContext main;
    private final int rowsPerInputRow;
    private final int capacity;
    private final float[] losses;

    /**
     * @param above a pass that starts above the layer
     * @param main the context of the pass that the layer is in
     * @param rowsPerInputRow rows that the layers up to this one make of a row of the main pass's input
     * @param capacity copies of every row that fit
     */
    ProbePass(Pass above, PassContext main, int rowsPerInputRow, int capacity) {
        this.above = above;
        this.main = main;
        this.rowsPerInputRow = rowsPerInputRow;
        this.capacity = capacity;
        this.losses = new float[above.input().output().rows()];
    }

    @Override
    public int capacity() {
        return capacity;
    }

    @Override
    public Matrix points() {
        return above.input().output();
    }

    @Override
    public void evaluate(int copies) {
        above.context().setFrom(main, rowsPerInputRow * main.copies() * main.inputRows());
        above.context().setCopies(copies);
        above.forward();
        above.context().meanLosses(copies * above.context().inputRows(), losses);
    }

    @Override
    public float[] losses() {
        return losses;
    }

    @Override
    public void differentiate() {
        above.backward();
    }

    @Override
    public Matrix gradients() {
        return above.input().gradient();
    }
}
