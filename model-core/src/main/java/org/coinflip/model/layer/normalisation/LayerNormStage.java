package org.coinflip.model.layer.normalisation;

import org.coinflip.model.kernel.operation.Normalising;
import org.coinflip.model.layer.Binding;
import org.coinflip.model.layer.PassContext;
import org.coinflip.model.layer.Stage;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;

/** {@link LayerNormLayer} in one pass. */
final class LayerNormStage extends Stage {
    private final LayerNormLayer layer;
    private final Stage source;
    private final Normalising kernels;
    private final ChannelColumns channels;
    /** (x − m) / √(v + ε). */
    private final Matrix standardised;
    /** 1 / √(v + ε) of every position of every row. */
    private final float[] scales;

    private final Floats parts = Floats.allocate(Matrix.ROW_UNIT);
    private final Floats none;
    private final Floats gradients;
    private final Floats products;
    private final double[] ofGains;
    private final double[] ofBiases;
    private Floats gains;

    LayerNormStage(LayerNormLayer layer, Binding binding) {
        super(Matrix.padded(binding.capacity(), binding.source().output().columns()));
        this.layer = layer;
        source = binding.source();
        kernels = binding.backend().normalising();
        channels = new ChannelColumns(binding, layer.channels());
        standardised = output().zeros();
        scales = new float[Math.multiplyExact(binding.capacity(), channels.positions())];
        none = channels.vector();
        gradients = channels.vector();
        products = channels.vector();
        ofGains = new double[layer.channels()];
        ofBiases = new double[layer.channels()];
        requireGradient();
    }

    @Override
    public int rows(PassContext context) {
        return source.rows(context);
    }

    @Override
    public void forward(PassContext context) {
        int rows = rows(context) * context.copies();
        gains = channels.gains();
        kernels.standardise(
                source.output(), layer.channels(), (float) layer.epsilon(), rows, parts, scales, standardised);
        kernels.normalise(standardised, none, gains, channels.biases(), rows, output());
    }

    @Override
    public void backward(PassContext context) {
        if (source.gradient() != null) {
            kernels.standardiseGradient(
                    standardised,
                    scales,
                    gains,
                    gradient(),
                    layer.channels(),
                    rows(context) * context.copies(),
                    source.claimGradient(),
                    parts,
                    source.gradient());
        }
    }

    @Override
    public void accumulate(PassContext context) {
        kernels.gradientSums(
                standardised, none, gradient(), channels.weights(context), rows(context), gradients, products);
        for (int c = 0; c < ofGains.length; c++) {
            ofGains[c] = channels.sum(products, c);
            ofBiases[c] = channels.sum(gradients, c);
        }
        channels.accumulate(ofGains, ofBiases, context.examples());
    }
}
