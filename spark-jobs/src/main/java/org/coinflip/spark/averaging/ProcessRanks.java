package org.coinflip.spark.averaging;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.coinflip.model.kernel.operation.Updating;
import org.coinflip.model.memory.Floats;
import org.coinflip.spark.evaluation.Validation;
import org.coinflip.spark.round.MergeTree;
import org.coinflip.spark.round.Merging;
import org.coinflip.spark.round.OuterStep;
import org.coinflip.spark.round.Round;
import org.coinflip.spark.round.RoundResult;
import org.coinflip.spark.round.RoundSpan;
import org.coinflip.spark.round.RoundTimes;
import org.coinflip.spark.round.Slice;
import org.coinflip.spark.state.StateBlocks;
import org.coinflip.spark.state.StatePool;

/**
 * The tasks of a span that run in one process (its local ranks): they share a state, and reduce their workers' states in its memory, a slice each, before slices go to
 * other processes ({@link TorusAllReduce}). What is done once for all of them is done at their barrier ({@link LocalBarrier}) by the last to arrive.
 */
final class ProcessRanks {
    private final RoundSpan span;
    private final RankAssignment assignment;
    private final int index;
    private final TorusAllReduce exchange;
    private final OuterStep outer;
    private final Updating kernels;
    private final StatePool pool;
    private final CoordinatorClient line;
    private final SnapshotThread snapshots;
    private final Function<RoundSpan, Floats> beginning;
    private final LocalBarrier barrier;
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
    private Merging.Later inProcess;
    private Map<MergeTree.Node, RoundResult> merged;
    private RoundResult result;

    /**
     * @param index which of the assignment's processes this is
     * @param exchange with other processes; null where there are none
     * @param outer its memory is this process's slice's alone
     * @param beginning gives the state that a span begins with
     */
    ProcessRanks(
            RoundSpan span,
            RankAssignment assignment,
            int index,
            TorusAllReduce exchange,
            OuterStep outer,
            Updating kernels,
            StatePool pool,
            CoordinatorClient line,
            SnapshotThread snapshots,
            Function<RoundSpan, Floats> beginning) {
        this.span = span;
        this.assignment = assignment;
        this.index = index;
        this.exchange = exchange;
        this.outer = outer;
        this.kernels = kernels;
        this.pool = pool;
        this.line = line;
        this.snapshots = snapshots;
        this.beginning = beginning;
        this.barrier = new LocalBarrier(ranks());
        this.busyNanos = new long[ranks()];
        for (int m = 0; m < ranks(); m++) {
            partials.add(Map.of());
        }
    }

    RoundSpan span() {
        return span;
    }

    int ranks() {
        return assignment.process(index).size();
    }

    /** A task's place in this process. */
    int rankOf(int task) {
        for (int m = 0; m < ranks(); m++) {
            if (assignment.process(index).get(m).task() == task) {
                return m;
            }
        }
        throw new IllegalArgumentException("task " + task + " is not in this process");
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

    /** A tree for what one rank's workers make of a round. */
    MergeTree tree() {
        return new MergeTree(assignment.workers(), Merging.atOnce(kernels, pool));
    }

    /** Begins the span, with all ranks. */
    void begin(LocalBarrier.Patience patience) {
        barrier.await(
                () -> {
                    state = beginning.apply(span);
                    if (span.memory() != RoundSpan.NONE) {
                        Floats memory = Floats.allocate(outer.length());
                        StateBlocks.here().take(span.memory(), memory);
                        outer.restore(memory, 0);
                    }
                    round = span.first();
                    began = System.nanoTime();
                },
                patience);
    }

    /** Ends a round, with all ranks. */
    void average(int rank, Map<MergeTree.Node, RoundResult> partial, long busy, LocalBarrier.Patience patience) {
        partials.set(rank, partial);
        busyNanos[rank] = busy;
        barrier.await(() -> mergeInProcess(patience), patience);
        Slice slice = Slice.of(rank, ranks(), state.length());
        inProcess.run(kernels, slice.from(), slice.count());
        if (exchange != null) {
            for (int i = 0; i < exchange.dimensions(); i++) {
                int dimension = i;
                barrier.await(() -> exchange(dimension, patience), patience);
                slice = exchange.sliceNow().part(rank, ranks());
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
        barrier.await(() -> end(patience), patience);
    }

    private void mergeInProcess(LocalBarrier.Patience patience) {
        inProcess = new Merging.Later();
        MergeTree tree = new MergeTree(assignment.workers(), inProcess);
        partials.forEach(partial -> partial.forEach(tree::add));
        merged = tree.partial();
        busiestNanos = 0;
        for (long nanos : busyNanos) {
            busiestNanos = Math.max(busiestNanos, nanos);
        }
        last = round + 1 == span.end() || (isFirst() && line.isToEnd(patience));
        if (exchange == null) {
            result = tree.root();
        }
    }

    private void exchange(int dimension, LocalBarrier.Patience patience) {
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

    private void end(LocalBarrier.Patience patience) {
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
        inProcess.giveBack(pool);
        boolean moved = result.state() != null;
        if (moved || exchange != null) {
            pool.give(moved ? state : next);
        }
        state = moved ? next : state;
        over = last || result.divergence() != null;
        long now = System.nanoTime();
        if (isFirst()) {
            RoundTimes times = RoundTimes.of(
                    now - began,
                    exchange == null ? 0 : now - gathering,
                    result.times(),
                    busiestNanos,
                    assignment.tasks());
            line.done(new GroupCoordinator.Done(span.id(), new Round(round, result.without(), times)));
        }
        if (!over && span.isMark(round)) {
            hand();
        }
        began = now;
        round++;
    }

    /** Hands over what the process has after the round, and goes on. */
    private void hand() {
        int done = round;
        Floats memory = outer.memory(slice());
        snapshots.later(
                state,
                copy -> {
                    Validation.Seen seen = span.isLook(done)
                            ? snapshots.look(copy, index, assignment.processes())
                            : Validation.Seen.NOTHING;
                    SnapshotPart left = publish("of" + done, copy, memory);
                    line.hand(new GroupCoordinator.Handed(span.id(), done, index, seen, left));
                    left.withdraw(StateBlocks.here());
                },
                this::fail);
    }

    /** Lets the driver read a state, if this is the first process, and this process's part of the outer optimiser's memory. */
    private SnapshotPart publish(String suffix, Floats numbers, Floats memory) {
        Floats mine = isFirst() ? numbers : null;
        return SnapshotPart.publish(StateBlocks.here(), span.id(), suffix, mine, memory, slice().from());
    }

    private void fail(Throwable e) {
        RankAssignment.Entry first = assignment.process(index).get(0);
        String why = "after a round, on executor " + first.executor() + ": " + e;
        breakUp(new SpanBroken(why, e));
        line.failed(new GroupCoordinator.Failed(span.id(), first.task(), first.attempt(), why, e));
    }

    /** The numbers of a state that are this process's. */
    private Slice slice() {
        return exchange == null ? new Slice(0, state.length()) : exchange.slice();
    }

    /** Publishes what a span leaves, in the task that is the process's first. */
    SpanEnd leaveBehind() {
        return new SpanEnd(round, publish("", state, outer.memory(slice())));
    }

    /** Lets no rank wait any more. */
    void breakUp(SpanBroken why) {
        barrier.breakUp(why);
    }

    /** A rank leaves; gives whether it is the last. */
    synchronized boolean leave() {
        return ++left == ranks();
    }
}
