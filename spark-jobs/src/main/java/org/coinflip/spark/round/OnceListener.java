package org.coinflip.spark.round;

/** Reports each round of a span to a listener exactly once and in order, even where rounds are run again after a loss. */
public final class OnceListener {
    private final int end;
    private final Rounds.Listener listener;
    private final long beganNanos = System.nanoTime();
    private int next;
    private boolean good = true;
    private Round held;
    private long heldNanos;
    private volatile int reached;
    private volatile boolean ended;

    /** @param end the round after the last */
    public OnceListener(int first, int end, Rounds.Listener listener) {
        this.end = end;
        this.listener = listener;
        this.next = first;
        this.reached = first;
    }

    /** Takes a round that was run, perhaps again. The last is held back: its end is the driver's. */
    public void done(Round round) {
        if (round.number() != next) {
            return;
        }
        next++;
        long now = System.nanoTime();
        boolean isFirst = heldNanos == 0;
        heldNanos = now;
        Round whole = round;
        if (isFirst) {
            long driver = Math.max(0, now - beganNanos - round.times().wallNanos());
            whole = new Round(round.number(), round.result(), round.times().withDriver(driver));
        }
        good = round.result().divergence() == null;
        if (next == end || !good) {
            held = whole;
        } else {
            listener.done(whole);
        }
    }

    /** The span has ended, and the driver has its state. */
    public void end() {
        if (held != null) {
            long driver = System.nanoTime() - heldNanos;
            listener.done(new Round(held.number(), held.result(), held.times().withDriver(driver)));
        }
    }

    /** The round after the last that was told of. */
    public int next() {
        return next;
    }

    /** Whether the last round did not diverge. */
    public boolean isGood() {
        return good;
    }

    /**
     * Whether the round after one is to be the last; never before those that were told of have been run again. In any thread.
     *
     * @param round that was run
     */
    public boolean isToEnd(int round) {
        reached = Math.max(reached, round);
        boolean ends = round + 1 < end && round + 1 >= reached && listener.isToEnd();
        ended |= ends;
        return ends;
    }

    /** Whether the listener has said that no more is wanted. */
    public boolean isEnded() {
        return ended;
    }
}
