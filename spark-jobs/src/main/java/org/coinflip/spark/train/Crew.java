package org.coinflip.spark.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.coinflip.model.kernel.Updating;
import org.coinflip.model.memory.Floats;

/**
 * The tasks of a stretch that run in one process (its local ranks): they share a state, and reduce their workers' states in its memory, a slice each, before slices go to
 * other processes ({@link Exchange}). What is done once for all of them is done at their barrier ({@link Meeting}) by the last to arrive.
 */
final class Crew {
    private final Stretch stretch;
    private final Roster roster;
    private final int index;
    private final Exchange exchange;
    private final OuterStep outer;
    private final Updating kernels;
    private final StatePool pool;
    private final GangLine line;
    private final Lookout lookout;
    private final Function<Stretch, Floats> beginning;
    private final Meeting meeting;
    private final List<Map<MergeTree.Node, RoundResult>> partials = new ArrayList<>();
    private final long[] busyNanos;
    private int left;

    private Floats state;
    private Floats next;
    private int round;
    private boolean last;
    private boolean over;
    private long began;
    private long busiestNanos;
    private Merging.Later inCrew;
    private Map<MergeTree.Node, RoundResult> merged;
    private RoundResult result;

    /**
     * @param index which of the roster's crews this is
     * @param exchange with other crews; null where there are none
     * @param outer its memory is this crew's slice's alone
     * @param beginning gives the state that a stretch begins with
     */
    Crew(
            Stretch stretch,
            Roster roster,
            int index,
            Exchange exchange,
            OuterStep outer,
            Updating kernels,
            StatePool pool,
            GangLine line,
            Lookout lookout,
            Function<Stretch, Floats> beginning) {
        this.stretch = stretch;
        this.roster = roster;
        this.index = index;
        this.exchange = exchange;
        this.outer = outer;
        this.kernels = kernels;
        this.pool = pool;
        this.line = line;
        this.lookout = lookout;
        this.beginning = beginning;
        this.meeting = new Meeting(members());
        this.busyNanos = new long[members()];
        for (int m = 0; m < members(); m++) {
            partials.add(Map.of());
        }
    }

    Stretch stretch() {
        return stretch;
    }

    int members() {
        return roster.crew(index).size();
    }

    /** A task's place in this crew. */
    int memberOf(int task) {
        for (int m = 0; m < members(); m++) {
            if (roster.crew(index).get(m).task() == task) {
                return m;
            }
        }
        throw new IllegalArgumentException("task " + task + " is not in this crew");
    }

    boolean isFirst() {
        return index == 0;
    }

    boolean isAmongOthers() {
        return exchange != null;
    }

    StatePool pool() {
        return pool;
    }

    /** The state that the round begins with; at the end the last that did not diverge. Not modified by anyone before the round's end. */
    Floats state() {
        return state;
    }

    int round() {
        return round;
    }

    /** Whether there is no round to come. */
    boolean isOver() {
        return over;
    }

    /** Whether the last round counts. */
    boolean isGood() {
        return result.divergence() == null;
    }

    /** A tree for what one member's workers make of a round. */
    MergeTree tree() {
        return new MergeTree(roster.workers(), Merging.atOnce(kernels, pool));
    }

    /** Begins the stretch, with all members. */
    void begin(Meeting.Patience patience) {
        meeting.await(
                () -> {
                    state = beginning.apply(stretch);
                    if (stretch.memory() != Stretch.NONE) {
                        Floats memory = Floats.allocate(outer.length());
                        StateBlocks.here().take(stretch.memory(), memory);
                        outer.restore(memory, 0);
                    }
                    round = stretch.first();
                    began = System.nanoTime();
                },
                patience);
    }

    /** Ends a round, with all members. */
    void average(int member, Map<MergeTree.Node, RoundResult> partial, long busy, Meeting.Patience patience) {
        partials.set(member, partial);
        busyNanos[member] = busy;
        meeting.await(() -> mergeInCrew(patience), patience);
        Slice slice = Slice.of(member, members(), state.length());
        inCrew.run(kernels, slice.from(), slice.count());
        if (exchange != null) {
            for (int i = 0; i < exchange.dimensions(); i++) {
                int dimension = i;
                meeting.await(() -> exchange(dimension, patience), patience);
                slice = exchange.sliceNow().part(member, members());
                Slice part = slice.within(exchange.sliceNow());
                exchange.merging().run(kernels, part.from(), part.count());
            }
            if (result.state() != null) {
                Floats mean = slice.within(exchange.slice()).of(result.state());
                outer.take(slice.of(state), mean, slice.from());
                slice.of(next).set(mean);
            }
        } else if (result.state() != null) {
            outer.take(slice.of(state), slice.of(result.state()), slice.from());
        }
        meeting.await(() -> end(patience), patience);
    }

