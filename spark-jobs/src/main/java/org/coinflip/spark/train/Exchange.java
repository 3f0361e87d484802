package org.coinflip.spark.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.coinflip.model.memory.Floats;

/**
 * Averages among the crews of a stretch. A state is cut into a slice for each crew. Every crew sends every other its slice of what it has
 * merged (reduce-scatter), finishes the tree in its own slice, and sends that to all (all-gather): 2 P (m − 1) / m numbers go out of each of m
 * crews and as many come in, where a crew's workers make one subtree; a crew with s subtrees sends s P instead of the first P.
 *
 * <p>A crew is never more than a round ahead: it finishes a round when it has everyone's slice of the state, which they send when they have its
 * own. So what was sent in a round has come when the round ends, and its memory is free.
 *
 * <p>Patarasuk, Yuan (2009), "Bandwidth optimal all-reduce algorithms for clusters of workstations", for the lower bound.
 */
final class Exchange {
    /**
     * A round's end in this crew's slice.
     *
     * @param tree of all workers; states are slices
     * @param merging what is still to be done to them
     * @param last whether the round is the stretch's last
     * @param busiestNanos the most time that a task of all was at work before
     */
    record Reduced(MergeTree tree, Merging.Later merging, boolean last, long busiestNanos) {}

    private final Stretch stretch;
    private final Roster roster;
    private final int crew;
    private final Wire wire;
    private final Inbox inbox;
    private final int length;
    private final List<Floats> borrowed = new ArrayList<>();

    /**
     * @param crew which of the roster's crews this is
     * @param length numbers of a state
     */
    Exchange(Stretch stretch, Roster roster, int crew, Wire wire, Inbox inbox, int length) {
        this.stretch = stretch;
        this.roster = roster;
        this.crew = crew;
        this.wire = wire;
        this.inbox = inbox;
        this.length = length;
    }

    /** This crew's slice of a state. */
    Slice slice() {
        return slice(crew);
    }

    private Slice slice(int of) {
        return Slice.of(of, roster.crews(), length);
    }

    /**
     * Sends what this crew has merged, and takes in what the others have.
     *
     * @param partial the crew's subtrees; their states are not modified but in this crew's slice
     * @param next where the next state is to lie
     * @param last whether this crew wants the round to be the last
     */
    Reduced reduce(
            int round,
            Map<MergeTree.Node, RoundResult> partial,
            Floats next,
            boolean last,
            long busiestNanos,
            Meeting.Patience patience) {
        List<Parcel.Subtree> told = partial.entrySet().stream()
                .map(entry -> new Parcel.Subtree(
                        entry.getKey(),
                        entry.getValue().without(),
                        entry.getValue().state() != null))
                .toList();
        List<Floats> states = partial.values().stream()
                .map(RoundResult::state)
                .filter(state -> state != null)
                .toList();
        for (int peer : peers()) {
            if (slice(peer).count() > 0) {
                inbox.expect(round, Parcel.Kind.STATE, peer, view(next, slice(peer)));
            }
        }
        for (int peer : peers()) {
            Slice theirs = slice(peer);
            Parcel parcel = new Parcel(
                    stretch.id(),
                    round,
                    crew,
                    Parcel.Kind.SLICES,
                    theirs.count() * states.size(),
                    last,
                    busiestNanos,
                    told);
            wire.send(
                    address(peer),
                    parcel,
                    inbox,
                    states.stream().map(state -> view(state, theirs)).toArray(Floats[]::new));
        }
        Merging.Later merging = new Merging.Later();
        MergeTree tree = new MergeTree(roster.workers(), merging);
        partial.forEach((node, result) ->
                tree.add(node, result.state() == null ? result : result.with(view(result.state(), slice()))));
        boolean ends = last;
        long busiest = busiestNanos;
        for (int peer : peers()) {
            Inbox.Delivery delivery = inbox.take(round, Parcel.Kind.SLICES, peer, patience);
            add(tree, delivery);
            ends = peer == 0 ? delivery.parcel().last() : ends;
            busiest = Math.max(busiest, delivery.parcel().busiestNanos());
        }
        return new Reduced(tree, merging, ends, busiest);
    }

    private void add(MergeTree tree, Inbox.Delivery delivery) {
        if (delivery.numbers() != null) {
            borrowed.add(delivery.numbers());
        }
        int at = 0;
        for (Parcel.Subtree subtree : delivery.parcel().subtrees()) {
            RoundResult result = subtree.told();
            if (subtree.hasState() && slice().count() > 0) {
                result = result.with(delivery.numbers().view(at, slice().count()));
                at += slice().count();
            } else if (subtree.hasState()) {
                result = result.with(Floats.allocate(0));
            }
            tree.add(subtree.node(), result);
        }
    }

    /** Sends this crew's slice of the next state, and takes in the others'. */
    void gather(int round, Floats next, Meeting.Patience patience) {
        for (int peer : peers()) {
            Parcel parcel =
                    new Parcel(stretch.id(), round, crew, Parcel.Kind.STATE, slice().count(), false, 0, List.of());
            wire.send(address(peer), parcel, inbox, view(next, slice()));
        }
        for (int peer : peers()) {
            inbox.take(round, Parcel.Kind.STATE, peer, patience);
        }
        borrowed.forEach(inbox::giveBack);
        borrowed.clear();
    }

    /** All but this, each crew beginning with the one after it. */
    private List<Integer> peers() {
        List<Integer> peers = new ArrayList<>();
        for (int i = 1; i < roster.crews(); i++) {
            peers.add((crew + i) % roster.crews());
        }
        return peers;
    }

    private Wire.Address address(int peer) {
        return roster.crew(peer).get(0).address();
    }

    private static Floats view(Floats state, Slice slice) {
        return state.view(slice.from(), slice.count());
    }
}
