package org.coinflip.model.layer;

import org.coinflip.model.error.UsageException;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.kernel.Gating;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.memory.Segment;
import org.coinflip.model.network.Mode;

/** Gated experts in one pass. */
public final class ExpertsStage extends Stage {
    /**
     * The part of the gates that may be open for the sparse products to be the faster ones; measured by {@code GatingBenchmark}.
     */
    static final double SPARSE_BELOW = 0.125;

    private final ExpertsLayer layer;
    private final Binding binding;
    private final Backend backend;
    private final Stage gates;
    private final Stage inputs;
    private final boolean areInputsOutside;
    private final Segment weightSegment;
    private final Segment biasSegment;
    private final Matrix weights;
    private final Floats biases;
    private final ExpertsWork work;
    private final Sink sink;
    private final Matrix weightTarget;
    private final Floats biasTarget;

    /** f(w · x + b), of closed gates f(b) where these were left out. */
    private final Matrix values;

    /** x of every row and the gradient with respect to it, where they are not the inputs' own rows; made when first needed. */
    private Matrix copiedInputs;

    private Matrix copiedGradient;

    private final int[] open;
    private final Gating.Scratch scratch;
    private Matrix x;
    private boolean isSparse;
    private boolean wasAllComputed;
    private double density;

    ExpertsStage(ExpertsLayer layer, Binding binding) {
        super(Matrix.padded(binding.capacity(), layer.experts()));
        this.layer = layer;
        this.binding = binding;
        backend = binding.backend();
        gates = binding.source();
        int from = binding.index() - layer.gater() - 1;
        inputs = binding.stage(from);
        areInputsOutside = binding.isOutside(from);
        if (inputs.output().columns() != layer.inputs()) {
            throw new UsageException("network.layers[" + binding.index() + "].inputs: got " + layer.inputs()
                    + ", expected " + inputs.output().columns() + ", the width of what the gater reads");
        }
        weightSegment = binding.state().layout().segment(binding.segment(ExpertsLayer.WEIGHTS));
        biasSegment = binding.state().layout().segment(binding.segment(Affine.BIASES));
        weights = binding.state().matrix(weightSegment);
        biases = binding.state().view(biasSegment);
        work = new ExpertsWork(binding.state().view(binding.segment(ExpertsLayer.WORK)));
        sink = binding.sink();
        weightTarget = sink == null ? null : sink.targetMatrix(weightSegment);
        biasTarget = sink == null ? null : sink.target(biasSegment);
        values = Matrix.padded(binding.capacity(), layer.experts());
        open = new int[Gating.marks(binding.capacity(), layer.experts())];
        scratch = Gating.Scratch.of(binding.capacity(), layer.inputs());
        requireGradient();
    }

    /** The layer's number. */
    public int index() {
        return binding.index();
    }

    /** What the gates gave; an expert whose gate is zero is closed. */
    public Matrix gates() {
        return gates.output();
    }

    @Override
    public int rows(PassContext context) {
        return gates.rows(context);
    }

    @Override
    public void forward(PassContext context) {
        int rows = rows(context) * context.copies();
        x = inputRows(context, rows);
        density = (double) backend.gating().mark(gates.output(), rows, open) / ((double) rows * layer.experts());
        isSparse = isSparse(context.mode());
        wasAllComputed = !isSparse || (context.mode() == Mode.TRAIN && gates.wantsGradientAtZero());
        if (sink != null) {
            sink.use(weightSegment, wasAllComputed ? null : open, rows);
        }
        if (wasAllComputed) {
            backend.blas().gemm(false, true, rows, layer.experts(), layer.inputs(), 1f, x, weights, 0f, values);
        } else {
            backend.gating().multiply(x, weights, open, rows, scratch, values);
        }
        backend.elementwise().activate(layer.activation(), values, biases, rows);
        backend.gating().product(values, gates.output(), 0f, rows, output());
    }

    /** In use the choice must not depend on which examples are in a batch: one and the same gives the same bits in each. */
    private boolean isSparse(Mode mode) {
        return switch (layer.compute()) {
            case SPARSE -> true;
            case DENSE -> false;
            case AUTO -> mode == Mode.TRAIN
                    ? density < SPARSE_BELOW
                    : mode != Mode.MEANS && work.isKnown() && work.open() < SPARSE_BELOW;
        };
    }

    /** x of every row here: those of the inputs, repeated where the gates were drawn several times or this is a probe. */
    private Matrix inputRows(PassContext context, int rows) {
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

    @Override
    public void backward(PassContext context) {
        int rows = rows(context) * context.copies();
        if (gates.gradient() != null) {
            backend.gating().product(gradient(), values, gates.claimGradient(), rows, gates.gradient());
        }
        backend.elementwise().multiply(gates.output(), gradient(), rows);
        backend.elementwise().activationGradient(layer.activation(), values, gradient(), rows);
        if (!areInputsOutside && inputs.gradient() != null) {
            propagate(context, rows);
        }
    }

    private void propagate(PassContext context, int rows) {
        boolean own = x == inputs.output();
        if (!own && copiedGradient == null) {
            copiedGradient = Matrix.padded(binding.capacity(), layer.inputs());
        }
        Matrix to = own ? inputs.gradient() : copiedGradient;
        float carry = own ? inputs.claimGradient() : 0f;
        if (isSparse) {
            backend.gating().propagate(gradient(), weights, open, rows, carry, scratch, to);
        } else {
            backend.blas()
                    .gemm(false, false, rows, layer.inputs(), layer.experts(), 1f, gradient(), weights, carry, to);
        }
        if (!own) {
            addToInputs(context, rows);
        }
    }

    private void addToInputs(PassContext context, int rows) {
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

    @Override
    public void accumulate(PassContext context) {
        int rows = rows(context);
        float scale = sink.scale(weightSegment, context.examples());
        float carry = sink.carry(weightSegment);
        float most = sink.mostNorm(weightSegment);
        if (isSparse) {
            backend.gating().accumulate(gradient(), x, open, rows, scale, carry, most, scratch, weightTarget);
        } else {
            backend.blas()
                    .gemm(
                            true,
                            false,
                            layer.experts(),
                            layer.inputs(),
                            rows,
                            scale,
                            gradient(),
                            x,
                            carry,
                            weightTarget);
            if (most > 0) {
                backend.gating().limitRowNorms(weightTarget, most, scratch);
            }
        }
        backend.elementwise()
                .columnSums(
                        gradient(),
                        rows,
                        sink.scale(biasSegment, context.examples()),
                        sink.carry(biasSegment),
                        biasTarget);
        work.add(density, wasAllComputed ? 1 : density, isSparse ? density : 1);
    }
}
