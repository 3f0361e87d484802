package org.coinflip.spark.state;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.storage.BlockManagerId;
import org.coinflip.model.memory.Floats;
import org.coinflip.spark.LocalSpark;
import org.junit.jupiter.api.Test;
import scala.Option;

class StateBlocksTest {
    /** More than two pieces, and not a whole number of them. */
    private static final int LENGTH = (9 << 20) / Float.BYTES + 5;

    private static Floats state() {
        Floats state = Floats.allocate(LENGTH);
        for (int i = 0; i < LENGTH; i++) {
            state.set(i, i * 0.25f);
        }
        return state;
    }

    @Test
    void whatIsReadIsWhatWasPublishedAndWhatWasOffered() {
        try (LocalSpark spark = new LocalSpark(1)) {
            Broadcast<Integer> owner = spark.context().broadcast(1);
            StateBlocks blocks = StateBlocks.here();
            Floats state = state();
            Floats read = Floats.allocate(LENGTH);
            blocks.read(blocks.publish(owner.id(), "result7", state), read);
            assertArrayEquals(state.toArray(), read.toArray());
            blocks.offer(owner.id(), state);
            Floats taken = Floats.allocate(LENGTH);
            blocks.take(owner.id(), taken);
            assertArrayEquals(state.toArray(), taken.toArray());
        }
    }

    @Test
    void whatIsGoneIsRefusedInAWayThatTheRoundCanAnswer() {
        try (LocalSpark spark = new LocalSpark(1)) {
            Broadcast<Integer> owner = spark.context().broadcast(1);
            StateBlocks blocks = StateBlocks.here();
            Floats into = Floats.allocate(10);
            StateBlocks.Place here = blocks.publish(owner.id(), "result1", Floats.allocate(10));
            StateBlocks.Place removed = new StateBlocks.Place(here.home(), owner.id(), "result2");
            assertThrows(IllegalStateException.class, () -> blocks.read(removed, into));
            BlockManagerId dead = BlockManagerId.apply("9", "127.0.0.1", 1, Option.empty());
            StateBlocks.Place lost = new StateBlocks.Place(dead, owner.id(), "result1");
            assertThrows(IllegalStateException.class, () -> blocks.read(lost, into));
            assertThrows(IllegalStateException.class, () -> blocks.take(owner.id(), into));
        }
    }
}
