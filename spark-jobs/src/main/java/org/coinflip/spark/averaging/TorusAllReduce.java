package org.coinflip.spark.averaging;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.coinflip.model.memory.Floats;
import org.coinflip.spark.round.MergeTree;
import org.coinflip.spark.round.Merging;
import org.coinflip.spark.round.RoundResult;
import org.coinflip.spark.round.Slice;

/**
 * The all-reduce among the processes of a span, which are the points of a {@link Torus}. Along one side after the other every process cuts the part of a state
 * that it still has to do with into a slice for each process of that side, sends the others their slices of what it has merged, and merges what they send
 * of its own (reduce-scatter); after the last the tree is whole in a slice of P / m numbers. That goes back the same way (all-gather):
 * 2 P (m − 1) / m numbers go out of each of m processes and as many come in, where the workers of a side make one subtree; with s subtrees s P instead of
 * the first P. Every number is summed along the one tree, whatever the sides: the bits are the same.
 *
 * <p>A process is never more than a round ahead of another of its sides: it finishes a round when it has their slices of the state, which they send when
 * they have its own. So what was sent in a round has come when the round ends, and its memory is free.
 *
 * <p>Patarasuk, Yuan (2009), "Bandwidth optimal all-reduce algorithms for clusters of workstations", for the lower bound; Mikami et al. (2018),
 * arXiv 1811.05233, for the torus.
 */
final class TorusAllReduce {
    /** Sends numbers to another process; they are read while they are on their way. */
    interface Post {
        void send(int peer, MessageHeader head, Floats... body);
    }

    private final long span;
    private final RankAssignment assignment;
    private final Torus torus;
    private final int process;
    private final Post post;
    private final Inbox inbox;
    private final int length;
    private final List<Floats> borrowed = new ArrayList<>();

    private int round;
    private boolean last;
    private long busiestNanos;
    private Slice slice;
    private MergeTree tree;
    private Merging.Later merging;

    /**
     * @param span its id
     * @param process which of the assignment's processes this is
     * @param length numbers of a state
     */
    TorusAllReduce(long span, RankAssignment assignment, Torus torus, int process, Post post, Inbox inbox, int length) {
        this.span = span;
        this.assignment = assignment;
        this.torus = torus;
        this.process = process;
        this.post = post;
        this.inbox = inbox;
        this.length = length;
    }

    /** How many times slices are sent until the tree is whole. */
    int dimensions() {
        return torus.dimensions();
    }

    /** This process's slice of a state at the end. */
    Slice slice() {
        return torus.slice(process, dimensions(), length);
    }

    /** This process's slice so far. */
    Slice sliceNow() {
        return slice;
    }

    /**
     * Begins a round.
     *
     * @param partial the process's subtrees; their states are not modified but in this process's slices
     * @param next where the next state is to lie
     * @param wantsLast whether this process wants the round to be the last; the first process's wish counts, or all have the same
     * @param busy the most time that a task of the process was at work before
     */
    void begin(int number, Map<MergeTree.Node, RoundResult> partial, Floats next, boolean wantsLast, long busy) {
        round = number;
        last = wantsLast;
        busiestNanos = busy;
        slice = new Slice(0, length);
        tree = new MergeTree(assignment.workers(), new Merging.Later());
        partial.forEach(tree::add);
        for (int i = 0; i < dimensions(); i++) {
            for (int peer : torus.peers(process, i)) {
                Slice theirs = torus.slice(peer, i + 1, length);
                if (theirs.count() > 0) {
                    inbox.expect(round, MessageHeader.Kind.STATE, peer, theirs.of(next));
                }
            }
        }
    }

    /** Sends what this process has merged along a side, and takes in what the others have: {@link #merging} is then to be done before the next. */
    void reduce(int dimension, LocalBarrier.Patience patience) {
        Map<MergeTree.Node, RoundResult> partial = tree.partial();
        List<MessageHeader.Subtree> told = new ArrayList<>();
        partial.forEach(
                (node, result) -> told.add(new MessageHeader.Subtree(node, result.without(), result.state() != null)));
        List<Floats> states = partial.values().stream()
                .map(RoundResult::state)
                .filter(state -> state != null)
                .toList();
        List<Integer> peers = torus.peers(process, dimension);
        for (int peer : peers) {
            Slice theirs = torus.slice(peer, dimension + 1, length).within(slice);
            send(
                    peer,
                    MessageHeader.Kind.SLICES,
                    theirs.count() * states.size(),
                    told,
                    states.stream().map(theirs::of).toArray(Floats[]::new));
        }
        Slice mine = torus.slice(process, dimension + 1, length);
        Slice inner = mine.within(slice);
        merging = new Merging.Later();
        tree = new MergeTree(assignment.workers(), merging);
        partial.forEach((node, result) ->
                tree.add(node, result.state() == null ? result : result.with(inner.of(result.state()))));
        slice = mine;
        for (int peer : peers) {
            add(inbox.take(round, MessageHeader.Kind.SLICES, peer, patience));
        }
    }

    private void add(Inbox.Delivery delivery) {
        MessageHeader head = delivery.head();
        last |= head.last();
        busiestNanos = Math.max(busiestNanos, head.busiestNanos());
        if (delivery.numbers() != null) {
            borrowed.add(delivery.numbers());
        }
        int at = 0;
        for (MessageHeader.Subtree subtree : head.subtrees()) {
            RoundResult result = subtree.told();
            if (subtree.hasState() && slice.count() > 0) {
                result = result.with(delivery.numbers().view(at, slice.count()));
                at += slice.count();
            } else if (subtree.hasState()) {
                result = result.with(Floats.allocate(0));
            }
            tree.add(subtree.node(), result);
        }
    }

    /** What is to be done to the states, which are slices, after {@link #reduce}. */
    Merging.Later merging() {
        return merging;
    }

    /** The round's result after the last side; its state is this process's slice. */
    RoundResult result() {
        return tree.root();
    }

    /** Whether the round is the span's last. */
    boolean isLast() {
        return last;
    }

    /** The most time that a task of all was at work before. */
    long busiestNanos() {
        return busiestNanos;
    }

    /** Sends this process's slice of the next state, and takes in the others', back along the sides. */
    void gather(Floats next, LocalBarrier.Patience patience) {
        for (int i = dimensions() - 1; i >= 0; i--) {
            Slice mine = torus.slice(process, i + 1, length);
            for (int peer : torus.peers(process, i)) {
                send(peer, MessageHeader.Kind.STATE, mine.count(), List.of(), mine.of(next));
            }
            for (int peer : torus.peers(process, i)) {
                inbox.take(round, MessageHeader.Kind.STATE, peer, patience);
            }
        }
        end();
    }

    /** Ends a round without a state: gives back the memory of what came. */
    void end() {
        borrowed.forEach(inbox::giveBack);
        borrowed.clear();
    }

    private void send(
            int peer, MessageHeader.Kind kind, int numbers, List<MessageHeader.Subtree> told, Floats... body) {
        post.send(peer, new MessageHeader(span, round, process, kind, numbers, last, busiestNanos, told), body);
    }
}
