package org.coinflip.spark.study.retrieval;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NeighboursTest {
    @Test
    void nearestAreThoseOfTheFewestDifferentBits() {
        Neighbours base =
                new Neighbours(new long[][] {{0b0000}, {0b0001}, {0b0111}, {0b1111}}, new int[] {7, 3, 7, 3}, 4);
        assertArrayEquals(
                new double[] {1, 0.5, 2.0 / 3, 0.5}, base.precisions(new long[] {0}, 7, new int[] {1, 2, 3, 4}), 1e-12);
    }

    /** More neighbours than there are examples are all of them. */
    @Test
    void aCountBeyondTheExamplesTakesThemAll() {
        Neighbours base = new Neighbours(new long[][] {{1}, {2}}, new int[] {0, 1}, 2);
        assertArrayEquals(new double[] {0.5}, base.precisions(new long[] {0}, 1, new int[] {100}), 1e-12);
    }

    /** Equal distances broken at random, 20,000 times: the mean's standard error is below 0.002, five of which are allowed. */
    @Test
    void amongEqualDistancesEveryChoiceCountsAlike() {
        Random random = new Random(3);
        long[][] codes = new long[60][2];
        int[] labels = new int[60];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = new long[] {random.nextInt(16), random.nextInt(4)};
            labels[i] = random.nextInt(3);
        }
        long[] query = {5, 2};
        int[] counts = {1, 7, 30};
        double[] mean = new double[counts.length];
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < codes.length; i++) {
            order.add(i);
        }
        for (int trial = 0; trial < 20_000; trial++) {
            Collections.shuffle(order, random);
            List<Integer> nearest = new ArrayList<>(order);
            nearest.sort(Comparator.comparingInt(
                    i -> Long.bitCount(codes[i][0] ^ query[0]) + Long.bitCount(codes[i][1] ^ query[1])));
            for (int c = 0; c < counts.length; c++) {
                long right = nearest.subList(0, counts[c]).stream()
                        .filter(i -> labels[i] == 1)
                        .count();
                mean[c] += (double) right / counts[c] / 20_000;
            }
        }
        double[] got = new Neighbours(codes, labels, 128).precisions(query, 1, counts);
        for (int c = 0; c < counts.length; c++) {
            assertEquals(mean[c], got[c], 0.01);
        }
    }
}
