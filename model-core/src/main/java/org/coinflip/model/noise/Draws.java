package org.coinflip.model.noise;

import java.util.function.IntUnaryOperator;
import org.coinflip.model.memory.Matrix;

/**
 * The draws of one layer for the rows of a batch, as kernels ask for them: row {@code r} of the main pass belongs to example
 * {@code ids[r mod examples]} and is its replica {@code r / examples}; rows of a probe have the draws of a row of the main pass. Owned and reused by one thread. Seed, epoch and purpose are those of a {@link NoiseKey}.
 *
 * <p>A draw's counter word is {@code (replica << 16) | draw}: replicas of an example are independent, and an estimator that asks for
 * draw {@code d} again, in another pass over the same row, gets the same numbers.
 */
public final class Draws {
    /**
     * The least draw index of what estimators draw besides samples. A kernel of normal numbers, which doubles the index, stays below
     * 2¹⁶ with the first 4096 draws of four such indices.
     */
    public static final int OWN = 0x4000;

    private final int[] words;
    private final int[] moreWords;
    private long seed;
    private int epoch;
    private int purpose;
    private long[] ids;
    private int examples;
    private Object room;
    private IntUnaryOperator mainRow;

    /** @param columns the widest row that will be drawn */
    public Draws(int columns) {
        words = NoiseKey.room(columns);
        moreWords = NoiseKey.room(columns);
    }

    /**
     * Points these draws at a batch.
     *
     * @param ids example ids, the first {@code examples} of which count; kept, not copied
     * @param mainRow the row of the main pass whose draws a row has: probes of one row at several points are compared under common
     *     random numbers
     */
    public Draws of(long seed, int epoch, int purpose, long[] ids, int examples, IntUnaryOperator mainRow) {
        this.seed = seed;
        this.epoch = epoch;
        this.purpose = purpose;
        this.ids = ids;
        this.examples = examples;
        this.mainRow = mainRow;
        return this;
    }

    public int seedLow() {
        return (int) seed;
    }

    public int seedHigh() {
        return (int) (seed >>> 32);
    }

    public int epoch() {
        return epoch;
    }

    public int purpose() {
        return purpose;
    }

    public long id(int row) {
        return ids[mainRow.applyAsInt(row) % examples];
    }

    /** The counter word of a draw of a row. */
    public int counter(int row, int draw) {
        return ((mainRow.applyAsInt(row) / examples) << 16) | draw;
    }

    /** Room for one row of words. */
    public int[] words() {
        return words;
    }

    /** Room for a second row of words, for laws that need two. */
    public int[] moreWords() {
        return moreWords;
    }

    /** A uniform number in (0, 1) of 52 bits, an odd multiple of 2⁻⁵³, from the word of a column in each of the two rows. */
    public double longUniform(int column) {
        long high = words[column] >>> 6;
        long low = moreWords[column] >>> 6;
        return ((high << 27) + (low << 1) + 1) * 0x1p-53;
    }

    /** What the layer's law keeps here to compute in, which belongs to the same thread; null before {@link #keep}. */
    public Object room() {
        return room;
    }

    public <T> T keep(T made) {
        room = made;
        return made;
    }

    /** Whether a matrix's rows fit in the room. */
    public boolean fits(Matrix matrix) {
        return matrix.columns() <= words.length;
    }
}
