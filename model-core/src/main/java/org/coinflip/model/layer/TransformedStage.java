package org.coinflip.model.layer;

import java.util.ArrayList;
import java.util.List;
import org.coinflip.model.kernel.Activation;
import org.coinflip.model.kernel.Elementwise;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.network.Mode;

/** A transformed layer in one pass. Where it trains, its forward pass changes the coordinates that its units are in. */
final class TransformedStage extends Stage {
    private final Nonlinearity nonlinearity;
    private final Binding binding;
    private final Affine affine;
    private final UnitTransformation transformation;
    /** u. */
    private final Matrix preActivations;
    /** f'(u). */
    private final Matrix slopes;

    TransformedStage(TransformedLayer layer, Binding binding) {
        super(Matrix.padded(binding.capacity(), layer.units()));
        this.nonlinearity = layer.nonlinearity();
        this.binding = binding;
        this.affine = new Affine(binding);
        this.transformation = new UnitTransformation(nonlinearity, binding, affine.biases());
        this.preActivations = Matrix.padded(binding.capacity(), layer.units());
        this.slopes = Matrix.padded(binding.capacity(), layer.units());
        requireGradient();
    }

    @Override
    List<Stage> reach() {
        List<Stage> all = new ArrayList<>(binding.source().reach());
        all.add(this);
        return List.copyOf(all);
    }

    /** What the weights above must follow, between a change and the next pass. */
    UnitTransformation transformation() {
        return transformation;
    }

    /** The weights into these units. */
    List<Affine.Link> links() {
        return affine.links();
    }

    @Override
    public int rows(PassContext context) {
        return binding.source().rows(context);
    }

    @Override
    public void forward(PassContext context) {
        int rows = rows(context) * context.copies();
        Elementwise kernels = binding.backend().elementwise();
        affine.multiply(rows, preActivations);
        kernels.activate(Activation.LINEAR, preActivations, affine.biases(), rows);
        output().setRows(0, preActivations, 0, rows);
        kernels.activate(nonlinearity.activation(), output(), transformation.zeros(), rows);
        kernels.rescale(preActivations, 0f, 1f, rows, slopes);
        kernels.activationGradient(nonlinearity.activation(), output(), slopes, rows);
        transformation.begin();
        // one example says nothing of a mean: its own would leave f = f' = 0
        boolean estimates = context.mode() == Mode.TRAIN && binding.sink() != null && rows > 1;
        if (estimates) {
            transformation.estimateShift(preActivations, output(), slopes, rows);
        }
        kernels.addLinear(preActivations, transformation.alpha(), transformation.beta(), rows, output());
        kernels.activate(Activation.LINEAR, slopes, transformation.alpha(), rows);
        if (estimates) {
            transformation.estimateScale(output(), slopes, rows);
        }
        if (nonlinearity.gamma()) {
            kernels.scaleColumns(transformation.gamma(), rows, output());
            kernels.scaleColumns(transformation.gamma(), rows, slopes);
        }
    }

    @Override
    public void rest() {
        affine.compensate();
        transformation.begin();
        transformation.rest();
    }

    @Override
    public void backward(PassContext context) {
        int rows = rows(context) * context.copies();
        binding.backend().elementwise().multiply(slopes, gradient(), rows);
        affine.propagate(gradient(), rows);
    }

    @Override
    public void accumulate(PassContext context) {
        affine.accumulate(gradient(), rows(context), context.examples());
    }
}
