package org.coinflip.model.layer.experts;

import java.util.Arrays;
import org.coinflip.model.kernel.operation.ScalarMath;
import org.coinflip.model.layer.Binding;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;

/** What a tree of experts gives on average over its decisions, {@code E[y | x] = Σ_ℓ P(ℓ | x) f(V_ℓ x + b_ℓ)}: of all leaves, one after another. */
final class TreeMeans {
    private final TreeExpertsLayer layer;
    private final GatheredUnits nodes;
    private final GatheredUnits leaves;
    private final Binding binding;
    private Room room;

    /** What the computation needs; made by the first, for trainings need none. */
    private record Room(Matrix logits, float[][] reach, int[] place, Matrix values, Floats noBiases) {}

    TreeMeans(TreeExpertsLayer layer, GatheredUnits nodes, GatheredUnits leaves, Binding binding) {
        this.layer = layer;
        this.nodes = nodes;
        this.leaves = leaves;
        this.binding = binding;
    }

    void compute(Matrix x, int rows, Matrix out) {
        if (room == null) {
            int capacity = binding.capacity();
            room = new Room(
                    Matrix.padded(capacity, layer.depth()),
                    new float[layer.depth() + 1][capacity],
                    new int[capacity],
                    Matrix.padded(capacity, layer.units()),
                    Floats.allocate(layer.units()));
        }
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < layer.units(); j++) {
                out.set(r, j, 0f);
            }
        }
        Arrays.fill(room.reach[0], 0, rows, 1f);
        add(0, 0, x, rows, out);
    }

    /** Adds the leaves under a node, which paths reach with the probabilities {@code reach[level]}. */
    private void add(int node, int level, Matrix x, int rows, Matrix out) {
        boolean isLeaf = level == layer.depth();
        int first = isLeaf ? (node - (layer.leaves() - 1)) * layer.units() : node;
        Arrays.fill(room.place, 0, rows, first);
        if (isLeaf) {
            addLeaf(x, rows, out);
            return;
        }
        nodes.multiply(x, room.place, rows, room.logits, level);
        for (int child = 1; child <= 2; child++) {
            for (int r = 0; r < rows; r++) {
                float logit = room.logits.get(r, level);
                float p = ScalarMath.sigmoid(child == 1 ? -logit : logit);
                room.reach[level + 1][r] = room.reach[level][r] * p;
            }
            add(2 * node + child, level + 1, x, rows, out);
        }
    }

    private void addLeaf(Matrix x, int rows, Matrix out) {
        leaves.multiply(x, room.place, rows, room.values, 0);
        binding.backend().elementwise().activate(layer.activation(), room.values, room.noBiases, rows);
        for (int r = 0; r < rows; r++) {
            float weight = room.reach[layer.depth()][r];
            for (int j = 0; j < layer.units(); j++) {
                out.set(r, j, out.get(r, j) + weight * room.values.get(r, j));
            }
        }
    }
}
