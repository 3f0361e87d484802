package org.coinflip.spark.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.coinflip.model.memory.Floats;

/**
 * The all-reduce among the processes (crews) of a stretch, which are the points of a {@link Torus}. Along one side after the other every crew cuts the part of a state
 * that it still has to do with into a slice for each crew of that side, sends the others their slices of what it has merged, and merges what they send
 * of its own (reduce-scatter); after the last the tree is whole in a slice of P / m numbers. That goes back the same way (all-gather):
 * 2 P (m − 1) / m numbers go out of each of m crews and as many come in, where the workers of a side make one subtree; with s subtrees s P instead of
 * the first P. Every number is summed along the one tree, whatever the sides: the bits are the same.
 *
 * <p>A crew is never more than a round ahead of another of its sides: it finishes a round when it has their slices of the state, which they send when
 * they have its own. So what was sent in a round has come when the round ends, and its memory is free.
 *
 * <p>Patarasuk, Yuan (2009), "Bandwidth optimal all-reduce algorithms for clusters of workstations", for the lower bound; Mikami et al. (2018),
 * arXiv 1811.05233, for the torus.
 */
final class Exchange {
    /** Sends numbers to another crew; they are read while they are on their way. */
    interface Post {
        void send(int peer, Parcel parcel, Floats... body);
    }

    private final long stretch;
    private final Roster roster;
    private final Torus torus;
    private final int crew;
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
     * @param stretch its id
     * @param crew which of the roster's crews this is
     * @param length numbers of a state
     */
    Exchange(long stretch, Roster roster, Torus torus, int crew, Post post, Inbox inbox, int length) {
        this.stretch = stretch;
        this.roster = roster;
        this.torus = torus;
        this.crew = crew;
        this.post = post;
        this.inbox = inbox;
        this.length = length;
    }

    /** How many times slices are sent until the tree is whole. */
    int dimensions() {
        return torus.dimensions();
    }

    /** This crew's slice of a state at the end. */
    Slice slice() {
        return torus.slice(crew, dimensions(), length);
    }

    /** This crew's slice so far. */
    Slice sliceNow() {
        return slice;
    }

    /**
     * Begins a round.
     *
     * @param partial the crew's subtrees; their states are not modified but in this crew's slices
     * @param next where the next state is to lie
     * @param wantsLast whether this crew wants the round to be the last; the first crew's wish counts, or all have the same
     * @param busy the most time that a task of the crew was at work before
     */
    void begin(int number, Map<MergeTree.Node, RoundResult> partial, Floats next, boolean wantsLast, long busy) {
        round = number;
        last = wantsLast;
        busiestNanos = busy;
        slice = new Slice(0, length);
        tree = new MergeTree(roster.workers(), new Merging.Later());
        partial.forEach(tree::add);
        for (int i = 0; i < dimensions(); i++) {
            for (int peer : torus.peers(crew, i)) {
                Slice theirs = torus.slice(peer, i + 1, length);
                if (theirs.count() > 0) {
                    inbox.expect(round, Parcel.Kind.STATE, peer, theirs.of(next));
                }
            }
        }
    }

    /** Sends what this crew has merged along a side, and takes in what the others have: {@link #merging} is then to be done before the next. */
    void reduce(int dimension, Meeting.Patience patience) {
        Map<MergeTree.Node, RoundResult> partial = tree.partial();
        List<Parcel.Subtree> told = new ArrayList<>();
        partial.forEach((node, result) -> told.add(new Parcel.Subtree(node, result.without(), result.state() != null)));
        List<Floats> states = partial.values().stream()
                .map(RoundResult::state)
                .filter(state -> state != null)
                .toList();
        List<Integer> peers = torus.peers(crew, dimension);
        for (int peer : peers) {
            Slice theirs = torus.slice(peer, dimension + 1, length).within(slice);
            send(
                    peer,
                    Parcel.Kind.SLICES,
                    theirs.count() * states.size(),
                    told,
                    states.stream().map(theirs::of).toArray(Floats[]::new));
        }
        Slice mine = torus.slice(crew, dimension + 1, length);
        Slice inner = mine.within(slice);
        merging = new Merging.Later();
        tree = new MergeTree(roster.workers(), merging);
        partial.forEach((node, result) ->
                tree.add(node, result.state() == null ? result : result.with(inner.of(result.state()))));
        slice = mine;
        for (int peer : peers) {
            add(inbox.take(round, Parcel.Kind.SLICES, peer, patience));
        }
    }

    private void add(Inbox.Delivery delivery) {
        Parcel parcel = delivery.parcel();
        last |= parcel.last();
        busiestNanos = Math.max(busiestNanos, parcel.busiestNanos());
        if (delivery.numbers() != null) {
            borrowed.add(delivery.numbers());
        }
        int at = 0;
        for (Parcel.Subtree subtree : parcel.subtrees()) {
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

    /** The round's result after the last side; its state is this crew's slice. */
    RoundResult result() {
        return tree.root();
    }

    /** Whether the round is the stretch's last. */
    boolean isLast() {
        return last;
    }

    /** The most time that a task of all was at work before. */
    long busiestNanos() {
        return busiestNanos;
    }

    /** Sends this crew's slice of the next state, and takes in the others', back along the sides. */
    void gather(Floats next, Meeting.Patience patience) {
        for (int i = dimensions() - 1; i >= 0; i--) {
            Slice mine = torus.slice(crew, i + 1, length);
            for (int peer : torus.peers(crew, i)) {
                send(peer, Parcel.Kind.STATE, mine.count(), List.of(), mine.of(next));
            }
            for (int peer : torus.peers(crew, i)) {
                inbox.take(round, Parcel.Kind.STATE, peer, patience);
            }
        }
        end();
    }

    /** Ends a round without a state: gives back the memory of what came. */
    void end() {
        borrowed.forEach(inbox::giveBack);
        borrowed.clear();
    }

    private void send(int peer, Parcel.Kind kind, int numbers, List<Parcel.Subtree> told, Floats... body) {
        post.send(peer, new Parcel(stretch, round, crew, kind, numbers, last, busiestNanos, told), body);
    }
}
