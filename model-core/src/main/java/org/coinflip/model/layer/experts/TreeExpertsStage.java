package org.coinflip.model.layer.experts;

import java.util.Arrays;
import org.coinflip.model.layer.Binding;
import org.coinflip.model.layer.Mode;
import org.coinflip.model.layer.PassContext;
import org.coinflip.model.layer.Stage;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;

/**
 * A tree of experts in one pass. Nodes are numbered level by level from the root, 0: the children of v are 2v + 1, left, and 2v + 2, right. All rows go down a
 * level together, so that what one row waits for in memory another one's product hides.
 */
final class TreeExpertsStage extends Stage {
    private final TreeExpertsLayer layer;
    private final Binding binding;
    private final Stage source;
    private final GatheredUnits nodes;
    private final GatheredUnits leaves;
    private final TreeDecisions decisions;
    private final TreeMeans means;
    /** Where each row is at each level, and at the end the leaf. */
    private final int[][] path;

    /** The first unit of each row's leaf. */
    private final int[] leaf;

    private final Floats noBiases;
    private final Matrix noRow;
    /** x of every row and the gradient with respect to it, where paths are drawn several times; null where they are not. */
    private final Matrix copiedInputs;

    private final Matrix copiedGradient;
    private Matrix x;

    TreeExpertsStage(TreeExpertsLayer layer, Binding binding) {
        super(Matrix.padded(binding.capacity() * layer.fanOut(), layer.units()));
        this.layer = layer;
        this.binding = binding;
        source = binding.source();
        int capacity = output().rows();
        int inputs = source.output().columns();
        nodes = new GatheredUnits(binding, TreeExpertsLayer.DECISIONS, 1);
        leaves = new GatheredUnits(binding, "", layer.units());
        decisions = new TreeDecisions(layer, binding);
        means = new TreeMeans(layer, nodes, leaves, binding);
        path = new int[layer.depth() + 1][capacity];
        leaf = new int[capacity];
        noBiases = Floats.allocate(layer.units());
        noRow = Matrix.padded(1, inputs);
        boolean copies = layer.fanOut() > 1;
        copiedInputs = copies ? Matrix.padded(capacity, inputs) : null;
        copiedGradient = copies && source.gradient() != null ? Matrix.padded(capacity, inputs) : null;
        requireGradient();
    }

    @Override
    public int rows(PassContext context) {
        return source.rows(context) * (context.mode() == Mode.TRAIN ? layer.fanOut() : 1);
    }

    @Override
    public void forward(PassContext context) {
        int below = source.rows(context) * context.copies();
        int rows = rows(context) * context.copies();
        x = rows == below ? source.output() : copiedInputs;
        for (int from = 0; from < rows && rows > below; from += below) {
            x.setRows(from, source.output(), 0, below);
        }
        if (context.mode() == Mode.MEANS) {
            means.compute(x, rows, output());
            return;
        }
        decisions.begin(context, below, rows);
        Arrays.fill(path[0], 0, rows, 0);
        for (int level = 0; level < layer.depth(); level++) {
            nodes.multiply(x, path[level], rows, decisions.logits(), level);
            for (int r = 0; r < rows; r++) {
                path[level + 1][r] = 2 * path[level][r] + (decisions.isRight(r, level) ? 2 : 1);
            }
        }
        for (int r = 0; r < rows; r++) {
            leaf[r] = (path[layer.depth()][r] - (layer.leaves() - 1)) * layer.units();
        }
        leaves.multiply(x, leaf, rows, output(), 0);
        activate(rows, output());
    }

    private void activate(int rows, Matrix values) {
        binding.backend().elementwise().activate(layer.activation(), values, noBiases, rows);
    }

    @Override
    public void combine(PassContext context) {
        decisions.takeLosses();
    }

    @Override
    public void backward(PassContext context) {
        int rows = rows(context) * context.copies();
        binding.backend().elementwise().activationGradient(layer.activation(), output(), gradient(), rows);
        decisions.estimate();
        if (source.gradient() == null) {
            return;
        }
        float carry = source.claimGradient();
        if (copiedGradient == null) {
            clear(source.gradient(), carry == 0f ? rows : 0);
            propagate(rows, source.gradient());
            return;
        }
        clear(copiedGradient, rows);
        propagate(rows, copiedGradient);
        int below = source.rows(context) * context.copies();
        clear(source.gradient(), carry == 0f ? below : 0);
        for (int r = 0; r < rows; r++) {
            for (int k = 0; k < noRow.columns(); k++) {
                float before = source.gradient().get(r % below, k);
                source.gradient().set(r % below, k, before + copiedGradient.get(r, k));
            }
        }
    }

    private void clear(Matrix gradient, int rows) {
        for (int r = 0; r < rows; r++) {
            gradient.setRows(r, noRow, 0, 1);
        }
    }

    private void propagate(int rows, Matrix to) {
        leaves.propagate(gradient(), 0, leaf, rows, to);
        for (int level = 0; level < layer.depth(); level++) {
            nodes.propagate(decisions.logitGradient(), level, path[level], rows, to);
        }
    }

    @Override
    public void accumulate(PassContext context) {
        int rows = rows(context);
        if (context.weights() != null) {
            binding.backend().elementwise().scaleRows(context.weights(), rows, gradient());
            binding.backend().elementwise().scaleRows(context.weights(), rows, decisions.logitGradient());
        }
        nodes.beginStep();
        leaves.beginStep();
        for (int level = 0; level < layer.depth(); level++) {
            nodes.accumulate(decisions.logitGradient(), level, x, path[level], rows, context.examples());
        }
        leaves.accumulate(gradient(), 0, x, leaf, rows, context.examples());
        decisions.learn();
    }
}
