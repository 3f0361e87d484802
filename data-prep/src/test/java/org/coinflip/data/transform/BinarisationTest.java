package org.coinflip.data.transform;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import java.util.Arrays;
import org.coinflip.data.OneLine;
import org.coinflip.model.noise.NoiseKey;
import org.coinflip.model.noise.Threefry;
import org.coinflip.model.settings.Section;
import org.coinflip.model.transform.Binarisation;
import org.junit.jupiter.api.Test;

class BinarisationTest {
    private static final Binarisation BERNOULLI = new Binarisation(Binarisation.Type.BERNOULLI, 0, 42);

    @Test
    void thresholdIsOneOnlyAbove() {
        assertArrayEquals(
                new byte[] {0, 0, 1, 1},
                bits(new Binarisation(Binarisation.Type.THRESHOLD, 0.5, 0), 7, 0f, 0.5f, 0.51f, 1f));
    }

    @Test
    void bernoulliIsCertainAtTheEndsAndBeyond() {
        for (long id = 0; id < 1000; id++) {
            assertArrayEquals(new byte[] {0, 1, 0, 1}, bits(BERNOULLI, id, 0f, 1f, -0.2f, 1.2f));
        }
    }

    /**
     * 20 pixel values × 40,000 independent bits: each frequency within 4.9 standard deviations of its value. A right
     * implementation fails with probability under 20 · 10⁻⁶; the seed is fixed, so it fails always or never.
     */
    @Test
    void bernoulliFrequencyIsThePixelValue() {
        int width = 200;
        int examples = 4_000;
        long[] ones = new long[20];
        float[] unit = new float[width];
        for (int j = 0; j < width; j++) {
            unit[j] = (j % 20 + 0.5f) / 20;
        }
        for (long id = 0; id < examples; id++) {
            byte[] bits = bits(BERNOULLI, id, unit);
            for (int j = 0; j < width; j++) {
                ones[j % 20] += bits[j];
            }
        }
        double draws = examples * (width / 20.0);
        for (int v = 0; v < 20; v++) {
            double p = unit[v];
            double z = (ones[v] / draws - p) / Math.sqrt(p * (1 - p) / draws);
            assertTrue(Math.abs(z) < 4.9, "value " + p + " is " + z + " standard deviations off");
        }
    }

    @Test
    void bernoulliDrawsTheWordsThatNoiseKeyDocuments() {
        float[] unit = new float[150];
        Arrays.fill(unit, 0.5f);
        byte[] bits = bits(BERNOULLI, 1234567890123L, unit);
        for (int j = 0; j < unit.length; j++) {
            int[] words = NoiseKey.counter(16 * (j / 64) + j % 16, 0, 1234567890123L);
            Threefry.encrypt(new NoiseKey(42, 0, NoiseKey.BINARISATION).key(), words);
            assertEquals(NoiseKey.ofWord(words[j % 64 / 16]) < 0.5f ? 1 : 0, bits[j], "feature " + j);
        }
    }

    @Test
    void roundTripsThroughItsSection() {
        for (Binarisation rule :
                new Binarisation[] {Binarisation.NONE, BERNOULLI, new Binarisation(Binarisation.Type.THRESHOLD, 0.25, 0)
                }) {
            assertEquals(rule, Binarisation.read(Section.root(ConfigFactory.parseMap(rule.asMap()))));
        }
    }

    @Test
    void refusesAKeyOfAnotherRuleAndAThresholdOutsideTheUnitInterval() {
        OneLine.ofUsage(() -> read("type = bernoulli, at = 0.5"), "at: unknown key");
        OneLine.ofUsage(() -> read("type = threshold, at = 1.5"), "at: got 1.5, expected a number in [0, 1]");
    }

    private static Binarisation read(String section) {
        return Binarisation.read(Section.root(ConfigFactory.parseString(section)));
    }

    private static byte[] bits(Binarisation rule, long id, float... unit) {
        byte[] bits = new byte[unit.length];
        rule.apply(id, unit, bits, 0);
        return bits;
    }
}