    private void mergeInCrew(Meeting.Patience patience) {
        inCrew = new Merging.Later();
        MergeTree tree = new MergeTree(roster.workers(), inCrew);
        partials.forEach(partial -> partial.forEach(tree::add));
        merged = tree.partial();
        busiestNanos = 0;
        for (long nanos : busyNanos) {
            busiestNanos = Math.max(busiestNanos, nanos);
        }
        last = round + 1 == stretch.end() || (isFirst() && line.isToEnd(patience));
        if (exchange == null) {
            result = tree.root();
        }
    }

    private void exchange(int dimension, Meeting.Patience patience) {
        if (dimension == 0) {
            next = pool.take();
            exchange.begin(round, merged, next, last, busiestNanos);
        }
        exchange.reduce(dimension, patience);
        if (dimension == exchange.dimensions() - 1) {
            result = exchange.result();
            last = exchange.isLast();
            busiestNanos = exchange.busiestNanos();
        }
    }

    private void end(Meeting.Patience patience) {
        long gathering = System.nanoTime();
        if (exchange != null) {
            if (result.state() != null) {
                exchange.gather(next, patience);
            } else {
                exchange.end();
            }
            merged.values().stream()
                    .map(RoundResult::state)
                    .filter(end -> end != null)
                    .forEach(pool::give);
        } else {
            next = result.state();
        }
        inCrew.giveBack(pool);
        boolean moved = result.state() != null;
        if (moved || exchange != null) {
            pool.give(moved ? state : next);
        }
        state = moved ? next : state;
        over = last || result.divergence() != null;
        long now = System.nanoTime();
        if (isFirst()) {
            RoundTimes times = RoundTimes.of(
                    now - began, exchange == null ? 0 : now - gathering, result.times(), busiestNanos, roster.tasks());
            line.done(new Gang.Done(stretch.id(), new Round(round, result.without(), times)));
        }
        if (!over && stretch.isMark(round)) {
            hand();
        }
        began = now;
        round++;
    }

    /** Hands over what the crew has after the round, and goes on. */
    private void hand() {
        int done = round;
        Floats memory = outer.memory(slice());
        lookout.later(
                state,
                copy -> {
                    Validation.Seen seen =
                            stretch.isLook(done) ? lookout.look(copy, index, roster.crews()) : Validation.Seen.NOTHING;
                    Left left = publish("of" + done, copy, memory);
                    line.hand(new Gang.Handed(stretch.id(), done, index, seen, left));
                    left.withdraw(StateBlocks.here());
                },
                this::fail);
    }

    /** Lets the driver read a state, if this is the first crew, and this crew's part of the outer optimiser's memory. */
    private Left publish(String suffix, Floats numbers, Floats memory) {
        Floats mine = isFirst() ? numbers : null;
        return Left.publish(StateBlocks.here(), stretch.id(), suffix, mine, memory, slice().from());
    }

    private void fail(Throwable e) {
        Roster.Entry first = roster.crew(index).get(0);
        String why = "after a round, on executor " + first.executor() + ": " + e;
        breakUp(new StretchBroken(why, e));
        line.failed(new Gang.Failed(stretch.id(), first.task(), first.attempt(), why, e));
    }

    /** The numbers of a state that are this crew's. */
    private Slice slice() {
        return exchange == null ? new Slice(0, state.length()) : exchange.slice();
    }

    /** Publishes what a stretch leaves, in the task that is the crew's first. */
    StretchEnd leaveBehind() {
        return new StretchEnd(round, publish("", state, outer.memory(slice())));
    }

    /** Lets no member wait any more. */
    void breakUp(StretchBroken why) {
        meeting.breakUp(why);
    }

    /** A member leaves; gives whether it is the last. */
    synchronized boolean leave() {
        return ++left == members();
    }
}
