package org.coinflip.model.layer.energy;

import org.coinflip.model.energy.Contrast;
import org.coinflip.model.energy.FieldNoise;
import org.coinflip.model.energy.LayeredEnergy;
import org.coinflip.model.energy.Relaxation;
import org.coinflip.model.energy.SoftmaxReadOut;
import org.coinflip.model.kernel.operation.Activation;
import org.coinflip.model.layer.Affine;
import org.coinflip.model.layer.Binding;
import org.coinflip.model.layer.Mode;
import org.coinflip.model.layer.PassContext;
import org.coinflip.model.layer.Sink;
import org.coinflip.model.layer.Stage;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.memory.Segment;
import org.coinflip.model.memory.State;
import org.coinflip.model.noise.Draws;
import org.coinflip.model.objective.Objective;

/**
 * An {@link EnergyLayer} in a pass: forward is the free phase, backward the phases of the gradient. The input is clamped, so its weights'
 * gradient, {@code xᵀ (A_1 − B_1)}, takes one product for all phases.
 */
public final class EnergyStage extends Stage {
    private final EnergyLayer layer;
    private final Binding binding;
    private final Affine input;
    private final Segment[] weightSegments;
    private final Segment[] biasSegments;
    private final Matrix[] weightTargets;
    private final Floats[] biasTargets;
    private final Matrix drive;
    private final Reading readOut;
    private final Relaxation relaxation;
    private final Contrast contrast;
    private final Matrix targets;
    private final Matrix delta;
    private final FieldNoise noise;
    private final Draws draws = new Draws(1);

