package org.coinflip.model.layer.experts;

import org.coinflip.model.kernel.operation.Gating;
import org.coinflip.model.layer.Affine;
import org.coinflip.model.layer.Binding;
import org.coinflip.model.layer.LazySteps;
import org.coinflip.model.layer.Mode;
import org.coinflip.model.layer.PassContext;
import org.coinflip.model.layer.Sink;
import org.coinflip.model.layer.Stage;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.memory.Segment;

/** Experts of one unit each in one pass: products that compute only the units whose gates are open. */
final class UnitExpertsStage extends ExpertsStage {
    /**
     * The part of the gates that may be open for the sparse products to be the faster ones; measured by {@code GatingBenchmark}.
     */
    private static final double SPARSE_BELOW = 0.25;

    private final ExpertsLayer layer;
    private final Segment weightSegment;
    private final Segment biasSegment;
    private final Matrix weights;
    private final Floats biases;
    private final Sink sink;
    private final LazySteps lazySteps;
    private final Matrix weightTarget;
    private final Floats biasTarget;

    /** f(w · x + b), of closed gates f(b) where these were left out. */
    private final Matrix values;

    private final int[] open;
    private final Gating.Scratch scratch;
    private Matrix x;
    private boolean isSparse;
    private boolean computesAll;
    private double density;

    UnitExpertsStage(ExpertsLayer layer, Binding binding) {
        super(layer, binding, SPARSE_BELOW);
        this.layer = layer;
        weightSegment = binding.state().layout().segment(binding.segment(ExpertsLayer.WEIGHTS));
        biasSegment = binding.state().layout().segment(binding.segment(Affine.BIASES));
        weights = binding.state().matrix(weightSegment);
        biases = binding.state().view(biasSegment);
        sink = binding.sink();
        lazySteps = binding.lazySteps();
        weightTarget = sink == null ? null : sink.targetMatrix(weightSegment);
        biasTarget = sink == null ? null : sink.target(biasSegment);
        values = Matrix.padded(binding.capacity(), layer.experts());
        open = new int[Gating.marks(binding.capacity(), layer.experts())];
        scratch = Gating.Scratch.of(binding.capacity(), layer.inputs());
    }

    @Override
    public void forward(PassContext context) {
        int rows = rows(context) * context.copies();
        x = inputRows(context, rows);
        density = (double) backend().gating().mark(gates(), rows, open) / ((double) rows * layer.experts());
        isSparse = isSparse(context.mode(), density);
        computesAll = !isSparse || (context.mode() == Mode.TRAIN && gateStage().wantsGradientAtZero());
        lazySteps.use(weightSegment, computesAll ? null : open, rows);
        if (computesAll) {
            backend().blas().gemm(false, true, rows, layer.experts(), layer.inputs(), 1f, x, weights, 0f, values);
        } else {
            backend().gating().multiply(x, weights, open, rows, scratch, values);
        }
        backend().elementwise().activate(layer.activation(), values, biases, rows);
        backend().gating().product(values, gates(), 0f, rows, output());
    }

    @Override
    public void backward(PassContext context) {
        int rows = rows(context) * context.copies();
        Stage gates = gateStage();
        if (gates.gradient() != null) {
            backend().gating().product(gradient(), values, gates.claimGradient(), rows, gates.gradient());
        }
        backend().elementwise().multiply(gates.output(), gradient(), rows);
        backend().elementwise().activationGradient(layer.activation(), values, gradient(), rows);
        propagate(context);
    }

    @Override
    void propagate(int rows, float carry, Matrix to) {
        if (isSparse) {
            backend().gating().propagate(gradient(), weights, open, rows, carry, scratch, to);
        } else {
            backend()
                    .blas()
                    .gemm(false, false, rows, layer.inputs(), layer.experts(), 1f, gradient(), weights, carry, to);
        }
    }

    @Override
    public void accumulate(PassContext context) {
        int rows = rows(context);
        float scale = sink.scale(weightSegment, context.examples());
        float carry = sink.carry(weightSegment);
        float most = sink.mostNorm(weightSegment);
        if (isSparse) {
            backend().gating().accumulate(gradient(), x, open, rows, scale, carry, most, scratch, weightTarget);
        } else {
            backend()
                    .blas()
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
                backend().gating().limitRowNorms(weightTarget, most, scratch);
            }
        }
        backend()
                .elementwise()
                .columnSums(
                        gradient(),
                        rows,
                        sink.scale(biasSegment, context.examples()),
                        sink.carry(biasSegment),
                        biasTarget);
        work().add(density, computesAll ? 1 : density, isSparse ? density : 1);
    }
}
