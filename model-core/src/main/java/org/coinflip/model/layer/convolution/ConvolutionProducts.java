package org.coinflip.model.layer.convolution;

import org.coinflip.model.kernel.Backend;
import org.coinflip.model.kernel.operation.Window;
import org.coinflip.model.layer.Affine;
import org.coinflip.model.layer.Binding;
import org.coinflip.model.layer.FeatureShape;
import org.coinflip.model.layer.PreActivation;
import org.coinflip.model.layer.Sink;
import org.coinflip.model.layer.Stage;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.memory.Segment;

/**
 * A {@link Convolution} in one pass: of one example after another, the patches of its picture (im2col), which stay in the cache, and their
 * product with the weights, positions × patch by patch × channels. What an example comes out as does not depend on which others are in the batch.
 * Patches are made again for the weights' gradient: that costs less than to keep them for a batch.
 */
final class ConvolutionProducts extends PreActivation {
    private final Backend backend;
    private final Sink sink;
    private final Stage source;
    private final Window window;
    /** Whether the picture below lies plane by plane. */
    private final boolean planes;

    private final int channels;
    private final Segment weightSegment;
    private final Segment biasSegment;
    private final Matrix weights;
    private final Matrix target;
    private final Floats biases;
    private final Matrix biasTarget;
    /** The bias of each channel, once for each place. */
    private final Floats unitBiases;

    /** Sums over the places as a product: one for each. */
    private final Matrix ones;

    /** A picture with its frame of zeros; then the gradient of one. */
    private final Floats framed;

    private final Floats framedGradient;

    /** The gradient with respect to the pictures, where others give them one too; made when first needed. */
    private Matrix gradientBesides;

    private final Matrix patches;
    private final MapViews outputs = new MapViews();
    private final MapViews deltas = new MapViews();

    ConvolutionProducts(Convolution convolution, Binding binding) {
        super(binding.backend());
        backend = binding.backend();
        sink = binding.sink();
        source = binding.source();
        window = convolution.window();
        planes = convolution.order() == FeatureShape.Order.CHANNELS_FIRST;
        channels = convolution.channels();
        weightSegment = binding.state().layout().segment(binding.segment(Affine.WEIGHTS));
        biasSegment = binding.state().layout().segment(binding.segment(Affine.BIASES));
        weights = binding.state().matrix(weightSegment);
        biases = binding.state().view(biasSegment);
        target = sink == null ? null : sink.targetMatrix(weightSegment);
        biasTarget = sink == null ? null : sink.targetMatrix(biasSegment);
        unitBiases = Floats.allocate(Matrix.padded(convolution.units()));
        framed = Floats.allocate(window.framed());
        framedGradient = source.gradient() == null ? null : Floats.allocate(window.framed());
        patches = Matrix.padded(window.patchRows() + 1, window.patchColumns());
        ones = Matrix.padded(1, window.positions());
        ones.floats().fill(1f);
    }

    @Override
    public Floats biases() {
        return unitBiases;
    }

    @Override
    public void multiply(int rows, Matrix out) {
        unitBiases.repeat(biases, channels, window.positions() * channels);
        for (int r = 0; r < rows; r++) {
            showPatches(r);
            backend.blas()
                    .gemm(
                            window.isTransposed(),
                            false,
                            window.positions(),
                            channels,
                            window.patch(),
                            1f,
                            patches,
                            weights,
                            0f,
                            outputs.row(out, r, window.positions(), channels));
        }
    }

    private void showPatches(int row) {
        copy(source.output(), row, true, framed);
        backend.maps().patches(window, framed, patches);
    }

    /** Copies a picture into the frame, or out of it. */
    private void copy(Matrix pictures, int row, boolean into, Floats frame) {
        int start = row * pictures.stride();
        int inside = window.padding() * (window.frameLine() + window.channels());
        if (planes) {
            turn(pictures.floats(), start, into, frame, inside);
            return;
        }
        boolean whole = window.padding() == 0;
        int line = whole ? window.picture() : window.width() * window.channels();
        for (int y = 0; y < (whole ? 1 : window.height()); y++) {
            int outer = start + y * line;
            int inner = inside + y * window.frameLine();
            if (into) {
                frame.set(inner, pictures.floats(), outer, line);
            } else {
                pictures.floats().set(outer, frame, inner, line);
            }
        }
    }

    /** The same for a picture that lies plane by plane. */
    private void turn(Floats pictures, int start, boolean into, Floats frame, int inside) {
        int outer = start;
        for (int c = 0; c < window.channels(); c++) {
            for (int y = 0; y < window.height(); y++) {
                int inner = inside + y * window.frameLine() + c;
                for (int x = 0; x < window.width(); x++, outer++, inner += window.channels()) {
                    if (into) {
                        frame.set(inner, pictures.get(outer));
                    } else {
                        pictures.set(outer, frame.get(inner));
                    }
                }
            }
        }
    }

    @Override
    public void propagate(Matrix delta, int rows) {
        if (source.gradient() == null) {
            return;
        }
        boolean adds = source.claimGradient() != 0f;
        if (adds && gradientBesides == null) {
            gradientBesides = source.gradient().zeros();
        }
        Matrix gradient = adds ? gradientBesides : source.gradient();
        for (int r = 0; r < rows; r++) {
            Matrix map = deltas.row(delta, r, window.positions(), channels);
            boolean turned = window.isTransposed();
            backend.blas()
                    .gemm(
                            false,
                            true,
                            window.patchRows(),
                            window.patchColumns(),
                            channels,
                            1f,
                            turned ? weights : map,
                            turned ? map : weights,
                            0f,
                            patches);
            backend.maps().sumPatches(window, patches, framedGradient);
            copy(gradient, r, false, framedGradient);
        }
        if (adds) {
            backend.elementwise().add(gradient, 1f, 1f, rows, source.gradient());
        }
    }

    @Override
    public void accumulate(Matrix delta, int rows, int examples) {
        for (int r = 0; r < rows; r++) {
            Matrix map = deltas.row(delta, r, window.positions(), channels);
            showPatches(r);
            sum(!window.isTransposed(), window.patch(), patches, map, weightSegment, examples, r, target);
            sum(false, 1, ones, map, biasSegment, examples, r, biasTarget);
        }
    }

    /** Adds the product of an example's matrix and its map of δ to the target; of the first, to what the target carries over. */
    private void sum(
            boolean transpose, int m, Matrix a, Matrix map, Segment segment, int examples, int row, Matrix to) {
        float carry = row == 0 ? sink.carry(segment) : 1f;
        backend.blas()
                .gemm(
                        transpose,
                        false,
                        m,
                        channels,
                        window.positions(),
                        sink.scale(segment, examples),
                        a,
                        map,
                        carry,
                        to);
    }

    /** The rows of a matrix, each as the map that it is, positions × channels; made the first time that a row is asked for. */
    private static final class MapViews {
        private Matrix of;
        private Matrix[] views = {};

        Matrix row(Matrix matrix, int row, int positions, int channels) {
            if (of != matrix) {
                of = matrix;
                views = new Matrix[matrix.rows()];
            }
            Matrix view = views[row];
            if (view == null) {
                Floats part = matrix.floats().view(row * matrix.stride(), positions * channels);
                view = Matrix.dense(part, positions, channels);
                views[row] = view;
            }
            return view;
        }
    }
}