    EnergyStage(EnergyLayer layer, Binding binding) {
        super(Matrix.padded(binding.capacity(), layer.units()));
        this.layer = layer;
        this.binding = binding;
        input = new Affine(binding);
        int above = layer.relaxing() - 1;
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
                weightTargets[l - 1] = binding.sink().targetMatrix(w);
                biasTargets[l - 1] = binding.sink().target(b);
            }
        }
        drive = Matrix.padded(binding.capacity(), layer.units(0));
        readOut = layer.objective() == Objective.CROSS_ENTROPY ? new Reading() : null;
        relaxation = new Relaxation(
                new LayeredEnergy(layer.rho(), weights, biases),
                drive,
                readOut == null ? output() : Matrix.padded(binding.capacity(), layer.units(above)),
                readOut == null ? null : readOut.softmax,
                layer.order(),
                (float) layer.step(),
                binding.backend());
        contrast = new Contrast(relaxation, layer.rule(), binding.backend());
        noise = layer.noise().deviation() == 0
                ? null
                : new FieldNoise(
                        layer.noise().deviation(),
                        layer.relaxing(),
                        layer.widest(),
                        binding.backend().sampling());
        targets = Matrix.padded(binding.capacity(), layer.units());
        delta = Matrix.padded(binding.capacity(), layer.units(0));
    }

    /** The layer's number. */
    public int index() {
        return binding.index();
    }

    /** The states, where the last free phase has left them. */
    public Relaxation relaxation() {
        return relaxation;
    }

    /** Goes on with the free phase and computes the output anew. */
    public void relax(int steps) {
        relaxation.relax(steps);
        if (readOut != null) {
            readOut.forward(relaxation.rows());
        }
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
        if (layer.rule().feedsForward()) {
            relaxation.feedForward(rows);
        } else {
            relaxFreely(context, rows);
        }
        if (readOut != null) {
            readOut.forward(rows);
        }
        if (context.mode() == Mode.TRAIN) {
            targets.floats().clear();
            for (int r = 0; r < rows; r++) {
                targets.set(r, context.targets().labels()[r % context.examples()], 1f);
            }
            if (readOut == null) {
                lose(context, rows);
            } else {
                readOut.lose(context, rows);
            }
        }
    }

    /** The free phase. */
    private void relaxFreely(PassContext context, int rows) {
        boolean keeps = layer.persistent() && context.mode() == Mode.TRAIN && context.kept() != null;
        boolean rests = !keeps || context.epoch() == 0;
        if (rests) {
            relaxation.start(rows);
        } else {
            relaxation.start(rows, context.kept(), context.places());
        }
        if (noise != null && context.mode() == Mode.TRAIN) {
            noise.begin(
                    context.seed(),
                    context.epoch(),
                    binding.index(),
                    context.ids(),
                    context.examples(),
                    context.mainRows());
            relaxation.disturb(layer.noise().isFree() ? noise : null);
        } else {
            relaxation.disturb(null);
        }
        int steps = rests ? layer.stepsFromRest() : layer.steps();
        relaxation.relax(steps);
        if (layer.tolerance() > 0) {
            relaxation.requireSettled(layer.tolerance(), steps);
        }
        if (keeps) {
            relaxation.store(context.kept(), context.places());
        }
    }

    private void lose(PassContext context, int rows) {
        for (int r = 0; r < rows; r++) {
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
        relaxation.disturb(layer.noise().isNudged() ? noise : null);
        layer.rule().compute(relaxation, targets, sign(context), contrast);
        contrast.errors(rows, delta);
        input.propagate(delta, rows);
    }

    /** ±1, a function of (seed, epoch, the batch's first example). */
    private int sign(PassContext context) {
        Draws mine = context.drawsOf(draws, binding.index());
        binding.backend().sampling().words(mine, 0, context.draw(), 1, mine.words());
        return mine.words()[0] < 0 ? -1 : 1;
    }

    @Override
    public void accumulate(PassContext context) {
        int rows = rows(context);
        int examples = context.examples();
        input.accumulate(delta, rows, examples);
        for (int l = 0; l < weightSegments.length; l++) {
            Segment weights = weightSegments[l];
            Segment biases = biasSegments[l];
            Sink sink = binding.sink();
            contrast.weights(l, rows, sink.scale(weights, examples), sink.carry(weights), weightTargets[l]);
            contrast.biases(l + 1, rows, sink.scale(biases, examples), sink.carry(biases), biasTargets[l]);
        }
        if (readOut != null) {
            readOut.accumulate(rows, examples);
        }
    }

    /** The softmax, with its own parameters' gradient at the free fixed point, which takes no nudge: {@code ρ(s_N)ᵀ (y − d)}. */
    private final class Reading {
        private final Segment weightSegment = segment(EnergyLayer.weights(layer.layers() - 1));
        private final Segment biasSegment = segment(EnergyLayer.biases(layer.layers() - 1));
        private final SoftmaxReadOut softmax = new SoftmaxReadOut(
                binding.state().matrix(weightSegment),
                binding.state().view(biasSegment),
                binding.capacity(),
                binding.backend());
        private final Matrix rates = Matrix.padded(binding.capacity(), weightSegment.rows());
        private final Matrix weightTarget =
                binding.sink() == null ? null : binding.sink().targetMatrix(weightSegment);
        private final Floats biasTarget =
                binding.sink() == null ? null : binding.sink().target(biasSegment);
        private final Floats parts = Floats.allocate(Matrix.ROW_UNIT);

        private Segment segment(String name) {
            return binding.state().layout().segment(binding.segment(name));
        }

        void forward(int rows) {
            rates.setRows(0, relaxation.rates(layer.relaxing() - 1), 0, rows);
            softmax.logits(rates, rows, output());
        }

        /** Writes the losses, and {@code y − d} over the outputs. */
        void lose(PassContext context, int rows) {
            layer.objective().train(binding.backend(), output(), context.targets(), rows, 1f, parts, context.losses());
        }

        void accumulate(int rows, int examples) {
            Sink sink = binding.sink();
            binding.backend()
                    .blas()
                    .gemm(
                            true,
                            false,
                            weightTarget.rows(),
                            weightTarget.columns(),
                            rows,
                            sink.scale(weightSegment, examples),
                            rates,
                            output(),
                            sink.carry(weightSegment),
                            weightTarget);
            binding.backend()
                    .elementwise()
                    .columnSums(output(), rows, sink.scale(biasSegment, examples), sink.carry(biasSegment), biasTarget);
        }
    }
}
