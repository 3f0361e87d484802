package org.coinflip.spark.state;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.coinflip.model.memory.Floats;

/** States outside the heap that nobody uses, so that rounds allocate none. Thread-safe. */
public final class StatePool {
    private final int length;
    private final Queue<Floats> idle = new ConcurrentLinkedQueue<>();
    private final AtomicInteger allocated = new AtomicInteger();

    /** @param length numbers of a state */
    public StatePool(int length) {
        this.length = length;
    }

    /** A state with any content. */
    public Floats take() {
        Floats state = idle.poll();
        if (state == null) {
            allocated.incrementAndGet();
            return Floats.allocate(length);
        }
        return state;
    }

    /** States allocated, in use or idle: the memory that this pool stands for. */
    public int allocated() {
        return allocated.get();
    }

    /** Takes back a state that nobody reads any more. */
    public void give(Floats state) {
        idle.add(state);
    }
}
