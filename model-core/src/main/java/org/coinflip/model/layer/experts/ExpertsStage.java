package org.coinflip.model.layer.experts;

import org.coinflip.model.error.UsageException;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.layer.Binding;
import org.coinflip.model.layer.Mode;
import org.coinflip.model.layer.PassContext;
import org.coinflip.model.layer.SkipConnection;
import org.coinflip.model.layer.Stage;
import org.coinflip.model.memory.Matrix;

/** Gated experts in one pass: what they read, the gates, and how much of the work was done. */
public abstract class ExpertsStage extends Stage {
    private final ExpertsLayer layer;
    private final Binding binding;
    private final Stage gates;
    private final SkipConnection inputs;
    private final ExpertsWork work;
    private final double sparseBelow;
    private final SkipConnection.Gradient adder = this::propagate;

    /** @param sparseBelow the part of the gates that may be open for leaving out closed experts to be faster */
    ExpertsStage(ExpertsLayer layer, Binding binding, double sparseBelow) {
        super(Matrix.padded(binding.capacity(), layer.outputs(layer.experts())));
        this.layer = layer;
        this.binding = binding;
        this.sparseBelow = sparseBelow;
        gates = binding.source();
        inputs = new SkipConnection(binding, SkipConnection.source(binding.index(), layer.gater()));
        if (inputs.columns() != layer.inputs()) {
            throw new UsageException("network.layers[" + binding.index() + "].inputs: got " + layer.inputs()
                    + ", expected " + inputs.columns() + ", the width of what the gater reads");
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

    /** x of every row here. */
    final Matrix inputRows(PassContext context, int rows) {
        return inputs.values(context, rows);
    }

    /** Has the gradient with respect to {@link #inputRows} computed, and added to that of the stage that the experts read, where it is wanted. */
    final void propagate(PassContext context) {
        inputs.propagate(context, rows(context) * context.copies(), adder);
    }

    /** {@code gradient ← carry · gradient + ∂L/∂x}, by rows of x. */
    abstract void propagate(int rows, float carry, Matrix gradient);
}
