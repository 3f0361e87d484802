package org.coinflip.model.energy;

import java.util.function.IntUnaryOperator;
import org.coinflip.model.kernel.operation.Sampling;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.noise.Draws;

/**
 * The draws of a {@link RelaxationNoise}: a number is a function of (seed, epoch, example, layer of the network, layer of the relaxation, step of the
 * batch's phases one after another, unit). Belongs to one thread; allocates nothing.
 */
public final class FieldNoise {
    /** Steps whose draws one purpose has: a normal number takes two of 2¹⁶. */
    private static final int STEPS = 1 << 15;

    /** What purposes of relaxing layers are apart, so that they are no other layer's. */
    private static final int PURPOSE = 1 << 16;

    private final float deviation;
    private final int layers;
    private final Sampling sampling;
    private final Draws draws;
    private long seed;
    private int epoch;
    private int index;
    private long[] ids;
    private int examples;
    private IntUnaryOperator mainRow;
    private int step;

    /**
     * @param layers that relax
     * @param widest units of the widest of them
     */
    public FieldNoise(double deviation, int layers, int widest, Sampling sampling) {
        this.deviation = (float) deviation;
        this.layers = layers;
        this.sampling = sampling;
        draws = new Draws(widest);
    }

    /**
     * Begins a batch.
     *
     * @param index the layer's number in the network
     * @param ids example ids, the first {@code examples} of which count; kept, not copied
     * @param mainRow the row of the main pass whose draws a row has
     */
    public void begin(long seed, int epoch, int index, long[] ids, int examples, IntUnaryOperator mainRow) {
        this.seed = seed;
        this.epoch = epoch;
        this.index = index;
        this.ids = ids;
        this.examples = examples;
        this.mainRow = mainRow;
        step = 0;
    }

    /** Goes on to the next step's numbers. */
    void next() {
        step++;
    }

    /** Adds a layer's numbers to what its units receive. */
    void add(int layer, int rows, Matrix field) {
        int purpose = index + PURPOSE * (1 + layer + layers * (step / STEPS));
        draws.of(seed, epoch, purpose, ids, examples, mainRow);
        sampling.addGaussian(field, deviation, draws, step % STEPS, rows, field);
    }
}
