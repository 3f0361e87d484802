package org.coinflip.model.layer.experts;

import java.util.Arrays;
import org.coinflip.model.layer.Binding;
import org.coinflip.model.layer.Mode;
import org.coinflip.model.layer.PassContext;
import org.coinflip.model.memory.Floats;
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
    private final Matrix noRow;
    /** Numbers of an expert, of a row's part that they go to, and of x's gradient. */
    private final float[] value;

    private final float[] part;
    private final float[] gatesGradient;
    private final float[] inputsGradient;
    private final float[] added;
    private int[] kept = {};
    private Matrix x;
    private double density;
    private boolean isSparse;
    private boolean wasAllComputed;

    BlockExpertsStage(ExpertsLayer layer, Binding binding) {
        super(layer, binding, SPARSE_BELOW);
        this.layer = layer;
        levels = new BlockLevel[layer.levels()];
        for (int l = 0; l < levels.length; l++) {
            levels[l] = new BlockLevel(layer, l, binding);
        }
        top = levels[levels.length - 1];
        routing = new Routing(layer.experts());
        noRow = Matrix.padded(1, output().columns());
        value = new float[layer.units()];
        part = new float[layer.units()];
        gatesGradient = new float[layer.experts()];
        inputsGradient = new float[layer.inputs()];
        added = new float[layer.inputs()];
    }

    @Override
    public void forward(PassContext context) {
        int rows = rows(context) * context.copies();
        x = inputRows(context, rows);
        routing.set(gates(), rows, false);
        density = (double) routing.places() / ((double) rows * layer.experts());
        isSparse = isSparse(context.mode(), density);
        wasAllComputed =
                !isSparse || (context.mode() == Mode.TRAIN && gateStage().wantsGradientAtZero());
        if (wasAllComputed) {
            routing.set(gates(), rows, true);
        }
        for (int l = 0; l < levels.length; l++) {
            levels[l].forward(routing, l == 0 ? x : levels[l - 1].values(), l == 0, rows);
        }
        for (int r = 0; r < rows; r++) {
            output().setRows(r, noRow, 0, 1);
        }
        Floats out = output().floats();
        for (int g = 0; g < routing.groups(); g++) {
            for (int p = routing.start(g); p < routing.start(g + 1); p++) {
                float gate = routing.gate(p);
                if (gate != 0f) {
                    int at = place(routing.expert(g), routing.row(p));
                    top.values().getRow(p, value, 0);
                    out.get(at, part, 0, part.length);
                    for (int j = 0; j < part.length; j++) {
                        part[j] += gate * value[j];
                    }
                    out.set(at, part, 0, part.length);
                }
            }
        }
    }

    /** Where in the output's numbers, or its gradient's, an expert's part of a row begins. */
    private int place(int expert, int row) {
        return row * output().stride() + (layer.isSummed() ? 0 : expert * layer.units());
    }

    @Override
    public void backward(PassContext context) {
        int rows = rows(context) * context.copies();
        if (gateStage().gradient() != null) {
            addGatesGradient(rows);
        }
        if (isSparse && wasAllComputed) {
            keepOpen();
        }
        top.beginBackward(routing);
        Floats gradient = gradient().floats();
        for (int g = 0; g < routing.groups(); g++) {
            for (int p = routing.start(g); p < routing.start(g + 1); p++) {
                gradient.get(place(routing.expert(g), routing.row(p)), part, 0, part.length);
                float gate = routing.gate(p);
                for (int j = 0; j < part.length; j++) {
                    part[j] *= gate;
                }
                top.deltas().setRow(p, part, 0);
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
            for (int r = 0; r < rows; r++) {
                to.setRow(r, gatesGradient, 0);
            }
        }
        Floats gradient = gradient().floats();
        for (int g = 0; g < routing.groups(); g++) {
            int expert = routing.expert(g);
            for (int p = routing.start(g); p < routing.start(g + 1); p++) {
                int row = routing.row(p);
                gradient.get(place(expert, row), part, 0, part.length);
                top.values().getRow(p, value, 0);
                to.set(row, expert, to.get(row, expert) + dot(part, value));
            }
        }
    }

    /** In four sums, for each is a chain. */
    private static float dot(float[] a, float[] b) {
        float s0 = 0f;
        float s1 = 0f;
        float s2 = 0f;
        float s3 = 0f;
        int whole = a.length / 4 * 4;
        for (int j = 0; j < whole; j += 4) {
            s0 += a[j] * b[j];
            s1 += a[j + 1] * b[j + 1];
            s2 += a[j + 2] * b[j + 2];
            s3 += a[j + 3] * b[j + 3];
        }
        for (int j = whole; j < a.length; j++) {
            s0 += a[j] * b[j];
        }
        return s0 + s2 + (s1 + s3);
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
            Arrays.fill(added, 0f);
            for (int r = 0; r < rows; r++) {
                to.setRow(r, added, 0);
            }
        }
        for (int g = 0; g < routing.groups(); g++) {
            Matrix ofGroup = levels[0].gradientBelow(routing, g);
            for (int p = routing.start(g); p < routing.start(g + 1); p++) {
                ofGroup.getRow(p - routing.start(g), added, 0);
                to.getRow(routing.row(p), inputsGradient, 0);
                for (int k = 0; k < added.length; k++) {
                    inputsGradient[k] += added[k];
                }
                to.setRow(routing.row(p), inputsGradient, 0);
            }
        }
    }

    @Override
    public void accumulate(PassContext context) {
        int rows = rows(context);
        for (int l = 0; l < levels.length; l++) {
            levels[l].accumulate(routing, l == 0 ? x : levels[l - 1].values(), l == 0, rows, context.examples());
        }
        work().add(density, wasAllComputed ? 1 : density, isSparse ? density : 1);
    }
}
