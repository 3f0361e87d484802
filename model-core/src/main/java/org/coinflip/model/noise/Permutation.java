package org.coinflip.model.noise;

/**
 * A random permutation of 0 … n − 1 that needs no memory: a Feistel network of sixteen rounds on the least even number of bits that holds n,
 * walked until it falls below n. Each place is computed alone, in some tens of nanoseconds, as a function of (seed, epoch, owner).
 *
 * <p>Black and Rogaway (2002), "Ciphers with arbitrary finite domains". Immutable and thread-safe.
 */
public final class Permutation {
    private static final int ROUNDS = 16;

    private final int size;
    private final int halfBits;
    private final int halfMask;
    private final int[] roundKeys = new int[ROUNDS];

    /**
     * @param owner whose order this is: orders of different owners are independent
     * @param size n, not negative
     */
    public Permutation(long seed, int epoch, long owner, int size) {
        this.size = size;
        int bits = 32 - Integer.numberOfLeadingZeros(Math.max(1, size - 1));
        halfBits = (bits + 1) / 2;
        halfMask = (1 << halfBits) - 1;
        int[] words = new int[4];
        for (int round = 0; round < ROUNDS; round++) {
            if (round % 4 == 0) {
                System.arraycopy(NoiseKey.counter(round / 4, 0, owner), 0, words, 0, 4);
                Threefry.encrypt(new NoiseKey(seed, epoch, NoiseKey.ORDER).key(), words);
            }
            roundKeys[round] = words[round % 4];
        }
    }

    public int size() {
        return size;
    }

    /** What stands at a place in {@code [0, n)}. */
    public int at(int place) {
        int value = place;
        do {
            int left = value >>> halfBits;
            int right = value & halfMask;
            for (int key : roundKeys) {
                int next = left ^ (mix(right ^ key) & halfMask);
                left = right;
                right = next;
            }
            value = left << halfBits | right;
        } while (value >= size);
        return value;
    }

    /** Murmur3's finaliser, a bijection of words in which every bit of the input reaches every bit of the output. */
    private static int mix(int word) {
        int x = word;
        x = (x ^ x >>> 16) * 0x85EB_CA6B;
        x = (x ^ x >>> 13) * 0xC2B2_AE35;
        return x ^ x >>> 16;
    }
}
