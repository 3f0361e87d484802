package org.coinflip.model.layer;

import org.coinflip.model.energy.Contrast;
import org.coinflip.model.energy.LayeredEnergy;
import org.coinflip.model.energy.Relaxation;
import org.coinflip.model.kernel.Activation;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.memory.Segment;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Mode;
import org.coinflip.model.noise.Draws;

/**
 * An {@link EnergyLayer} in a pass: forward is the free phase, backward the phases of the gradient. The input is clamped, so its weights'
 * gradient, {@code xᵀ (A_1 − B_1)}, takes one product for all phases.
 */
final class EnergyStage extends Stage {
    private final EnergyLayer layer;
    private final Binding binding;
    private final Affine input;
    private final Segment[] weightSegments;
    private final Segment[] biasSegments;
    private final Matrix[] weightTargets;
    private final Floats[] biasTargets;
    private final Matrix drive;
    private final Relaxation relaxation;
    private final Contrast contrast;
    private final Matrix targets;
    private final Matrix delta;
    private final Draws draws = new Draws(1);

    EnergyStage(EnergyLayer layer, Binding binding) {
        super(Matrix.padded(binding.capacity(), layer.units()));
        this.layer = layer;
        this.binding = binding;
        input = new Affine(binding);
        int above = layer.layers() - 1;
        Matrix[] weights = new Matrix[above];
        Floats[] biases = new Floats[above];
        weightSegments = new Segment[above];
        biasSegments = new Segment[above];
        weightTargets = new Matrix[above];
        biasTargets = new Floats[above];
        State state = binding.state();
        for (int l = 1; l <= above; l++) {
            Segment w = state.layout().segment(binding.segment(EnergyLayer.weights(l)));
            Segment b = state.layout().segment(binding.segment(EnergyLayer.biases(l)));
            weights[l - 1] = state.matrix(w);
            biases[l - 1] = state.view(b);
            weightSegments[l - 1] = w;
            biasSegments[l - 1] = b;
            if (binding.sink() != null) {
                Floats target = binding.sink().target();
                weightTargets[l - 1] = Matrix.dense(target.view(w.offset(), w.length()), w.rows(), w.columns());
                biasTargets[l - 1] = target.view(b.offset(), b.length());
            }
        }
        drive = Matrix.padded(binding.capacity(), layer.units(0));
        relaxation = new Relaxation(
                new LayeredEnergy(layer.rho(), weights, biases),
                drive,
                output(),
                (float) layer.step(),
                binding.backend());
        contrast = new Contrast(relaxation);
        targets = Matrix.padded(binding.capacity(), layer.units());
        delta = Matrix.padded(binding.capacity(), layer.units(0));
    }

    @Override
    public int rows(PassContext context) {
        return binding.source().rows(context);
    }

    @Override
    public void forward(PassContext context) {
        int rows = rows(context) * context.copies();
        context.setTopRows(rows);
        input.multiply(rows, drive);
        binding.backend().elementwise().activate(Activation.LINEAR, drive, input.biases(), rows);
        relaxation.start(rows);
        relaxation.relax(layer.steps());
        if (layer.tolerance() > 0) {
            relaxation.requireSettled(layer.tolerance(), layer.steps());
        }
        if (context.mode() == Mode.TRAIN) {
            lose(context, rows);
        }
    }

    /** Writes the targets and the losses. */
    private void lose(PassContext context, int rows) {
        targets.floats().fill(0f);
        for (int r = 0; r < rows; r++) {
            int label = context.targets().labels()[r % context.examples()];
            targets.set(r, label, 1f);
            double sum = 0;
            for (int j = 0; j < layer.units(); j++) {
                double error = output().get(r, j) - targets.get(r, j);
                sum += error * error;
            }
            context.losses()[r] = (float) (sum / 2);
        }
    }

    @Override
    public void backward(PassContext context) {
        int rows = rows(context) * context.copies();
        layer.rule().compute(relaxation, targets, sign(context), contrast);
        binding.backend().elementwise().difference(contrast.a(0), contrast.b(0), contrast.factor(), rows, delta);
        input.propagate(delta, rows);
    }

    /** ±1, a function of (seed, epoch, the batch's first example). */
    private int sign(PassContext context) {
        Draws mine = NoiseStage.drawsOf(draws, context, binding.index());
        binding.backend().sampling().words(mine, 0, context.draw(), 1, mine.words());
        return mine.words()[0] < 0 ? -1 : 1;
    }

    @Override
    public void accumulate(PassContext context) {
        int rows = rows(context);
        int examples = context.examples();
        input.accumulate(delta, rows, examples);
        for (int l = 0; l < weightSegments.length; l++) {
            Segment segment = weightSegments[l];
            float scale = contrast.factor() * binding.sink().scale(segment, examples);
            correlate(
                    scale,
                    contrast.a(l),
                    contrast.a(l + 1),
                    rows,
                    binding.sink().carry(segment),
                    weightTargets[l]);
            correlate(-scale, contrast.b(l), contrast.b(l + 1), rows, 1f, weightTargets[l]);
            Segment bias = biasSegments[l];
            float biasScale = contrast.factor() * binding.sink().scale(bias, examples);
            float carry = binding.sink().carry(bias);
            binding.backend().elementwise().columnSums(contrast.a(l + 1), rows, biasScale, carry, biasTargets[l]);
            binding.backend().elementwise().columnSums(contrast.b(l + 1), rows, -biasScale, 1f, biasTargets[l]);
        }
    }

    private void correlate(float scale, Matrix below, Matrix above, int rows, float carry, Matrix target) {
        binding.backend()
                .blas()
                .gemm(true, false, target.rows(), target.columns(), rows, scale, below, above, carry, target);
    }
}
