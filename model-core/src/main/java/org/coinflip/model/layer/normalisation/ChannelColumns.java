package org.coinflip.model.layer.normalisation;

import org.coinflip.model.layer.Affine;
import org.coinflip.model.layer.Binding;
import org.coinflip.model.layer.ParameterVector;
import org.coinflip.model.layer.PassContext;
import org.coinflip.model.layer.Sink;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;

/**
 * The channels of a layer that normalises, in one pass: its gains and biases, and what is of each channel once for each of its columns, as kernels read it, or
 * of all its columns added up, in double precision and position after position.
 */
final class ChannelColumns {
    private final int channels;
    private final int columns;
    private final Sink sink;
    private final ParameterVector gains;
    private final ParameterVector biases;
    private final Floats columnGains;
    private final Floats columnBiases;
    private final RowWeights weights;

    ChannelColumns(Binding binding, int channels) {
        this.channels = channels;
        columns = binding.source().output().columns();
        sink = binding.sink();
        gains = ParameterVector.of(binding, Channels.GAINS);
        biases = ParameterVector.of(binding, Affine.BIASES);
        columnGains = vector();
        columnBiases = vector();
        weights = new RowWeights(binding.capacity());
    }

    /** Columns of each channel. */
    int positions() {
        return columns / channels;
    }

    /** Room for a number of each column, and for the padding of a row. */
    Floats vector() {
        return Floats.allocate(Matrix.padded(columns));
    }

    float gain(int channel) {
        return gains.values().get(channel);
    }

    /** The gain of each column, as it is now. */
    Floats gains() {
        columnGains.repeat(gains.values(), channels, columns);
        return columnGains;
    }

    /** The bias of each column, as it is now. */
    Floats biases() {
        columnBiases.repeat(biases.values(), channels, columns);
        return columnBiases;
    }

    /** Writes a number of each channel to its columns. */
    void repeat(float[] numbers, Floats out) {
        out.set(0, numbers, 0, channels);
        out.repeat(out, channels, columns);
    }

    /** The sum over the columns of a channel. */
    double sum(Floats numbers, int channel) {
        double sum = 0;
        for (int j = channel; j < columns; j += channels) {
            sum += numbers.get(j);
        }
        return sum;
    }

    /** What the example of each row counts. */
    float[] weights(PassContext context) {
        return weights.of(context);
    }

    /** Gives the sums over a batch of the gradients with respect to each channel's gain and bias to the sink. */
    void accumulate(double[] ofGains, double[] ofBiases, int examples) {
        accumulate(gains, ofGains, examples);
        accumulate(biases, ofBiases, examples);
    }

    private void accumulate(ParameterVector to, double[] gradients, int examples) {
        double scale = sink.scale(to.segment(), examples);
        double carry = sink.carry(to.segment());
        for (int c = 0; c < channels; c++) {
            double kept = carry == 0 ? 0 : carry * to.target().get(c);
            to.target().set(c, (float) (kept + scale * gradients[c]));
        }
    }
}
