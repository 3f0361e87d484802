package org.coinflip.model.noise;

import org.coinflip.model.memory.Floats;

/**
 * What fixes the draws of one purpose in one epoch: the Threefry key (seed, epoch, purpose). The counter holds the rest:
 * (unit block, draw index, example id). Word {@code j} of an example's draw is word {@code (j mod 64) / 16} of the block with
 * number {@code 16 (j / 64) + j mod 16}, whatever the width of the machine's vectors.
 *
 * @param seed the experiment's seed
 * @param epoch the epoch, 0 and up; evaluation and initialisation have purposes of their own
 * @param purpose the layer's number, or one of the constants here for draws that belong to no layer
 */
public record NoiseKey(long seed, int epoch, int purpose) implements java.io.Serializable {
    /** Initial parameters: the epoch is the parameter segment's number. */
    public static final int INITIALISATION = 0x4000_0000;

    /** The assignment of examples to workers. */
    public static final int SHARDING = 0x4000_0001;

    /** The order of a worker's examples in an epoch. */
    public static final int ORDER = 0x4000_0002;

    /** The split into training, validation and test examples. */
    public static final int SPLIT = 0x4000_0003;

    /** Stochastic binarisation of inputs. */
    public static final int BINARISATION = 0x4000_0004;

    /** Functions that studies draw: the epoch is the function's own seed. */
    public static final int STUDY = 0x4000_0005;

    /** What an environment draws: the example is the episode, the draw index the step. */
    public static final int ENVIRONMENT = 0x4000_0006;

    /** Rotations of data. */
    public static final int PROJECTION = 0x4000_0007;

    /** Synthetic examples, epoch 0, and the teacher that labels them, epoch 1. */
    public static final int SYNTHETIC = 0x4000_0008;

    /** Sequences that are made: the epoch is the number of the task. */
    public static final int SEQUENCES = 0x4000_0009;

    /** The choices of a sweep: the epoch is the number of the choice. */
    public static final int SWEEP = 0x4100_0000;

    /** Added to a layer's number for evaluation, so that it shares no draw with training. */
    public static final int EVALUATION = 0x2000_0000;

    /** Words of one 64-unit chunk: a row of words is filled in whole chunks. */
    public static final int CHUNK = 64;

    /** Room for the words of some columns: whole chunks. */
    public static int[] room(int columns) {
        return new int[(columns + CHUNK - 1) / CHUNK * CHUNK];
    }

    /** One 32-bit word of one example: unit 0 of draw 0. For permutations, splits and shards. */
    public int word(long exampleId) {
        int[] words = counter(0, 0, exampleId);
        Threefry.encrypt(key(), words);
        return words[0];
    }

    /** One 64-bit word of one example, of which {@link #word} is the low half. */
    public long longWord(long exampleId) {
        int[] words = counter(0, 0, exampleId);
        Threefry.encrypt(key(), words);
        return (words[0] & 0xFFFF_FFFFL) | ((long) words[1] << 32);
    }

    /** A uniform number of one example in the open interval (0, 1), a multiple of 2⁻²⁴: {@code (2k + 1) 2⁻²⁴}. */
    public float uniform(long exampleId) {
        return ofWord(word(exampleId));
    }

    /**
     * A random word's uniform number in (0, 1): {@code (2k + 1) 2⁻²⁴}, k its upper 23 bits; u and 1 − u are both exact. It has a name of its own:
     * an int that numbers examples must not be taken for a word.
     */
    public static float ofWord(int word) {
        return Float.intBitsToFloat((word >>> 9) | 0x3F80_0000) - 0x1.fffffep-1f;
    }

    /** Writes one uniform number in {@code centre ± bound} a place, each a function of this key and the place: initial values. */
    public void fill(Floats values, double centre, double bound) {
        int[] words = new int[4];
        int[] threefryKey = key();
        for (int i = 0; i < values.length(); i++) {
            if (i % 4 == 0) {
                System.arraycopy(counter(i / 4, 0, 0), 0, words, 0, 4);
                Threefry.encrypt(threefryKey, words);
            }
            values.set(i, (float) (centre + bound * (2 * ofWord(words[i % 4]) - 1)));
        }
    }

    /**
     * The uniform numbers of a row of units in one draw, as kernels take them.
     *
     * @param draw the counter word of the row's draw, {@link Draws#counter}
     */
    public float[] uniforms(int units, int draw, long exampleId) {
        float[] all = new float[units];
        int[] threefryKey = key();
        for (int j = 0; j < units; j++) {
            int[] block = counter(j / CHUNK * (CHUNK / 4) + j % (CHUNK / 4), draw, exampleId);
            Threefry.encrypt(threefryKey, block);
            all[j] = ofWord(block[j % CHUNK / (CHUNK / 4)]);
        }
        return all;
    }

    /** The Threefry key. */
    public int[] key() {
        return new int[] {(int) seed, (int) (seed >>> 32), epoch, purpose};
    }

    /** The Threefry counter. */
    public static int[] counter(int unitBlock, int draw, long exampleId) {
        return new int[] {unitBlock, draw, (int) exampleId, (int) (exampleId >>> 32)};
    }
}
