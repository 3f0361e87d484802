package org.coinflip.model.memory;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Random;
import org.coinflip.model.error.UsageException;
import org.junit.jupiter.api.Test;

class LayoutTest {
    /** Weights of both kinds, biases, statistics with rows, and an updater's memory, of random sizes. */
    private static Layout random(Random random) {
        LayoutBuilder builder = new LayoutBuilder();
        int layers = 1 + random.nextInt(3);
        for (int l = 0; l < layers; l++) {
            int rows = 1 + random.nextInt(9);
            int columns = 1 + random.nextInt(40);
            builder.add(
                    "w" + l,
                    random.nextBoolean() ? Segment.Role.WEIGHTS : Segment.Role.WEIGHTS_BY_UNIT,
                    rows,
                    columns,
                    1);
            builder.add("s" + l, Segment.Role.STATISTICS, 1 + random.nextInt(3), 1 + random.nextInt(20), 1);
            builder.add("b" + l, Segment.Role.BIASES, 1, columns, 1);
        }
        return builder.build().withUpdaterMemory(random.nextInt(3));
    }

    private static State state(Layout layout, Random random) {
        State state = new State(layout);
        for (int i = 0; i < layout.length(); i++) {
            state.values().set(i, random.nextFloat());
        }
        return state;
    }

    @Test
    void paddedStatesHoldTheSameNumbersAndGiveThemBack() {
        Random random = new Random(1);
        for (int run = 0; run < 200; run++) {
            State dense = state(random(random), random);
            State padded = new State(dense.layout().padded());
            padded.set(dense);
            assertEquals(dense.parametersSha256(), padded.parametersSha256());
            for (Segment segment : dense.layout().segments()) {
                Matrix expected = dense.matrix(segment);
                if (segment.role() == Segment.Role.UPDATER) {
                    continue;
                }
                Matrix found = padded.matrix(segment.name());
                for (int r = 0; r < segment.rows(); r++) {
                    for (int j = 0; j < segment.columns(); j++) {
                        assertEquals(expected.get(r, j), found.get(r, j), segment.name());
                    }
                }
            }
            State back = new State(dense.layout());
            padded.get(back.layout(), back.values());
            assertArrayEquals(dense.values().toArray(), back.values().toArray());
        }
    }

    /** An updater's memory is laid out like the parameters, and nothing but their numbers is copied. */
    @Test
    void updaterMemoryLiesLikeTheParameters() {
        Layout dense = new LayoutBuilder()
                .add("w", Segment.Role.WEIGHTS, 3, 5, 1)
                .add("b", Segment.Role.BIASES, 1, 5, 1)
                .build()
                .withUpdaterMemory(2);
        State from = state(dense, new Random(2));
        State to = new State(dense.padded());
        to.set(from);
        Segment weights = to.layout().segment("w");
        Floats memory = to.view("updater1");
        for (int r = 0; r < 3; r++) {
            for (int j = 0; j < 16; j++) {
                float expected = j < 5 ? from.view("updater1").get(5 * r + j) : 0;
                assertEquals(expected, memory.get(weights.offset() + 16 * r + j));
            }
        }
        assertEquals(3 * 16 + 16, to.layout().parameters());
        assertEquals(3 * 64, to.layout().length());
    }

    @Test
    void rowsOfWeightsAndSegmentsBeginWithCacheLines() {
        Random random = new Random(3);
        for (int run = 0; run < 100; run++) {
            Layout layout = random(random).padded();
            for (Segment segment : layout.segments()) {
                assertEquals(0, segment.offset() % Matrix.ROW_UNIT);
                assertEquals(
                        segment.areWeights() ? 0 : segment.columns() % Matrix.ROW_UNIT,
                        segment.stride() % Matrix.ROW_UNIT);
            }
            assertEquals(layout, layout.padded());
        }
    }

    @Test
    void statesLongerThanABufferAreRefusedInALine() {
        Layout layout = new LayoutBuilder()
                .add("w", Segment.Role.WEIGHTS, 30_000, 10_000, 1)
                .build()
                .withUpdaterMemory(1);
        UsageException failure = assertThrows(UsageException.class, () -> new State(layout));
        assertEquals(
                "network: got 600000000 numbers with what the updater keeps, expected at most 536870863: make layers"
                        + " smaller, or take an updater that keeps less",
                failure.getMessage());
    }

    @Test
    void gapsAndParametersAfterOthersAreRefused() {
        Segment weights = new Segment("w", Segment.Role.WEIGHTS, 1, 2, 2, 2, 1);
        assertThrows(IllegalArgumentException.class, () -> new Layout(List.of(weights), 1));
        Segment statistics = new Segment("s", Segment.Role.STATISTICS, 0, 1, 1, 1, 1);
        assertThrows(IllegalArgumentException.class, () -> new Layout(List.of(statistics, weights), 1));
    }
}
