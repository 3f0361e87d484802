package org.coinflip.model.layer;

import java.util.ArrayList;
import java.util.List;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.LayoutBuilder;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.memory.Segment;

/**
 * The products with the weights that most layers begin with, {@code A = Σ_m X_m W_m}, X_m what the stages in {@link Stage#reach} of the
 * stage below give, W_m inputs × units: one product where that is the stage below alone, and otherwise a shortcut for every other. The
 * bias is added by the kernel that comes after, in the same pass over memory.
 */
public final class Affine extends PreActivation {
    /** A layer whose weights and biases these are, all that it learns. */
    public interface Owner extends Layer {
        int units();

        Initial initial();

        @Override
        default int outputs(int inputs) {
            return units();
        }

        @Override
        default void declare(LayoutBuilder layout, int index, int inputs) {
            declare(layout, index, List.of(inputs));
        }

        @Override
        default void declare(LayoutBuilder layout, int index, List<Integer> reach) {
            Affine.declare(layout, index, reach, units(), initial().rateScale());
        }
    }

    public static final String WEIGHTS = "weights";
    public static final String BIASES = "biases";

    /** Weights that skip layers are {@code shortcut0} for the lowest stage in reach, and so on. */
    static final String SHORTCUT = "shortcut";

    private final Backend backend;
    private final Sink sink;
    private final List<Link> links = new ArrayList<>();
    private final Floats biases;
    private final Segment biasSegment;
    private final Floats biasTarget;
    /** How the weights step where units below are transformed; null where none is. */
    private final TransformedStep step;

    private boolean prepared;

    /** The connections from one stage. */
    record Link(Stage source, Segment segment, Matrix weights, Matrix target) {}

    public Affine(Binding binding) {
        this(binding, false);
    }

    /** @param passed whether the layers above read, by shortcuts, what these products are of */
    public Affine(Binding binding, boolean passed) {
        super(binding.backend());
        backend = binding.backend();
        sink = binding.sink();
        List<Stage> reach = binding.source().reach();
        for (int i = 0; i < reach.size(); i++) {
            Segment segment = segment(binding, name(i, reach.size()));
            Matrix target = sink == null ? null : sink.targetMatrix(segment);
            links.add(new Link(reach.get(i), segment, binding.state().matrix(segment), target));
        }
        biasSegment = segment(binding, BIASES);
        biases = binding.state().view(biasSegment);
        biasTarget = sink == null ? null : sink.target(biasSegment);
        boolean transformed = links.stream()
                .anyMatch(link -> link.source() instanceof TransformedStage stage && stage.isTransformed());
        step = sink != null && transformed
                ? new TransformedStep(backend, sink, links, biasSegment, passed, binding.capacity())
                : null;
    }

    private static Segment segment(Binding binding, String name) {
        return binding.state().layout().segment(binding.segment(name));
    }

    private static String name(int link, int links) {
        return link == links - 1 ? WEIGHTS : SHORTCUT + link;
    }

    public static void declare(LayoutBuilder layout, int index, int inputs, int units, double rateScale) {
        declare(layout, index, List.of(inputs), units, rateScale);
    }

    /**
     * Asks for weights and biases; weights that skip s layers learn 2⁻ˢ times as fast (Raiko, Valpola, LeCun 2012).
     *
     * @param reach units of the stages that are read, the one below last
     */
    public static void declare(LayoutBuilder layout, int index, List<Integer> reach, int units, double rateScale) {
        for (int i = 0; i < reach.size(); i++) {
            layout.add(
                    Binding.segment(index, name(i, reach.size())),
                    Segment.Role.WEIGHTS,
                    reach.get(i),
                    units,
                    Math.scalb(rateScale, i + 1 - reach.size()));
        }
        layout.add(Binding.segment(index, BIASES), Segment.Role.BIASES, 1, units, rateScale);
    }

    int units() {
        return biases.length();
    }

    @Override
    public Floats biases() {
        return biases;
    }

    /** The weights of the connections from each stage in reach, in its order. */
    List<Link> links() {
        return links;
    }

    /** {@code out ← Σ_m X_m W_m}. */
    @Override
    public void multiply(int rows, Matrix out) {
        prepared = false;
        for (int i = 0; i < links.size(); i++) {
            Link link = links.get(i);
            backend.blas()
                    .gemm(
                            false,
                            false,
                            rows,
                            units(),
                            link.weights.rows(),
                            1f,
                            link.source.output(),
                            link.weights,
                            i == 0 ? 0f : 1f,
                            out);
        }
    }

    /** Factor on the learning rate of the layer. */
    double rateScale() {
        return biasSegment.rateScale();
    }

    TransformedStep step() {
        return step;
    }

    /** What the step of the weights from a source is taken with. */
    Matrix stepInput(int link) {
        return step == null ? links.get(link).source().output() : step.input(link);
    }

    /** Transforms the units below for the step, and has its inputs ready; once in a pass, before any weights have taken their step. */
    void prepare(int rows) {
        if (step != null && !prepared) {
            prepared = true;
            ((TransformedStage) links.get(links.size() - 1).source()).transform(rows);
            step.prepare(rows);
        }
    }

    /** Adds {@code δ W_mᵀ} to the gradients of the stages below, where they are wanted. */
    @Override
    public void propagate(Matrix delta, int rows) {
        for (int i = links.size() - 1; i >= 0; i--) {
            Link link = links.get(i);
            if (link.source.gradient() != null) {
                backend.blas()
                        .gemm(
                                false,
                                true,
                                rows,
                                link.weights.rows(),
                                units(),
                                1f,
                                delta,
                                link.weights,
                                link.source.claimGradient(),
                                link.source.gradient());
            }
        }
    }

    /** Gives {@code X_mᵀδ} and the column sums of δ to the sink, or the step of a layer above transformed units. */
    @Override
    public void accumulate(Matrix delta, int rows, int examples) {
        prepare(rows);
        if (step != null) {
            step.accumulate(delta, rows, examples);
            return;
        }
        for (int i = 0; i < links.size(); i++) {
            Link link = links.get(i);
            backend.blas()
                    .gemm(
                            true,
                            false,
                            link.weights.rows(),
                            units(),
                            rows,
                            sink.scale(link.segment, examples),
                            link.source.output(),
                            delta,
                            sink.carry(link.segment),
                            link.target);
        }
        backend.elementwise()
                .columnSums(delta, rows, sink.scale(biasSegment, examples), sink.carry(biasSegment), biasTarget);
    }
}
