package org.coinflip.spark.round;

import java.util.LinkedHashMap;
import java.util.Map;
import org.coinflip.spark.checkpoint.Snapshot;
import org.coinflip.spark.state.StateVector;

/** Where rounds are run; the bits of their results are the same wherever this project's engine runs them. */
public interface Rounds extends AutoCloseable {
    /** Who is told of rounds. */
    interface Listener {
        /** A round is done. */
        void done(Round round);

        /** A marked round is handed over; it may be later, but all before it have been. */
        default void handed(RoundSnapshot snapshot) {}

        /** The factor on the learning rate of the rounds to come that looks have decided; asked before rounds that are run without an end between them. */
        default double rateFactor() {
            return 1;
        }

        /** Whether no more than a round more is wanted; asked after rounds but the last, in any thread. */
        default boolean isToEnd() {
            return false;
        }
    }

    /**
     * Runs a round; on divergence the state stays as it was.
     *
     * @param rateFactor on the learning rate
     */
    Round run(int round, double rateFactor);

    /** Runs rounds up to one, or until one diverges. */
    default void run(int first, int end, Listener listener) {
        run(first, end, SnapshotSchedule.NONE, listener);
    }

    /** The same, with some handed over. */
    default void run(int first, int end, SnapshotSchedule marks, Listener listener) {
        int last = end - 1;
        for (int r = first; r <= last; r++) {
            Round round = run(r, listener.rateFactor());
            listener.done(round);
            if (round.result().divergence() != null) {
                return;
            }
            if (marks.isMark(r)) {
                listener.handed(new RoundSnapshot(r, vectors()));
            }
            if (r < last && listener.isToEnd()) {
                last = r + 1;
            }
        }
    }

    /** The state after the last round that did not diverge. */
    StateVector state();

    /** What is kept from round to round beside the state, by name; not modified. */
    default Map<String, float[]> memory() {
        return Map.of();
    }

    /** Takes up, before the first round, what {@link #memory} gave in the process before; other vectors are left alone. */
    default void restore(Map<String, float[]> vectors) {}

    /** State and memory: with them, and the number of the round, another process goes on to the same bits. */
    default Map<String, float[]> vectors() {
        Map<String, float[]> all = new LinkedHashMap<>();
        all.put(Snapshot.STATE, state().values());
        all.putAll(memory());
        return all;
    }

    @Override
    void close();
}
