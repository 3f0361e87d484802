package org.coinflip.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.coinflip.model.example.Examples;

/** Whether two data sets hold the same examples in the same form, bit for bit. */
public final class SameExamples {
    private SameExamples() {}

    static void assertIn(Dataset expected, Dataset got) {
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
        assertEquals(expected.areValued(), got.areValued());
        assertEquals(expected.areWeighted(), got.areWeighted());
        for (int i = 0; i < expected.size(); i++) {
            assertEquals(expected.id(i), got.id(i));
            assertEquals(expected.label(i), got.label(i));
            assertEquals(expected.weight(i), got.weight(i));
            if (expected.areValued()) {
                assertEquals(expected.value(i), got.value(i));
            }
        }
        assertArrayEquals(expected.bytes(), got.bytes());
        assertArrayEquals(expected.floats(), got.floats());
        assertArrayEquals(expected.scale(), got.scale());
        assertArrayEquals(expected.offset(), got.offset());
    }
}
