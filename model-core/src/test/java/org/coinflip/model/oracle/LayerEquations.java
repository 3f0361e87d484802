package org.coinflip.model.oracle;

import java.util.Arrays;
import org.coinflip.model.kernel.operation.Activation;
import org.coinflip.model.kernel.operation.Window;
import org.coinflip.model.layer.FeatureShape;
import org.coinflip.model.layer.Layer;
import org.coinflip.model.layer.convolution.ConvLayer;
import org.coinflip.model.layer.convolution.Convolution;
import org.coinflip.model.layer.convolution.PoolLayer;
import org.coinflip.model.layer.experts.ExpertsLayer;
import org.coinflip.model.layer.experts.ProductLayer;
import org.coinflip.model.layer.stochastic.Prior;
import org.coinflip.model.layer.stochastic.StochasticLayer;
import org.coinflip.model.memory.Segment;
import org.coinflip.model.network.Network;
import org.coinflip.model.unit.Gaussian;

/** What the layers of a network make of numbers, in double precision and with none of the engine's arithmetic. */
final class LayerEquations {
    private final Network network;
    /** Those of the enumeration, which moves them. */
    private final double[] parameters;

    LayerEquations(Network network, double[] parameters) {
        this.network = network;
        this.parameters = parameters;
    }

    double[] preActivations(int index, Layer layer, double[] x) {
        if (layer instanceof ConvLayer conv) {
            return convolved(index, conv.convolution(), x);
        }
        return layer instanceof StochasticLayer units && units.connectivity() instanceof Convolution convolution
                ? convolved(index, convolution, x)
                : affine(index, x);
    }

    double[] affine(int index, double[] x) {
        Segment weights = network.layout().segment("layer" + index + ".weights");
        Segment biases = network.layout().segment("layer" + index + ".biases");
        double[] a = new double[weights.columns()];
        for (int j = 0; j < a.length; j++) {
            a[j] = parameters[biases.offset() + j];
            for (int i = 0; i < x.length; i++) {
                a[j] += x[i] * parameters[weights.offset() + i * a.length + j];
            }
        }
        return a;
    }

    private double[] convolved(int index, Convolution convolution, double[] x) {
        Window window = convolution.window();
        FeatureShape below = new FeatureShape(window.height(), window.width(), window.channels(), convolution.order());
        int weights = network.layout().segment("layer" + index + ".weights").offset();
        int biases = network.layout().segment("layer" + index + ".biases").offset();
        double[] a = new double[convolution.units()];
        for (int u = 0; u < a.length; u++) {
            int k = u % convolution.channels();
            int place = u / convolution.channels();
            a[u] = parameters[biases + k];
            for (int t = 0; t < window.patch(); t++) {
                int c = t % window.channels();
                int tap = t / window.channels();
                int line = place / window.outWidth() * window.stride() + tap / window.kernelWidth() - window.padding();
                int column =
                        place % window.outWidth() * window.stride() + tap % window.kernelWidth() - window.padding();
                if (line >= 0 && line < window.height() && column >= 0 && column < window.width()) {
                    a[u] += x[place(below, line, column, c)] * parameters[weights + t * convolution.channels() + k];
                }
            }
        }
        return a;
    }

    static double activate(Activation f, double a) {
        return switch (f) {
            case LINEAR -> a;
            case TANH -> Math.tanh(a);
            case SIGMOID -> Enumeration.sigmoid(a);
            case RELU -> Math.max(0, a);
            case SOFTPLUS -> Math.log1p(Math.exp(a));
        };
    }

    /** h_e times what expert e, a network of its own, makes of what the gater was given; side by side or added up. */
    double[] gated(ExpertsLayer layer, int index, double[] input, double[] gates) {
        boolean isSummed = layer.combine() == ExpertsLayer.Combine.SUM;
        double[] y = new double[isSummed ? layer.units() : layer.experts() * layer.units()];
        for (int e = 0; e < gates.length; e++) {
            double[] z = input;
            for (int level = 0; level <= layer.hidden().size(); level++) {
                boolean isLinear = level > 0 && level == layer.hidden().size();
                z = ofExpert(index, level, e, z, isLinear ? Activation.LINEAR : layer.activation());
            }
            for (int j = 0; j < z.length; j++) {
                y[(isSummed ? 0 : e * z.length) + j] += gates[e] * z[j];
            }
        }
        return y;
    }

