package org.coinflip.model.noise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import org.apache.commons.math3.distribution.ChiSquaredDistribution;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.memory.Matrix;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("numerical")
class NoiseTest {
    private static final long SEED = 0x0123_4567_89AB_CDEFL;
    private static final Backend BACKEND = Backend.detect();

    private static int[] words(long seed, int epoch, int purpose, long id, int replica, int draw, int columns) {
        long[] ids = new long[1];
        ids[0] = id;
        Draws draws = new Draws(columns).of(seed, epoch, purpose, ids, 1, row -> row);
        int[] words = new int[draws.words().length];
        BACKEND.sampling().words(draws, replica, draw, columns, words);
        return words;
    }

    @Test
    void wordOfAUnitIsWhereNoiseKeySaysAndThreefrys() {
        long id = 0x7654_3210_FEDC_BA98L;
        int[] words = words(SEED, 5, 2, id, 3, 1, 200);
        for (int j = 0; j < 200; j++) {
            int block = 16 * (j / 64) + j % 16;
            int[] expected = NoiseKey.counter(block, (3 << 16) | 1, id);
            Threefry.encrypt(new NoiseKey(SEED, 5, 2).key(), expected);
            assertEquals(expected[j % 64 / 16], words[j], "unit " + j);
        }
        assertEquals(new NoiseKey(SEED, 5, 2).word(id), words(SEED, 5, 2, id, 0, 0, 1)[0]);
    }

    @Test
    void longWordHasTheWordAsItsLowHalf() {
        NoiseKey key = new NoiseKey(SEED, 0, NoiseKey.ORDER);
        Set<Long> distinct = new HashSet<>();
        for (long id = 0; id < 1000; id++) {
            assertEquals(key.word(id), (int) key.longWord(id));
            assertTrue(distinct.add(key.longWord(id)));
        }
    }

    @Test
    void uniformNumbersAreTheOddMultiplesOfTwoToTheMinus24() {
        for (long k = 0; k < 1 << 23; k += k < 100 || k > (1 << 23) - 100 ? 1 : 97) {
            float u = NoiseKey.ofWord((int) (k << 9));
            assertEquals((2 * k + 1) * 0x1p-24, u);
            assertEquals(u, NoiseKey.ofWord((int) (k << 9) | 0x1FF), "the lower nine bits do not count");
            assertEquals(1.0 - u, 1f - u, "1 − u is exact");
        }
        assertTrue(NoiseKey.ofWord(0) > 0 && NoiseKey.ofWord(-1) < 1);
    }

    /** One chi-square test of 2^20 numbers in 1024 cells, at an error rate of 1e-5 on each side. */
    @Test
    void uniformNumbersAreUniform() {
        int[] counts = new int[1024];
        int n = 1 << 20;
        for (int id = 0; id < n / 256; id++) {
            int[] words = words(SEED, 1, 0, id, 0, 0, 256);
            for (int j = 0; j < 256; j++) {
                counts[(int) (NoiseKey.ofWord(words[j]) * counts.length)]++;
            }
        }
        double expected = (double) n / counts.length;
        double chiSquare = 0;
        for (int count : counts) {
            chiSquare += (count - expected) * (count - expected) / expected;
        }
        ChiSquaredDistribution law = new ChiSquaredDistribution(counts.length - 1);
        assertTrue(chiSquare > law.inverseCumulativeProbability(1e-5), "too even: " + chiSquare);
        assertTrue(chiSquare < law.inverseCumulativeProbability(1 - 1e-5), "too uneven: " + chiSquare);
    }

    /** Four moments of 2^20 numbers, each to 4.5 standard errors: an error rate of 7e-6 each. */
    @Test
    void normalNumbersHaveTheNormalsMoments() {
        int width = 256;
        int rows = 64;
        Matrix zeros = Matrix.padded(rows, width);
        Matrix out = Matrix.padded(rows, width);
        Draws draws = new Draws(width);
        long[] ids = new long[rows];
        double[] sums = new double[4];
        int n = 0;
        for (int batch = 0; batch < 64; batch++) {
            for (int r = 0; r < rows; r++) {
                ids[r] = (long) batch * rows + r;
            }
            BACKEND.sampling().addGaussian(zeros, 1f, draws.of(SEED, 0, 1, ids, rows, row -> row), 0, rows, out);
            for (int r = 0; r < rows; r++) {
                for (int j = 0; j < width; j++) {
                    double x = out.get(r, j);
                    sums[0] += x;
                    sums[1] += x * x;
                    sums[2] += x * x * x;
                    sums[3] += x * x * x * x;
                    n++;
                }
            }
        }
        double[] moments = {0, 1, 0, 3};
        double[] variances = {1, 2, 15, 96};
        for (int k = 0; k < 4; k++) {
            double error = Math.sqrt(variances[k] / n);
            assertEquals(moments[k], sums[k] / n, 4.5 * error, "moment " + (k + 1));
        }
    }

    @Test
    void drawOfAnExampleDoesNotDependOnItsNeighboursOrPlace() {
        int width = 37;
        long[] alone = {42};
        long[] among = {9, 8, 42, 7, 6};
        Draws one = new Draws(width).of(SEED, 2, 1, alone, 1, row -> row);
        Draws many = new Draws(width).of(SEED, 2, 1, among, 5, row -> row);
        int[] expected = new int[64];
        int[] got = new int[64];
        for (int replica = 0; replica < 2; replica++) {
            BACKEND.sampling().words(one, replica, 3, width, expected);
            BACKEND.sampling().words(many, replica * 5 + 2, 3, width, got);
            for (int j = 0; j < width; j++) {
                assertEquals(expected[j], got[j], "unit " + j + " of replica " + replica);
            }
        }
    }

    @Test
    void everyPartOfTheKeyCountsAndNoTwoWordsAreEqual() {
        Set<Long> pairs = new HashSet<>();
        int made = 0;
        for (long seed : new long[] {0, 1, 1L << 32}) {
            for (int epoch = 0; epoch < 2; epoch++) {
                for (int layer : new int[] {0, 1, NoiseKey.EVALUATION}) {
                    for (int replica = 0; replica < 2; replica++) {
                        for (int draw = 0; draw < 2; draw++) {
                            for (long id : new long[] {0, 1, 1L << 32}) {
                                int[] words = words(seed, epoch, layer, id, replica, draw, 64);
                                for (int j = 0; j < 64; j += 2) {
                                    pairs.add((long) words[j] << 32 | words[j + 1] & 0xFFFF_FFFFL);
                                    made++;
                                }
                            }
                        }
                    }
                }
            }
        }
        // 6912 pairs of 64 bits: two are equal by chance with a probability of 1.3e-12.
        assertEquals(made, pairs.size());
    }
}
