package org.coinflip.model.network;

import org.coinflip.model.estimator.Continuation;
import org.coinflip.model.layer.PassContext;
import org.coinflip.model.memory.Matrix;

/** The layers above a stochastic layer, run again at other points with the batch, the noise and the parameters of the main pass. */
final class ProbePass implements Continuation {
    private final Pass above;
    private final PassContext main;
    private final int rowsPerExample;
    private final int capacity;

    /**
     * @param above a pass that starts above the layer
     * @param main the context of the pass that the layer is in
     * @param rowsPerExample rows that the layer makes of an example, for one copy in the main pass
     * @param capacity copies of every row that fit
     */
    ProbePass(Pass above, PassContext main, int rowsPerExample, int capacity) {
        this.above = above;
        this.main = main;
        this.rowsPerExample = rowsPerExample;
        this.capacity = capacity;
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
        above.context().setFrom(main, rowsPerExample * main.copies() * main.examples());
        above.context().setCopies(copies);
        above.forward();
    }

    @Override
    public float[] losses() {
        return above.context().losses();
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