    private double[] ofExpert(int index, int level, int expert, double[] x, Activation f) {
        String number = level == 0 ? "" : String.valueOf(level);
        Segment weights = network.layout().segment("layer" + index + ".weights" + number);
        Segment biases = network.layout().segment("layer" + index + ".biases" + number);
        boolean byUnit = weights.role() == Segment.Role.WEIGHTS_BY_UNIT;
        double[] z = new double[byUnit ? 1 : weights.columns()];
        for (int j = 0; j < z.length; j++) {
            int unit = expert * z.length + j;
            double a = parameters[biases.offset() + unit];
            for (int k = 0; k < x.length; k++) {
                int at = byUnit ? unit * x.length + k : (expert * x.length + k) * z.length + j;
                a += x[k] * parameters[weights.offset() + at];
            }
            z[j] = activate(f, a);
        }
        return z;
    }

    /** Each number times the gate of its channel or its position. */
    static double[] product(ProductLayer layer, double[] x, double[] gates) {
        double[] y = new double[x.length];
        for (int line = 0; line < layer.maps().height(); line++) {
            for (int column = 0; column < layer.maps().width(); column++) {
                for (int c = 0; c < layer.maps().channels(); c++) {
                    int at = place(layer.maps(), line, column, c);
                    int gate = layer.by() == ProductLayer.By.CHANNEL
                            ? c
                            : line * layer.maps().width() + column;
                    y[at] = gates[gate] * x[at];
                }
            }
        }
        return y;
    }

    private static int place(FeatureShape shape, int line, int column, int channel) {
        return shape.order() == FeatureShape.Order.CHANNELS_FIRST
                ? (channel * shape.height() + line) * shape.width() + column
                : (line * shape.width() + column) * shape.channels() + channel;
    }

    /** The mean of each channel over the whole of the maps. */
    static double[] means(PoolLayer pool, double[] x) {
        Window all = pool.window();
        if (pool.kind() != PoolLayer.Kind.MEAN || all.positions() != 1) {
            throw new IllegalArgumentException("an enumeration has global means alone");
        }
        double[] means = new double[all.channels()];
        for (int i = 0; i < x.length; i++) {
            means[i % means.length] += x[i] * means.length / x.length;
        }
        return means;
    }

    /** log q(h|a) − log p(h). */
    double priorCost(int index, double[] a, double[] h) {
        StochasticLayer layer = (StochasticLayer) network.layers().get(index);
        Prior prior = layer.prior().orElseThrow();
        if (layer.law() instanceof Gaussian) {
            double cost = 0;
            double[] s = deviations(index);
            for (int j = 0; j < h.length; j++) {
                cost += logDensity(h[j], a[j], s[j]) - logDensity(h[j], 0, 1);
            }
            return cost;
        }
        double ofPosterior = Outcomes.logProbability(layer.law(), a, h);
        if (prior.type() == Prior.Type.CONDITIONAL) {
            return ofPosterior;
        }
        double[] theta = new double[h.length];
        Arrays.fill(theta, prior.logit());
        if (prior.isLearned()) {
            int from = network.layout().segment("layer" + index + ".prior").offset();
            System.arraycopy(parameters, from, theta, 0, theta.length);
        }
        return ofPosterior - Outcomes.logProbability(layer.law(), theta, h);
    }

    double[] deviations(int index) {
        Segment logs = network.layout().segment("layer" + index + ".log-deviations");
        return Arrays.stream(parameters, logs.offset(), logs.offset() + logs.count())
                .map(Math::exp)
                .toArray();
    }

    private static double logDensity(double h, double mean, double deviation) {
        double noise = (h - mean) / deviation;
        return -noise * noise / 2 - Math.log(deviation * Math.sqrt(2 * Math.PI));
    }
}
