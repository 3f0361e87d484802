package org.coinflip.spark.round;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.kernel.operation.Updating;
import org.coinflip.model.memory.Floats;
import org.coinflip.spark.state.StatePool;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("numerical")
class MergeTreeTest {
    private static final int NUMBERS = 33;
    private static final Updating KERNELS = Backend.detect().updating();
    private static final Merging AT_ONCE = Merging.atOnce(KERNELS, new StatePool(NUMBERS));

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

    private static BitSet all(int workers) {
        BitSet all = new BitSet();
        all.set(0, workers);
        return all;
    }

    /** Each process merges what it can of its workers, in slices where it has more than one task. */
    private static RoundResult combine(int workers, List<List<Integer>> processes, int slices) {
        MergeTree whole = new MergeTree(all(workers), AT_ONCE);
        for (List<Integer> process : processes) {
            Merging.Later later = new Merging.Later();
            MergeTree tree = new MergeTree(all(workers), later);
            process.forEach(number -> tree.add(number, worker(number)));
            for (int i = 0; i < slices; i++) {
                Slice slice = Slice.of(i, slices, NUMBERS);
                later.run(KERNELS, slice.from(), slice.count());
            }
            tree.partial().forEach(whole::add);
        }
        return whole.root();
    }

    private static List<List<Integer>> one(int workers) {
        return List.of(IntStream.range(0, workers).boxed().toList());
    }

    @Test
    void givesTheSameBitsWhoeverHasWhichWorkersAndHoweverManySlices() {
        Random random = new Random(1);
        for (int workers : new int[] {1, 2, 3, 5, 8, 13, 64, 100}) {
            RoundResult expected = combine(workers, one(workers), 1);
            for (int processes = 1; processes <= 9; processes += 2) {
                for (boolean scattered : new boolean[] {false, true}) {
                    List<List<Integer>> parts = new ArrayList<>();
                    for (int c = 0; c < processes; c++) {
                        parts.add(new ArrayList<>());
                    }
                    for (int k = 0; k < workers; k++) {
                        parts.get(scattered ? random.nextInt(processes) : k * processes / workers)
                                .add(k);
                    }
                    parts.forEach(part -> Collections.shuffle(part, random));
                    Collections.shuffle(parts, random);
                    RoundResult got = combine(workers, parts, processes);
                    assertArrayEquals(expected.state().toArray(), got.state().toArray(), workers + " of " + processes);
                    assertEquals(expected.lossSum(), got.lossSum());
                    assertEquals(expected.examples(), got.examples());
                }
            }
        }
    }

    @Test
    void workersWithoutExamplesNeedNotBeThere() {
        BitSet some = all(100);
        some.clear(3);
        some.clear(40, 72);
        some.clear(99);
        RoundResult expected = null;
        for (boolean told : new boolean[] {true, false}) {
            MergeTree tree = new MergeTree(told ? all(100) : some, AT_ONCE);
            for (int k = 0; k < 100; k++) {
                if (some.get(k)) {
                    tree.add(k, worker(k));
                } else if (told) {
                    tree.add(k, RoundResult.NONE);
                }
            }
            expected = expected == null ? tree.root() : expected;
            assertArrayEquals(expected.state().toArray(), tree.root().state().toArray());
            assertEquals(expected.lossSum(), tree.root().lossSum());
        }
    }

    /** Of consecutive workers, two of each size at most. */
    @Test
    void fewSubtreesAreLeftOfConsecutiveWorkers() {
        for (int from = 0; from < 64; from += 5) {
            for (int to = from + 1; to <= 64; to += 3) {
                MergeTree tree = new MergeTree(all(64), new Merging.Later());
                for (int k = from; k < to; k++) {
                    tree.add(k, worker(k));
                }
                assertTrue(tree.partial().size() <= 2 * 6, from + " to " + to);
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
        float[] mean = combine(workers, one(workers), 1).state().toArray();
        for (int i = 0; i < NUMBERS; i++) {
            // four means of two, a product and a sum each, of numbers below 4: u = 2⁻²⁴ of each rounding
            assertEquals(sums[i] / total, mean[i], 4 * 3 * 4 * 0x1p-24);
        }
    }

    @Test
    void oneWorkersStateIsLeftAsItIs() {
        assertArrayEquals(
                worker(0).state().toArray(), combine(1, one(1), 1).state().toArray());
        RoundResult alone = new RoundResult(Floats.of(1e-30f, -0f, 3f), 7, 1, 1, WorkTimes.NONE, null);
        RoundResult merged = RoundResult.NONE.merge(alone, AT_ONCE);
        assertArrayEquals(new float[] {1e-30f, -0f, 3f}, merged.state().toArray());
        assertEquals(7, merged.examples());
    }

    @Test
    void divergenceOfOneIsDivergenceOfAll() {
        RoundResult diverged = new RoundResult(null, 3, 1, 1, WorkTimes.NONE, "worker 1 diverged");
        RoundResult merged = worker(1).merge(diverged, AT_ONCE);
        assertEquals("worker 1 diverged", merged.divergence());
        assertNull(merged.state());
    }
}
