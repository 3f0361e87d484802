package org.coinflip.spark.train;

import java.util.HashMap;
import java.util.Map;
import org.coinflip.model.memory.Floats;

/** A round's first state on an executor: read once, by the first task that asks, and kept while a task of the round uses it. */
final class FirstState {
    private static final class Copy {
        private final Floats state;
        private int users;

        Copy(Floats state) {
            this.state = state;
        }
    }

    private final StatePool pool;
    private final Map<Long, Copy> copies = new HashMap<>();
    private long latest;

    FirstState(StatePool pool) {
        this.pool = pool;
    }

    /** The first state of a round; to be given back. */
    synchronized Floats take(RoundHost.Start start, StateBlocks blocks) {
        Copy copy = copies.get(start.broadcast());
        if (copy == null) {
            latest = Math.max(latest, start.broadcast());
            drop();
            Floats state = pool.take();
            if (start.first() == null) {
                blocks.take(start.broadcast(), state);
            } else {
                blocks.read(start.first(), state);
            }
            copy = new Copy(state);
            copies.put(start.broadcast(), copy);
        }
        copy.users++;
        return copy.state;
    }

    synchronized void giveBack(RoundHost.Start start) {
        copies.get(start.broadcast()).users--;
        drop();
    }

    /** Frees states of earlier rounds that nobody uses. */
    private void drop() {
        copies.entrySet().removeIf(entry -> {
            Copy copy = entry.getValue();
            boolean gone = entry.getKey() < latest && copy.users == 0;
            if (gone) {
                pool.give(copy.state);
            }
            return gone;
        });
    }
}
