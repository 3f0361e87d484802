package org.coinflip.spark.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.kernel.Updating;
import org.coinflip.model.memory.Floats;
import org.junit.jupiter.api.Test;

class MergeTreeTest {
    private static final int NUMBERS = 33;
    private static final Updating KERNELS = Backend.detect().updating();
    private static final StatePool POOL = new StatePool(NUMBERS);

    private static RoundResult worker(int number) {
        Random random = new Random(number);
        float[] values = new float[NUMBERS];
        for (int i = 0; i < NUMBERS; i++) {
            values[i] = (float) random.nextGaussian();
        }
        int examples = number % 4 == 3 ? 0 : 1 + random.nextInt(100);
        Floats state = examples == 0 ? null : Floats.of(values);
        return new RoundResult(state, examples, 1, random.nextDouble(), WorkTimes.NONE, null);
    }

    private static RoundResult combine(int workers, int level, List<Integer> order) {
        int size = 1 << level;
        MergeTree driver = new MergeTree((workers + size - 1) / size, level, KERNELS, POOL);
        for (int block : order) {
            MergeTree task = new MergeTree(size, 0, KERNELS, POOL);
            for (int i = 0; i < size; i++) {
                int number = block * size + i;
                task.add(i, number < workers ? worker(number) : RoundResult.NONE);
            }
            driver.add(block, task.root());
        }
        return driver.root();
    }

    @Test
    void givesTheSameBitsForEveryBlockSizeAndOrderOfArrival() {
        for (int workers : new int[] {1, 2, 3, 5, 8, 13, 64, 100}) {
            RoundResult expected = null;
            for (int level = 0; 1 << level < 2 * workers; level++) {
                List<Integer> order = new ArrayList<>();
                for (int b = 0; b < (workers + (1 << level) - 1) >> level; b++) {
                    order.add(b);
                }
                for (int shuffle = 0; shuffle < 3; shuffle++) {
                    Collections.shuffle(order, new Random(shuffle));
                    RoundResult got = combine(workers, level, order);
                    if (expected == null) {
                        expected = got;
                    }
                    assertArrayEquals(expected.state().toArray(), got.state().toArray(), "level " + level);
                    assertEquals(expected.lossSum(), got.lossSum());
                    assertEquals(expected.examples(), got.examples());
                }
            }
        }
    }

    @Test
    void isTheMeanWeightedByExamples() {
        int workers = 13;
        double[] sums = new double[NUMBERS];
        double total = 0;
        for (int k = 0; k < workers; k++) {
            RoundResult result = worker(k);
            float[] state =
                    result.state() == null ? new float[NUMBERS] : result.state().toArray();
            for (int i = 0; i < NUMBERS; i++) {
                sums[i] += result.examples() * (double) state[i];
            }
            total += result.examples();
        }
        List<Integer> order = new ArrayList<>();
        for (int k = 0; k < workers; k++) {
            order.add(k);
        }
        float[] mean = combine(workers, 0, order).state().toArray();
        for (int i = 0; i < NUMBERS; i++) {
            assertEquals(sums[i] / total, mean[i], 1e-6);
        }
    }

    @Test
    void oneWorkersStateIsLeftAsItIs() {
        assertArrayEquals(
                worker(0).state().toArray(), combine(1, 0, List.of(0)).state().toArray());
        RoundResult alone = new RoundResult(Floats.of(1e-30f, -0f, 3f), 7, 1, 1, WorkTimes.NONE, null);
        RoundResult merged = RoundResult.NONE.merge(alone, KERNELS, POOL);
        assertArrayEquals(new float[] {1e-30f, -0f, 3f}, merged.state().toArray());
        assertEquals(7, merged.examples());
    }

    @Test
    void divergenceOfOneIsDivergenceOfAll() {
        RoundResult diverged = new RoundResult(null, 3, 1, 1, WorkTimes.NONE, "worker 1 diverged");
        RoundResult merged = worker(1).merge(diverged, KERNELS, POOL);
        assertEquals("worker 1 diverged", merged.divergence());
        assertNull(merged.state());
    }
}
