package org.coinflip.model.layer.experts;

import org.coinflip.model.error.UsageException;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.layer.Binding;
import org.coinflip.model.layer.Mode;
import org.coinflip.model.layer.PassContext;
import org.coinflip.model.layer.Stage;
import org.coinflip.model.memory.Matrix;

/** Gated experts in one pass: what they read, the gates, and how much of the work was done. */
public abstract class ExpertsStage extends Stage {
    private final ExpertsLayer layer;
    private final Binding binding;
    private final Stage gates;
    private final Stage inputs;
    private final boolean areInputsOutside;
    private final ExpertsWork work;
    private final double sparseBelow;

    /** x of every row and the gradient with respect to it, where they are not the inputs' own rows; made when first needed. */
    private Matrix copiedInputs;

    private Matrix copiedGradient;

    /** @param sparseBelow the part of the gates that may be open for leaving out closed experts to be faster */
    ExpertsStage(ExpertsLayer layer, Binding binding, double sparseBelow) {
        super(Matrix.padded(binding.capacity(), layer.outputs(layer.experts())));
        this.layer = layer;
        this.binding = binding;
        this.sparseBelow = sparseBelow;
        gates = binding.source();
        int from = binding.index() - layer.gater() - 1;
        inputs = binding.stage(from);
        areInputsOutside = binding.isOutside(from);
        if (inputs.output().columns() != layer.inputs()) {
            throw new UsageException("network.layers[" + binding.index() + "].inputs: got " + layer.inputs()
                    + ", expected " + inputs.output().columns() + ", the width of what the gater reads");
        }
        work = new ExpertsWork(binding.state().view(binding.segment(ExpertsLayer.WORK)));
        requireGradient();
    }

    /** The layer's number. */
    public final int index() {
        return binding.index();
    }

    @Override
    public final Matrix gates() {
        return gates.output();
    }

    final Stage gateStage() {
        return gates;
    }

    final ExpertsWork work() {
        return work;
    }

    final Backend backend() {
        return binding.backend();
    }

    @Override
    public final int rows(PassContext context) {
        return gates.rows(context);
    }

    /**
     * Whether closed experts are left out. In use the choice must not depend on which examples are in a batch: one and the same gives the same
     * bits in each.
     *
     * @param density the part of this batch's gates that are open
     */
    final boolean isSparse(Mode mode, double density) {
        return switch (layer.compute()) {
            case SPARSE -> true;
            case DENSE -> false;
            case AUTO -> mode == Mode.TRAIN
                    ? density < sparseBelow
                    : mode != Mode.MEANS && work.isKnown() && work.open() < sparseBelow;
        };
    }

    /** x of every row here: those of the inputs, repeated where the gates were drawn several times or this is a probe. */
    final Matrix inputRows(PassContext context, int rows) {
        if (!areInputsOutside && inputs.rows(context) * context.copies() == rows) {
            return inputs.output();
        }
        if (copiedInputs == null) {
            copiedInputs = Matrix.padded(binding.capacity(), layer.inputs());
        }
        for (int r = 0; r < rows; r++) {
            copiedInputs.setRows(r, inputs.output(), inputRow(context, r), 1);
        }
        return copiedInputs;
    }

    private int inputRow(PassContext context, int row) {
        PassContext theirs = areInputsOutside ? context.outer() : context;
        int same = areInputsOutside ? context.outerRow(row) : row;
        return same % (inputs.rows(theirs) * theirs.copies());
    }

    /**
     * Has the gradient with respect to {@link #inputRows} computed, and added to that of the stage that the experts read, where it is wanted.
     *
     * @param x what {@link #inputRows} gave
     */
    final void propagate(PassContext context, Matrix x) {
        if (areInputsOutside || inputs.gradient() == null) {
            return;
        }
        if (x == inputs.output()) {
            propagate(rows(context) * context.copies(), inputs.claimGradient(), inputs.gradient());
            return;
        }
        if (copiedGradient == null) {
            copiedGradient = Matrix.padded(binding.capacity(), layer.inputs());
        }
        int rows = rows(context) * context.copies();
        propagate(rows, 0f, copiedGradient);
        int inputRows = inputs.rows(context) * context.copies();
        float carry = inputs.claimGradient();
        for (int r = 0; r < rows; r++) {
            int at = inputRow(context, r);
            for (int k = 0; k < layer.inputs(); k++) {
                float before =
                        r < inputRows && carry == 0f ? 0f : inputs.gradient().get(at, k);
                inputs.gradient().set(at, k, before + copiedGradient.get(r, k));
            }
        }
    }

    /** {@code gradient ← carry · gradient + ∂L/∂x}, by rows of x. */
    abstract void propagate(int rows, float carry, Matrix gradient);
}
