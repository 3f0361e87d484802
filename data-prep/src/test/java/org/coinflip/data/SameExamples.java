package org.coinflip.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.coinflip.model.example.Examples;
import org.coinflip.model.example.Features;

/** Whether two data sets hold the same examples in the same form, bit for bit. */
public final class SameExamples {
    private SameExamples() {}

    public static void assertIn(Dataset expected, Dataset got) {
        assertEquals(expected.description(), got.description());
        for (Split split : Split.values()) {
            assertSame(expected.examples(split), got.examples(split));
            assertEquals(
                    expected.description().split(split).examples(),
                    got.shards(split).stream().mapToInt(ExampleShard::size).sum());
        }
    }

    public static void assertSame(Examples expected, Examples got) {
        assertEquals(expected.size(), got.size());
        assertEquals(expected.classes(), got.classes());
        assertEquals(expected.targets(), got.targets());
        assertEquals(expected.areWeighted(), got.areWeighted());
        for (int i = 0; i < expected.size(); i++) {
            assertEquals(expected.id(i), got.id(i));
            assertEquals(expected.label(i), got.label(i));
            assertEquals(expected.weight(i), got.weight(i));
            for (int j = 0; j < expected.targets(); j++) {
                assertEquals(expected.value(i, j), got.value(i, j));
            }
        }
        assertEquals(expected.features().form(), got.features().form());
        assertSame(expected.features(), got.features());
    }

    /** In whatever form, the same bits. */
    public static void assertSame(Features expected, Features got) {
        assertEquals(expected.size(), got.size());
        assertEquals(expected.width(), got.width());
        float[] wanted = new float[expected.width()];
        float[] found = new float[expected.width()];
        for (int i = 0; i < expected.size(); i++) {
            expected.read(i, wanted, 0);
            got.read(i, found, 0);
            for (int j = 0; j < wanted.length; j++) {
                assertEquals(Float.floatToIntBits(wanted[j]), Float.floatToIntBits(found[j]));
            }
        }
    }
}
