package org.coinflip.model.layer;

import java.util.ArrayList;
import java.util.List;
import org.coinflip.model.kernel.operation.Activation;
import org.coinflip.model.kernel.operation.Elementwise;
import org.coinflip.model.memory.Matrix;

/**
 * A transformed layer in one pass. Forward and backward are those of plain units with shortcuts, which have the same mapping; α, β, γ are
 * taken from the batch when it has gone backward, for the step.
 */
final class TransformedStage extends Stage {
    private final Nonlinearity nonlinearity;
    private final Binding binding;
    private final Affine affine;
    private final UnitTransformation transformation;
    /** u. */
    private final Matrix preActivations;
    /** φ'(u); φ'(u) + α once units are transformed. */
    private final Matrix slopes;
    /** ∂/∂φ(u); once units are transformed, the gradient of u with the transformed network's weights held fixed, (φ'(u) + α) ∂/∂φ(u). */
    private final Matrix errors;

    // these are there where the pass is for training
    private final Matrix linearErrors;
    private final Matrix scaledUnits;
    private final Matrix linearUnits;
    private final Matrix constants;

    TransformedStage(TransformedLayer layer, Binding binding) {
        super(Matrix.padded(binding.capacity(), layer.units()));
        this.nonlinearity = layer.nonlinearity();
        this.binding = binding;
        this.affine = new Affine(binding, true);
        this.transformation = new UnitTransformation(nonlinearity, binding);
        this.preActivations = Matrix.padded(binding.capacity(), layer.units());
        this.slopes = Matrix.padded(binding.capacity(), layer.units());
        boolean steps = binding.sink() != null;
        this.errors = steps ? Matrix.padded(binding.capacity(), layer.units()) : null;
        this.linearErrors = steps ? Matrix.padded(binding.capacity(), layer.units()) : null;
        this.scaledUnits = steps ? Matrix.padded(binding.capacity(), layer.units()) : null;
        this.linearUnits = steps ? Matrix.padded(binding.capacity(), layer.units()) : null;
        this.constants = steps ? Matrix.padded(1, layer.units()) : null;
        requireGradient();
    }

    @Override
    List<Stage> reach() {
        List<Stage> all = new ArrayList<>(binding.source().reach());
        all.add(this);
        return List.copyOf(all);
    }

    Affine affine() {
        return affine;
    }

    /** Whether its units are transformed in training; otherwise a layer with shortcuts. */
    boolean isTransformed() {
        return nonlinearity.isTransformed();
    }

    /** Whether α is estimated. */
    boolean hasAlpha() {
        return nonlinearity.alpha();
    }

    /** γ f(u) = γ² (φ(u) + α u + β). */
    Matrix scaledUnits() {
        return scaledUnits;
    }

    /** α γ f(u). */
    Matrix linearUnits() {
        return linearUnits;
    }

    /** α (φ'(u) + α) ∂/∂φ(u). */
    Matrix linearErrors() {
        return linearErrors;
    }

    /** α b + β, one row. */
    Matrix constants() {
        return constants;
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
    }

    @Override
    public void backward(PassContext context) {
        int rows = rows(context) * context.copies();
        if (errors != null) {
            errors.setRows(0, gradient(), 0, rows);
        }
        binding.backend().elementwise().multiply(slopes, gradient(), rows);
        affine.propagate(gradient(), rows);
    }

    /** Transforms the units for this batch, those of the layers below first. */
    void transform(int rows) {
        affine.prepare(rows);
        // one example says nothing of a mean: its own would leave f = f' = 0
        boolean estimates = rows > 1;
        if (estimates) {
            transformation.estimateShift(preActivations, output(), slopes, rows);
        }
        Elementwise kernels = binding.backend().elementwise();
        scaledUnits.setRows(0, output(), 0, rows);
        kernels.addLinear(preActivations, transformation.alpha(), transformation.beta(), rows, scaledUnits);
        kernels.activate(Activation.LINEAR, slopes, transformation.alpha(), rows);
        if (estimates) {
            transformation.estimateScale(scaledUnits, slopes, rows);
        }
        if (nonlinearity.gamma()) {
            kernels.scaleColumns(transformation.gamma(), rows, scaledUnits);
            kernels.scaleColumns(transformation.gamma(), rows, scaledUnits);
        }
        linearUnits.setRows(0, scaledUnits, 0, rows);
        kernels.scaleColumns(transformation.alpha(), rows, linearUnits);
        kernels.multiply(slopes, errors, rows);
        linearErrors.setRows(0, errors, 0, rows);
        kernels.scaleColumns(transformation.alpha(), rows, linearErrors);
        for (int j = 0; j < constants.columns(); j++) {
            float linear = transformation.alpha().get(j) * affine.biases().get(j);
            constants.set(0, j, linear + transformation.beta().get(j));
        }
    }

    @Override
    public void accumulate(PassContext context) {
        // transformed units are so by now: the layer above has taken its step
        affine.accumulate(isTransformed() ? errors : gradient(), rows(context), context.examples());
    }
}
