package org.coinflip.data.raw;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ResolutionTest {
    private static final int WIDTH = 50;
    private static final int PARTS = 4;

    /** What parts saw, packed or not, is what one saw of all: of features with values, with zeros alone and with none at all. */
    @Test
    void partsTogetherSayWhatTheWholeSays() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            Resolution whole = new Resolution(WIDTH);
            Resolution together = new Resolution(WIDTH);
            Resolution packed = new Resolution(WIDTH);
            for (int part = 0; part < PARTS; part++) {
                Resolution own = new Resolution(WIDTH);
                for (int k = 0; k < WIDTH; k++) {
                    int j = random.nextInt(WIDTH);
                    double value = random.nextBoolean() ? 0 : 1e9 + random.nextInt(3000);
                    own.see(j, value, (float) value);
                    whole.see(j, value, (float) value);
                }
                together.see(own);
                packed.see(own.packed());
            }
            Optional<String> expected = whole.lost("t", j -> "feature " + j);
            assertTrue(seed > 0 || expected.isPresent());
            assertEquals(expected, together.lost("t", j -> "feature " + j));
            assertEquals(expected, packed.lost("t", j -> "feature " + j));
        }
    }

    @Test
    void ofWideTablesLittleIsKept() throws Exception {
        Resolution wide = new Resolution(1_000_000);
        IntStream.range(0, 1_000_000).forEach(j -> wide.see(j, j % 1000 == 0 ? 3.5 : 0, j % 1000 == 0 ? 3.5f : 0f));
        java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream();
        new java.io.ObjectOutputStream(bytes).writeObject(wide.packed());
        // 1,000 features: a place and three numbers each
        assertTrue(bytes.size() < 1000 * 28 + 1000, bytes.size() + " bytes");
    }
}
