package org.coinflip.spark.round;

import java.io.Serializable;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;

/**
 * Combines the results of workers along one binary tree over their numbers: node (level, i) is the merge of nodes (level − 1, 2i) and
 * (level − 1, 2i + 1), a child without workers being left out. The tree does not depend on who computes which worker or on the
 * order of arrival, so neither do the bits: whoever has some of the workers merges what is complete, and hands on the rest, of which there are
 * {@code 2 log₂} at most where the workers are consecutive. Not thread-safe.
 */
public final class MergeTree {
    /** A subtree: the workers {@code [index · 2^level, (index + 1) · 2^level)}. */
    public record Node(int level, int index) implements Comparable<Node>, Serializable {
        private static final Comparator<Node> ORDER =
                Comparator.comparingLong(Node::first).thenComparingInt(Node::level);

        /** A worker alone. */
        public static Node of(int worker) {
            return new Node(0, worker);
        }

        private long first() {
            return (long) index << level;
        }

        @Override
        public int compareTo(Node other) {
            return ORDER.compare(this, other);
        }
    }

    private final BitSet workers;
    private final Merging merging;
    private final int rootLevel;
    private final Map<Node, RoundResult> waiting = new TreeMap<>();

    /** @param workers all there are, here and elsewhere */
    public MergeTree(BitSet workers, Merging merging) {
        this.workers = workers;
        this.merging = merging;
        this.rootLevel = workers.length() <= 1 ? 0 : 32 - Integer.numberOfLeadingZeros(workers.length() - 1);
    }

    /** Takes the result of a worker, in any order, each once. */
    public void add(int worker, RoundResult result) {
        add(Node.of(worker), result);
    }

    /** Takes the result of a subtree, in any order, each worker's once. */
    public void add(Node subtree, RoundResult result) {
        Node node = subtree;
        RoundResult merged = result;
        while (node.level < rootLevel) {
            Node sibling = new Node(node.level, node.index ^ 1);
            if (exists(sibling)) {
                RoundResult other = waiting.remove(sibling);
                if (other == null) {
                    break;
                }
                merged = node.index < sibling.index ? merged.merge(other, merging) : other.merge(merged, merging);
            }
            node = new Node(node.level + 1, node.index / 2);
        }
        waiting.put(node, merged);
    }

    /** What cannot be merged any further, by subtree; not a copy. */
    public Map<Node, RoundResult> partial() {
        return waiting;
    }

    /** The whole; every worker must have been added. */
    public RoundResult root() {
        RoundResult root = waiting.get(new Node(rootLevel, 0));
        if (root == null) {
            throw new IllegalStateException("results of " + waiting.size() + " subtrees wait for others");
        }
        return root;
    }

    private boolean exists(Node node) {
        int worker = workers.nextSetBit((int) Math.min(node.first(), Integer.MAX_VALUE));
        return worker >= 0 && worker < node.first() + (1L << node.level);
    }
}
