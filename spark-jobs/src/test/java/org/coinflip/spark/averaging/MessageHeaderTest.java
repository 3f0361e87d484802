package org.coinflip.spark.averaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.coinflip.model.layer.held.RatioSums;
import org.coinflip.spark.round.MergeTree;
import org.coinflip.spark.round.RoundResult;
import org.coinflip.spark.round.Slice;
import org.coinflip.spark.round.WorkTimes;
import org.junit.jupiter.api.Test;

class MessageHeaderTest {
    @Test
    void isReadAsItWasWritten() {
        RatioSums ratios = new RatioSums(8, 1.5, -0.25, 16, 9);
        RoundResult told = new RoundResult(null, 7, 3, 0.1, new WorkTimes(1, 2, 3), ratios, null);
        RoundResult diverged = new RoundResult(null, 0, 0, 0, WorkTimes.NONE, "round 3, worker 5: Σ is not finite");
        MessageHeader head = new MessageHeader(
                11,
                2,
                1,
                MessageHeader.Kind.SLICES,
                4711,
                true,
                99,
                List.of(
                        new MessageHeader.Subtree(new MergeTree.Node(3, 1), told, true),
                        new MessageHeader.Subtree(new MergeTree.Node(0, 5), diverged, false)));
        assertEquals(head, MessageHeader.read(head.write()));
    }

    /** Slices are all of a state, each number once, and no two of them share a cache line of 16 numbers. */
    @Test
    void slicesAreTheWhole() {
        for (int length : new int[] {1, 15, 16, 17, 100, 12345}) {
            for (int parts : new int[] {1, 2, 3, 7, 64}) {
                int next = 0;
                for (int p = 0; p < parts; p++) {
                    Slice slice = Slice.of(p, parts, length);
                    assertEquals(next, slice.from());
                    assertTrue(slice.from() % 16 == 0 || slice.count() == 0);
                    assertTrue(slice.count() <= (length / 16 / parts + 2) * 16);
                    int inner = slice.from();
                    for (int q = 0; q < 3; q++) {
                        assertEquals(inner, slice.part(q, 3).from());
                        inner += slice.part(q, 3).count();
                    }
                    next += slice.count();
                    assertEquals(next, inner);
                }
                assertEquals(length, next);
            }
        }
    }
}
