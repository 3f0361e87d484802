package org.coinflip.model.layer;

import java.util.List;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.memory.Matrix;

/**
 * What a stage reads of a layer further below than the one right below it: x, the output of that layer or the network's input, a row for each
 * row of the stage. Where layers between draw several samples of a row, its x is repeated for each, and their gradients are added up. In a probe, x of a
 * layer below the points is that of the pass that is probed, whose rows its own are copies of, and is held fixed: the gradient is with respect to the points
 * alone. Belongs to one thread.
 */
public final class SkipConnection {
    private final Stage stage;
    private final int layer;
    private final boolean isOutside;
    private final int capacity;

    /** x of every row and the gradient with respect to it, where they are not the stage's own rows; made when first needed. */
    private Matrix copied;

    private Matrix copiedGradient;

    /** What has a gradient with respect to x. */
    public interface Gradient {
        /** {@code to ← carry · to + ∂L/∂x}, by rows of x. */
        void add(int rows, float carry, Matrix to);
    }

    /**
     * @param binding of the stage that reads
     * @param layer whose output is read; −1 for the network's input
     */
    public SkipConnection(Binding binding, int layer) {
        this.layer = layer;
        stage = binding.stage(layer);
        isOutside = binding.isOutside(layer);
        capacity = binding.capacity();
    }

    /**
     * Refuses to read what is not there, and transformed units, whose step is one in the coordinates of those weights alone that they know of.
     *
     * @param index the number of the layer that reads
     * @param key that says around how many layers
     * @param around how many layers right below lie between
     * @param layers all of the network
     */
    public static void check(int index, String key, int around, List<Layer> layers) {
        String got = "network.layers[" + index + "]." + key + ": got " + around + ", expected ";
        if (around > index) {
            throw new UsageException(got + "at most " + index + ": there are no more layers below");
        }
        if (around < index && layers.get(source(index, around)) instanceof TransformedLayer) {
            throw new UsageException(
                    got + "another number, or a layer between: what would be read is a transformed layer, and only the"
                            + " weights of transformed, dense and output layers step by transformed units");
        }
    }

    /** The number of the layer that is read around so many; −1 for the network's input. */
    public static int source(int index, int around) {
        return index - 1 - around;
    }

    /** Columns of x. */
    public int columns() {
        return stage.output().columns();
    }

    /** Whether the gradient with respect to x is wanted. */
    public boolean isDifferentiable() {
        return !isOutside && stage.gradient() != null;
    }

    /** x of so many rows of the stage that reads, copies included. */
    public Matrix values(PassContext context, int rows) {
        if (isRowByRow(context, rows)) {
            return stage.output();
        }
        if (copied == null) {
            copied = Matrix.padded(capacity, columns());
        }
        read(context, rows, copied);
        return copied;
    }

    /** Writes x of so many rows of the stage that reads. */
    public void read(PassContext context, int rows, Matrix to) {
        if (isRowByRow(context, rows)) {
            to.setRows(0, stage.output(), 0, rows);
            return;
        }
        for (int r = 0; r < rows; r++) {
            to.setRows(r, stage.output(), row(context, r), 1);
        }
    }

    private boolean isRowByRow(PassContext context, int rows) {
        return !isOutside && stage.rows(context) * context.copies() == rows;
    }

    /** The row of the layer's output that a row of the stage reads. */
    private int row(PassContext context, int row) {
        PassContext theirs = context;
        int at = row;
        while (theirs.isOutside(layer)) {
            at = theirs.outerRow(at);
            theirs = theirs.outer();
        }
        return at % (stage.rows(theirs) * theirs.copies());
    }

    /** Has the gradient with respect to {@link #values} computed, and added to that of the layer's output, where it is wanted. */
    public void propagate(PassContext context, int rows, Gradient gradient) {
        if (!isDifferentiable()) {
            return;
        }
        if (isRowByRow(context, rows)) {
            gradient.add(rows, stage.claimGradient(), stage.gradient());
            return;
        }
        if (copiedGradient == null) {
            copiedGradient = Matrix.padded(capacity, columns());
        }
        gradient.add(rows, 0f, copiedGradient);
        int stageRows = stage.rows(context) * context.copies();
        float carry = stage.claimGradient();
        for (int r = 0; r < rows; r++) {
            int at = row(context, r);
            for (int k = 0; k < columns(); k++) {
                float before =
                        r < stageRows && carry == 0f ? 0f : stage.gradient().get(at, k);
                stage.gradient().set(at, k, before + copiedGradient.get(r, k));
            }
        }
    }
}
