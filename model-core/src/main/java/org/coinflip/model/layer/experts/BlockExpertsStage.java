package org.coinflip.model.layer.experts;

import org.coinflip.model.kernel.operation.Gathering;
import org.coinflip.model.layer.Binding;
import org.coinflip.model.layer.Mode;
import org.coinflip.model.layer.PassContext;
import org.coinflip.model.memory.Matrix;

/**
 * Experts of many units, or of several levels, in one pass. The rows that open an expert are gathered and multiplied together, forward and backward,
 * by the matrix library; where all are computed, every expert multiplies all rows.
 */
final class BlockExpertsStage extends ExpertsStage {
    /** The part of the gates that may be open for the gathering to be worth it; measured by {@code BlocksBenchmark}. */
    private static final double SPARSE_BELOW = 0.7;

    private final ExpertsLayer layer;
    private final BlockLevel[] levels;
    private final BlockLevel top;
    private final Routing routing;
    private final Gathering rowKernels;
    private final float[] parts = new float[Matrix.ROW_UNIT];
    private int[] kept = {};
    private Matrix x;
    private double density;
    private boolean isSparse;
    private boolean computesAll;

    BlockExpertsStage(ExpertsLayer layer, Binding binding) {
        super(layer, binding, SPARSE_BELOW);
        this.layer = layer;
        levels = new BlockLevel[layer.levels()];
        for (int l = 0; l < levels.length; l++) {
            levels[l] = new BlockLevel(layer, l, binding);
        }
        top = levels[levels.length - 1];
        routing = new Routing(layer.experts());
        rowKernels = binding.backend().gathering();
    }

    @Override
    public void forward(PassContext context) {
        int rows = rows(context) * context.copies();
        x = inputRows(context, rows);
        routing.set(gates(), rows, false);
        density = (double) routing.places() / ((double) rows * layer.experts());
        isSparse = isSparse(context.mode(), density);
        computesAll = !isSparse || (context.mode() == Mode.TRAIN && gateStage().wantsGradientAtZero());
        if (computesAll) {
            routing.set(gates(), rows, true);
        }
        for (int l = 0; l < levels.length; l++) {
            levels[l].forward(routing, l == 0 ? x : levels[l - 1].values(), l == 0, rows);
        }
        output().clearRows(0, rows);
        for (int g = 0; g < routing.groups(); g++) {
            int column = column(routing.expert(g));
            for (int p = routing.start(g); p < routing.start(g + 1); p++) {
                if (routing.gate(p) != 0f) {
                    rowKernels.addRow(routing.gate(p), top.values(), p, output(), routing.row(p), column);
                }
            }
        }
    }

    /** Where in a row of the output, or of its gradient, an expert's part begins. */
    private int column(int expert) {
        return layer.isSummed() ? 0 : expert * layer.units();
    }

    @Override
    public void backward(PassContext context) {
        int rows = rows(context) * context.copies();
        if (gateStage().gradient() != null) {
            addGatesGradient(rows);
        }
        if (isSparse && computesAll) {
            keepOpen();
        }
        top.beginBackward(routing);
        for (int g = 0; g < routing.groups(); g++) {
            int column = column(routing.expert(g));
            for (int p = routing.start(g); p < routing.start(g + 1); p++) {
                rowKernels.scaleRow(routing.gate(p), gradient(), routing.row(p), column, top.deltas(), p);
            }
        }
        for (int l = levels.length - 1; l >= 0; l--) {
            levels[l].throughActivation(routing);
            if (l > 0) {
                levels[l - 1].beginBackward(routing);
                levels[l].propagate(routing, levels[l - 1].deltas());
            }
        }
        propagate(context);
    }

    /** ∂L/∂h = Σ_j ∂L/∂y_j z_j, where z was computed. */
    private void addGatesGradient(int rows) {
        Matrix to = gateStage().gradient();
        float carry = gateStage().claimGradient();
        if (carry == 0f) {
            to.clearRows(0, rows);
        }
        for (int g = 0; g < routing.groups(); g++) {
            int expert = routing.expert(g);
            for (int p = routing.start(g); p < routing.start(g + 1); p++) {
                int row = routing.row(p);
                float product = rowKernels.dot(gradient(), row, column(expert), top.values(), p, parts);
                to.set(row, expert, to.get(row, expert) + product);
            }
        }
    }

    /** Closed experts have no part in what is below their gates. */
    private void keepOpen() {
        int computed = routing.places();
        if (kept.length < computed) {
            kept = new int[computed + computed / 2];
        }
        routing.keepOpen(kept);
        for (BlockLevel level : levels) {
            level.keep(kept, routing.places());
        }
    }

    @Override
    void propagate(int rows, float carry, Matrix to) {
        if (carry == 0f) {
            to.clearRows(0, rows);
        }
        for (int g = 0; g < routing.groups(); g++) {
            Matrix ofGroup = levels[0].gradientBelow(routing, g);
            for (int p = routing.start(g); p < routing.start(g + 1); p++) {
                rowKernels.addRow(1f, ofGroup, p - routing.start(g), to, routing.row(p), 0);
            }
        }
    }

    @Override
    public void accumulate(PassContext context) {
        int rows = rows(context);
        for (int l = 0; l < levels.length; l++) {
            levels[l].accumulate(routing, l == 0 ? x : levels[l - 1].values(), l == 0, rows, context.examples());
        }
        work().add(density, computesAll ? 1 : density, isSparse ? density : 1);
    }
}
