package org.coinflip.model.layer.normalisation;

import org.coinflip.model.kernel.Backend;
import org.coinflip.model.layer.Binding;
import org.coinflip.model.layer.Mode;
import org.coinflip.model.layer.PassContext;
import org.coinflip.model.layer.Stage;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;

/** {@link BatchNormLayer} in one pass. */
final class BatchNormStage extends Stage {
    private final BatchNormLayer layer;
    private final Stage source;
    private final Backend backend;
    private final ChannelColumns channels;
    private final RunningStatistics running;
    /** Of each channel: m, 1 / √(v + ε) and g / √(v + ε), by which the pass normalises. */
    private final float[] means;

    private final float[] scales;
    private final float[] factors;
    private final Floats columnMeans;
    private final Floats columnFactors;
    private final Floats columnGradients;
    private final Floats columnSlopes;
    private final Floats sums;
    private final Floats products;
    /** Of each channel of the batch: the mean of x and of (x − mean)². */
    private final double[] batchMeans;

    private final double[] batchVariances;
    private final double[] ofGains;
    private final double[] ofBiases;
    private final float[] meanGradients;
    private final float[] slopes;
    private double batchWeight;
    private boolean isByBatch;

    BatchNormStage(BatchNormLayer layer, Binding binding) {
        super(Matrix.padded(binding.capacity(), binding.source().output().columns()));
        this.layer = layer;
        source = binding.source();
        backend = binding.backend();
        channels = new ChannelColumns(binding, layer.channels());
        running = new RunningStatistics(layer, binding);
        int count = layer.channels();
        means = new float[count];
        scales = new float[count];
        factors = new float[count];
        columnMeans = channels.vector();
        columnFactors = channels.vector();
        columnGradients = channels.vector();
        columnSlopes = channels.vector();
        sums = channels.vector();
        products = channels.vector();
        batchMeans = new double[count];
        batchVariances = new double[count];
        ofGains = new double[count];
        ofBiases = new double[count];
        meanGradients = new float[count];
        slopes = new float[count];
        requireGradient();
    }

    @Override
    public int rows(PassContext context) {
        return source.rows(context);
    }

    @Override
    public void forward(PassContext context) {
        int rows = rows(context) * context.copies();
        isByBatch = context.mode() == Mode.TRAIN && (long) rows * channels.positions() > 1;
        if (context.mode() == Mode.TRAIN) {
            takeMoments(channels.weights(context), rows);
        }
        for (int c = 0; c < means.length; c++) {
            double variance = isByBatch ? batchVariances[c] : running.variance(c);
            means[c] = (float) (isByBatch ? batchMeans[c] : running.mean(c));
            scales[c] = (float) (1 / Math.sqrt(variance + layer.epsilon()));
            factors[c] = channels.gain(c) * scales[c];
        }
        channels.repeat(means, columnMeans);
        channels.repeat(factors, columnFactors);
        backend.normalising().normalise(source.output(), columnMeans, columnFactors, channels.biases(), rows, output());
    }

    /** The mean first and then the squares of what differs from it, which have the digits that a difference of squares lacks. */
    private void takeMoments(float[] weights, int rows) {
        batchWeight = RowWeights.sum(weights, rows);
        // 0 where all weights are: then nothing is learned from the batch
        double each = batchWeight == 0 ? 0 : 1 / (batchWeight * channels.positions());
        backend.elementwise().weightedColumnSums(source.output(), weights, rows, 1f, 0f, sums);
        for (int c = 0; c < means.length; c++) {
            batchMeans[c] = each * channels.sum(sums, c);
            means[c] = (float) batchMeans[c];
        }
        channels.repeat(means, columnMeans);
        backend.normalising().squaredDeviations(source.output(), columnMeans, weights, rows, products);
        for (int c = 0; c < means.length; c++) {
            batchVariances[c] = each * channels.sum(products, c);
        }
    }

    @Override
    public void backward(PassContext context) {
        int rows = rows(context) * context.copies();
        float[] weights = channels.weights(context);
        backend.normalising().gradientSums(source.output(), columnMeans, gradient(), weights, rows, sums, products);
        double each = isByBatch && batchWeight > 0 ? 1 / (batchWeight * channels.positions()) : 0;
        for (int c = 0; c < means.length; c++) {
            ofBiases[c] = channels.sum(sums, c);
            ofGains[c] = scales[c] * channels.sum(products, c);
            meanGradients[c] = (float) (each * ofBiases[c]);
            slopes[c] = (float) (-each * ofGains[c] * scales[c]);
        }
        if (source.gradient() == null) {
            return;
        }
        channels.repeat(meanGradients, columnGradients);
        channels.repeat(slopes, columnSlopes);
        backend.normalising()
                .normaliseGradient(
                        source.output(),
                        columnMeans,
                        columnFactors,
                        columnGradients,
                        columnSlopes,
                        gradient(),
                        rows,
                        source.claimGradient(),
                        source.gradient());
    }

    @Override
    public void accumulate(PassContext context) {
        channels.accumulate(ofGains, ofBiases, context.examples());
        running.take(batchWeight, batchMeans, batchVariances);
    }
}
