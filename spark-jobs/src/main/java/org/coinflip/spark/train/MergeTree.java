package org.coinflip.spark.train;

import java.util.HashMap;
import java.util.Map;
import org.coinflip.model.kernel.Updating;

/**
 * Combines the results of all workers along one binary tree over their numbers: node (level, i) is the merge of nodes (level − 1, 2i) and
 * (level − 1, 2i + 1), a child that does not exist being left out. The tree does not depend on who computes which block or on the
 * order of arrival, so neither do the bits. Holds only results whose sibling is missing. Not thread-safe.
 */
final class MergeTree {
    private record Node(int level, int index) {}

    private final int leaves;
    private final int level;
    private final int rootLevel;
    private final Updating kernels;
    private final StatePool pool;
    private final Map<Node, RoundResult> waiting = new HashMap<>();
    private RoundResult root;

    /**
     * @param blocks number of blocks to combine
     * @param level the level of a block: it holds 2^level workers
     * @param pool where states go that have been merged into others
     */
    MergeTree(int blocks, int level, Updating kernels, StatePool pool) {
        this.leaves = blocks;
        this.level = level;
        this.kernels = kernels;
        this.pool = pool;
        this.rootLevel = level + (blocks <= 1 ? 0 : 32 - Integer.numberOfLeadingZeros(blocks - 1));
    }

    /** Takes the result of a block, in any order, each once. */
    void add(int block, RoundResult result) {
        Node node = new Node(level, block);
        RoundResult merged = result;
        while (node.level < rootLevel) {
            int sibling = node.index ^ 1;
            if (exists(node.level, sibling)) {
                RoundResult other = waiting.remove(new Node(node.level, sibling));
                if (other == null) {
                    waiting.put(node, merged);
                    return;
                }
                merged = node.index < sibling ? merged.merge(other, kernels, pool) : other.merge(merged, kernels, pool);
            }
            node = new Node(node.level + 1, node.index / 2);
        }
        root = merged;
    }

    /** The whole; every block must have been added. */
    RoundResult root() {
        if (root == null) {
            throw new IllegalStateException("results of " + waiting.size() + " subtrees wait for others");
        }
        return root;
    }

    /** Whether a block's result would be merged at once. */
    boolean completes(int block) {
        int sibling = block ^ 1;
        return !exists(level, sibling) || waiting.containsKey(new Node(level, sibling));
    }

    /** States that wait for others. */
    int waiting() {
        return waiting.size();
    }

    private boolean exists(int nodeLevel, int index) {
        return (long) index << (nodeLevel - level) < leaves;
    }
}
