package org.coinflip.spark.train;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.coinflip.model.memory.Floats;

/** States outside the heap that nobody uses, so that rounds allocate none. Thread-safe. */
final class StatePool {
    private final int length;
    private final Queue<Floats> idle = new ConcurrentLinkedQueue<>();

    /** @param length numbers of a state */
    StatePool(int length) {
        this.length = length;
    }

    /** A state with any content. */
    Floats take() {
        Floats state = idle.poll();
        return state == null ? Floats.allocate(length) : state;
    }

    /** Takes back a state that nobody reads any more. */
    void give(Floats state) {
        idle.add(state);
    }
}
