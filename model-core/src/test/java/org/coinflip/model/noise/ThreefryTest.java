package org.coinflip.model.noise;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.junit.jupiter.api.Test;

/** The known-answer vectors that the authors publish with Random123 ({@code kat_vectors}, threefry4x32 20). */
class ThreefryTest {
    private static void check(int[] counter, int[] key, int... expected) {
        int[] words = counter.clone();
        Threefry.encrypt(key, words);
        assertArrayEquals(expected, words);
    }

    @Test
    void givesThePublishedAnswers() {
        check(new int[4], new int[4], 0x9c6ca96a, 0xe17eae66, 0xfc10ecd4, 0x5256a7d8);
        check(new int[] {-1, -1, -1, -1}, new int[] {-1, -1, -1, -1}, 0x2a881696, 0x57012287, 0xf6c7446e, 0xa16a6732);
        check(
                new int[] {0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
                new int[] {0xa4093822, 0x299f31d0, 0x082efa98, 0xec4e6c89},
                0x59cd1dbb,
                0xb8879579,
                0x86b5d00c,
                0xac8b6d84);
    }
}
