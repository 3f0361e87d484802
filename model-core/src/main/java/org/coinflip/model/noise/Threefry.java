package org.coinflip.model.noise;

/**
 * Threefry-4×32-20: a bijection of 128-bit counters for every 128-bit key, 20 rounds of add, rotate, exclusive-or with a key
 * injection each four rounds. Passes BigCrush; its published known-answer vectors are in the test.
 *
 * <p>Salmon, Moraes, Dror, Shaw (2011), "Parallel random numbers: as easy as 1, 2, 3".
 */
public final class Threefry {
    /** Skein's key-schedule parity. */
    static final int PARITY = 0x1BD11BDA;

    /** Rotations (first pair, second pair) of eight successive rounds. */
    static final int[][] ROTATIONS = {{10, 26}, {11, 21}, {13, 27}, {23, 5}, {6, 20}, {17, 11}, {25, 10}, {18, 20}};

    private static final int ROUNDS = 20;

    private Threefry() {}

    /**
     * Encrypts one counter.
     *
     * @param key four words, not modified
     * @param words in: the counter's four words; out: four random words
     */
    public static void encrypt(int[] key, int[] words) {
        int k4 = PARITY ^ key[0] ^ key[1] ^ key[2] ^ key[3];
        int[] schedule = {key[0], key[1], key[2], key[3], k4};
        int x0 = words[0] + key[0];
        int x1 = words[1] + key[1];
        int x2 = words[2] + key[2];
        int x3 = words[3] + key[3];
        for (int round = 0; round < ROUNDS; round++) {
            int[] rotation = ROTATIONS[round & 7];
            if ((round & 1) == 0) {
                x0 += x1;
                x1 = Integer.rotateLeft(x1, rotation[0]) ^ x0;
                x2 += x3;
                x3 = Integer.rotateLeft(x3, rotation[1]) ^ x2;
            } else {
                x0 += x3;
                x3 = Integer.rotateLeft(x3, rotation[0]) ^ x0;
                x2 += x1;
                x1 = Integer.rotateLeft(x1, rotation[1]) ^ x2;
            }
            if ((round & 3) == 3) {
                int injection = (round >> 2) + 1;
                x0 += schedule[injection % 5];
                x1 += schedule[(injection + 1) % 5];
                x2 += schedule[(injection + 2) % 5];
                x3 += schedule[(injection + 3) % 5] + injection;
            }
        }
        words[0] = x0;
        words[1] = x1;
        words[2] = x2;
        words[3] = x3;
    }
}
