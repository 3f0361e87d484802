package org.coinflip.data.source;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.coinflip.data.Dataset;
import org.coinflip.data.Specs;
import org.coinflip.data.Split;
import org.coinflip.model.example.ByteFeatures;
import org.coinflip.model.example.Examples;
import org.coinflip.model.noise.NoiseKey;
import org.junit.jupiter.api.Test;

class SyntheticSourceTest {
    private static final int FEATURES = 20;
    private static final SyntheticSource SOURCE = new SyntheticSource(FEATURES, 4, 3000, 200, 100, -5);

    private static Examples examples(long from, int count) {
        return SOURCE.examples(from, count, ones());
    }

    private static float[] ones() {
        float[] ones = new float[FEATURES];
        Arrays.fill(ones, 1f);
        return ones;
    }

    private static byte[] bytes(Examples examples) {
        return ((ByteFeatures) examples.features()).bytes();
    }

    @Test
    void anExampleIsAFunctionOfItsId() {
        Examples whole = examples(1L << 33, 50);
        Examples part = examples((1L << 33) + 30, 7);
        for (int i = 0; i < 7; i++) {
            assertEquals(whole.id(30 + i), part.id(i));
            assertEquals(whole.label(30 + i), part.label(i));
            for (int j = 0; j < FEATURES; j++) {
                assertEquals(whole.feature(30 + i, j), part.feature(i, j));
            }
        }
    }

    /** Java's own SplittableRandom is SplitMix64 with a gamma that a seed does not choose. */
    @Test
    void anExampleIsTheSplitMixSequenceOfItsWord() {
        NoiseKey key = new NoiseKey(SOURCE.seed(), 0, NoiseKey.SYNTHETIC);
        Examples examples = examples(7, 3);
        for (int i = 0; i < 3; i++) {
            SplittableRandom random = new SplittableRandom(key.longWord(7 + i));
            ByteBuffer expected = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
            expected.putLong(random.nextLong()).putLong(random.nextLong()).putLong(random.nextLong());
            assertArrayEquals(
                    Arrays.copyOf(expected.array(), FEATURES),
                    Arrays.copyOfRange(bytes(examples), i * FEATURES, (i + 1) * FEATURES));
        }
    }

    /** With one feature the teacher of two classes decides by the sign of x − 128, and ties are class 0. */
    @Test
    void labelsAreALinearFunction() {
        Examples examples = new SyntheticSource(1, 2, 1, 1, 1, 3).examples(0, 2000, new float[1]);
        int above = -1;
        for (int i = 0; i < examples.size(); i++) {
            int x = (bytes(examples)[i] & 0xFF) - 128;
            above = x > 0 && above < 0 ? examples.label(i) : above;
        }
        for (int i = 0; i < examples.size(); i++) {
            int x = (bytes(examples)[i] & 0xFF) - 128;
            assertEquals(x == 0 ? 0 : x > 0 ? above : 1 - above, examples.label(i));
        }
    }

    /** Uniform bytes: the mean of 60,000 is 127.5 ± 0.3 (one standard error); 5 of them miss once in two million seeds. */
    @Test
    void splitsAreRangesOfIdsWithTheCountsOfTheirLabels() {
        Dataset data = Dataset.open(
                Specs.of(
                        "source = synthetic, features = 20, classes = 4, seed = -5",
                        "split { train = 3000, valid = 200, test = 100 }"),
                new Configuration());
        long next = 0;
        for (Split split : new Split[] {Split.TEST, Split.VALID, Split.TRAIN}) {
            Examples examples = data.examples(split);
            assertEquals(next, examples.id(0));
            next += examples.size();
            int[] counts = new int[4];
            IntStream.range(0, examples.size()).forEach(i -> counts[examples.label(i)]++);
            for (int c = 0; c < 4; c++) {
                assertEquals(data.description().split(split).classHistogram().get(c), counts[c]);
                assertTrue(counts[c] > 0);
            }
        }
        assertEquals(3300, next);
        byte[] bytes = bytes(data.examples(Split.TRAIN));
        double mean = IntStream.range(0, bytes.length)
                .map(i -> bytes[i] & 0xFF)
                .average()
                .orElseThrow();
        assertEquals(127.5, mean, 1.5);
        assertEquals(1f / 255, ((ByteFeatures) data.examples(Split.TRAIN).features()).scale()[19]);
    }
}
