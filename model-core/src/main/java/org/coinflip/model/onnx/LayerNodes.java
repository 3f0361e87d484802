package org.coinflip.model.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.coinflip.model.kernel.operation.Activation;
import org.coinflip.model.kernel.operation.Window;
import org.coinflip.model.layer.DenseLayer;
import org.coinflip.model.layer.FeatureShape;
import org.coinflip.model.layer.Layer;
import org.coinflip.model.layer.OutputLayer;
import org.coinflip.model.layer.convolution.ConvLayer;
import org.coinflip.model.layer.convolution.Convolution;
import org.coinflip.model.layer.convolution.PoolLayer;
import org.coinflip.model.layer.convolution.StepOutputLayer;
import org.coinflip.model.layer.experts.ProductLayer;
import org.coinflip.model.layer.normalisation.BatchNormLayer;
import org.coinflip.model.layer.normalisation.CentreLayer;
import org.coinflip.model.layer.normalisation.LayerNormLayer;
import org.coinflip.model.layer.normalisation.RunningStatistics;
import org.coinflip.model.layer.plain.DropoutLayer;
import org.coinflip.model.layer.plain.GaussianNoiseLayer;
import org.coinflip.model.layer.plain.MaxoutLayer;
import org.coinflip.model.layer.plain.RescaleLayer;
import org.coinflip.model.layer.plain.ResidualLayer;
import org.coinflip.model.layer.stochastic.StochasticLayer;
import org.coinflip.model.layer.stochastic.ThresholdRate;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.objective.Objective;
import org.coinflip.model.onnx.Graph.Attribute;
import org.coinflip.model.storage.StoredModel;
import org.coinflip.model.training.EvaluationSpec;
import org.coinflip.model.unit.Bernoulli;

/** The rows that a graph under construction has computed, and what each layer of a network does to them. */
final class LayerNodes {
    final Graph graph = new Graph();
    private final StoredModel stored;
    private final EvaluationSpec use;
    /** The input of the network, and the output of each layer. */
    private final List<String> outputs = new ArrayList<>();

    /** The name of the rows. */
    String value;

    /** Their columns. */
    int width;

    LayerNodes(StoredModel stored, EvaluationSpec use) {
        this.stored = stored;
        this.use = use;
    }

    /** Adds what the layers compute, one after another. */
    void addLayers() {
        List<Layer> layers = stored.network().spec().layers();
        outputs.add(value);
        for (int i = 0; i < layers.size(); i++) {
            add(layers.get(i), i);
            outputs.add(value);
        }
    }

    private void add(Layer layer, int index) {
        if (layer instanceof DenseLayer dense) {
            affine(index, dense.units());
            activate(dense.activation());
        } else if (layer instanceof MaxoutLayer maxout) {
            affine(index, maxout.units() * maxout.pieces());
            most(maxout.units(), maxout.pieces());
        } else if (layer instanceof StochasticLayer stochastic && stochastic.law() instanceof Bernoulli) {
            if (stochastic.connectivity() instanceof Convolution convolution) {
                convolve(index, convolution);
            } else {
                affine(index, stochastic.units());
            }
            bernoulli(stochastic.thresholdRate().isPresent() ? threshold(index) : 0f);
        } else if (layer instanceof ConvLayer conv) {
            convolve(index, conv.convolution());
            activate(conv.activation());
            most(conv.outputs(width), conv.pieces());
        } else if (layer instanceof PoolLayer pool) {
            Window window = pool.window();
            asMaps(window, FeatureShape.Order.CHANNELS_LAST);
            value = graph.node(
                    pool.kind() == PoolLayer.Kind.MAX ? "MaxPool" : "AveragePool",
                    List.of(value),
                    Attribute.of("kernel_shape", (long) window.kernelHeight(), (long) window.kernelWidth()),
                    Attribute.of("strides", (long) window.stride(), (long) window.stride()));
            asRows(window.positions() * window.channels());
        } else if (layer instanceof RescaleLayer rescale) {
            apply("Mul", graph.constant(new float[] {(float) rescale.factor()}, 1));
            apply("Add", graph.constant(new float[] {(float) rescale.offset()}, 1));
        } else if (layer instanceof CentreLayer) {
            apply("Sub", graph.constant(CentreLayer.means(stored.state(), index), width));
        } else if (layer instanceof LayerNormLayer norm) {
            normalise(index, norm);
        } else if (layer instanceof BatchNormLayer norm) {
            normalise(index, norm);
        } else if (layer instanceof ResidualLayer residual) {
            apply("Add", outputs.get(residual.source(index) + 1));
        } else if (layer instanceof ProductLayer product) {
            multiply(product, outputs.get(product.source(index) + 1));
        } else if (layer instanceof OutputLayer output) {
            affine(index, output.units());
            read(output.objective());
        } else if (layer instanceof StepOutputLayer output) {
            convolve(index, output.convolution());
            if (output.objective().isOfSteps()) {
                apply(
                        "Reshape",
                        graph.constant(
                                -1L, output.targets(), output.convolution().channels()));
                softmax();
                apply("Reshape", graph.constant(-1L, (long) width));
            } else {
                read(output.objective());
            }
        } else if (!(layer instanceof DropoutLayer) && !(layer instanceof GaussianNoiseLayer)) {
            Map<String, Object> written = layer.write();
            Object law = written.get("law");
            throw OnnxExport.refused("{ type = " + written.get("type") + (law == null ? "" : ", law = " + law) + " }");
        }
    }

    private void normalise(int index, LayerNormLayer norm) {
        int channels = norm.channels();
        apply("Reshape", graph.constant(-1L, (long) (width / channels), (long) channels));
        value = graph.node(
                "LayerNormalization",
                List.of(
                        value,
                        graph.constant(segment(index, "gains"), channels),
                        graph.constant(segment(index, "biases"), channels)),
                Attribute.of("axis", -1L),
                Attribute.of("epsilon", (float) norm.epsilon()));
        apply("Reshape", graph.constant(-1L, (long) width));
    }

    /** By the statistics in use, which are constants. */
    private void normalise(int index, BatchNormLayer norm) {
        RunningStatistics running = new RunningStatistics(norm, stored.state(), index);
        float[] gains = segment(index, "gains");
        float[] biases = segment(index, "biases");
        float[] means = new float[width];
        float[] factors = new float[width];
        float[] offsets = new float[width];
        for (int j = 0; j < width; j++) {
            int c = j % norm.channels();
            means[j] = (float) running.mean(c);
            factors[j] = (float) (gains[c] / Math.sqrt(running.variance(c) + norm.epsilon()));
            offsets[j] = biases[c];
        }
        apply("Sub", graph.constant(means, width));
        apply("Mul", graph.constant(factors, width));
        apply("Add", graph.constant(offsets, width));
    }

    private float[] segment(int index, String name) {
        return stored.state().view("layer" + index + "." + name).toArray();
    }

    /** Each number of the maps times its gate. */
    private void multiply(ProductLayer product, String maps) {
        long pixels = (long) product.maps().height() * product.maps().width();
        long channels = product.maps().channels();
        boolean last = product.maps().order() == FeatureShape.Order.CHANNELS_LAST;
        long gates = product.gates();
        apply(
                "Reshape",
                product.gatesLieSideBySide() ? graph.constant(-1L, 1L, gates) : graph.constant(-1L, gates, 1L));
        String rows = graph.constant(-1L, last ? pixels : channels, last ? channels : pixels);
        apply("Mul", graph.node("Reshape", List.of(maps, rows)));
        width = product.maps().columns();
        apply("Reshape", graph.constant(-1L, (long) width));
    }

    /** The greatest of each unit's pieces. */
    private void most(int units, int pieces) {
        if (pieces > 1) {
            apply("Reshape", graph.constant(-1L, (long) units, (long) pieces));
            value = graph.node(
                    "ReduceMax", List.of(value), Attribute.of("axes", new long[] {2}), Attribute.of("keepdims", 0L));
            width = units;
        }
    }

    /** a = x ∗ W + b; ONNX has channels before lines and columns. */
    private void convolve(int index, Convolution convolution) {
        Window window = convolution.window();
        asMaps(window, convolution.order());
        int taps = window.kernelHeight() * window.kernelWidth();
        Matrix weights = stored.state().matrix(stored.state().layout().segment("layer" + index + ".weights"));
        float[] numbers = new float[window.patch() * convolution.channels()];
        for (int k = 0, at = 0; k < convolution.channels(); k++) {
            for (int c = 0; c < window.channels(); c++) {
                for (int tap = 0; tap < taps; tap++, at++) {
                    numbers[at] = weights.get(tap * window.channels() + c, k);
                }
            }
        }
        String kernel = graph.constant(
                numbers, convolution.channels(), window.channels(), window.kernelHeight(), window.kernelWidth());
        float[] biases = segment(index, "biases");
        long padding = window.padding();
        value = graph.node(
                "Conv",
                List.of(value, kernel, graph.constant(biases, convolution.channels())),
                Attribute.of("kernel_shape", (long) window.kernelHeight(), (long) window.kernelWidth()),
                Attribute.of("strides", (long) window.stride(), (long) window.stride()),
                Attribute.of("pads", padding, padding, padding, padding));
        asRows(convolution.units());
    }

    /** Rows of pictures as ONNX's examples × channels × lines × columns. */
    private void asMaps(Window window, FeatureShape.Order order) {
        long height = window.height();
        long width = window.width();
        if (order == FeatureShape.Order.CHANNELS_FIRST) {
            apply("Reshape", graph.constant(-1L, window.channels(), height, width));
            return;
        }
        apply("Reshape", graph.constant(-1L, height, width, window.channels()));
        value = graph.node("Transpose", List.of(value), Attribute.of("perm", 0L, 3L, 1L, 2L));
    }

    private void asRows(int columns) {
        value = graph.node("Transpose", List.of(value), Attribute.of("perm", 0L, 2L, 3L, 1L));
        apply("Reshape", graph.constant(-1L, (long) columns));
        width = columns;
    }

    /** a = x W + b. */
    private void affine(int index, int units) {
        String name = "layer" + index + ".";
        if (stored.network().layout().segments().stream()
                .anyMatch(segment -> segment.name().startsWith(name + "shortcut"))) {
            throw OnnxExport.refused("shortcuts");
        }
        Matrix weights = stored.state().matrix(stored.state().layout().segment(name + "weights"));
        float[] numbers = new float[Math.multiplyExact(width, units)];
        for (int i = 0; i < width; i++) {
            for (int j = 0; j < units; j++) {
                numbers[i * units + j] = weights.get(i, j);
            }
        }
        float[] biases = segment(index, "biases");
        value = graph.node(
                "Gemm", List.of(value, graph.constant(numbers, width, units), graph.constant(biases, units)));
        width = units;
    }

    private void activate(Activation activation) {
        switch (activation) {
            case LINEAR -> {}
            case TANH -> apply("Tanh");
            case SIGMOID -> apply("Sigmoid");
            case RELU -> apply("Relu");
            case SOFTPLUS -> apply("Softplus");
        }
    }

    private float threshold(int index) {
        return ThresholdRate.threshold(
                stored.state().view(stored.state().layout().segment(ThresholdRate.statistic(index))));
    }

    private void bernoulli(float threshold) {
        switch (use.mode()) {
            case MEANS -> apply("Sigmoid");
            case THRESHOLDS -> threshold(threshold);
            default -> {
                // not by the operator Bernoulli: by its definition, which runtimes follow, it gives 1 with probability
                // 1 − p
                apply("Sigmoid");
                greater(graph.node("RandomUniformLike", List.of(value), Attribute.ofFloat("dtype")));
            }
        }
    }

    private void read(Objective objective) {
        switch (objective) {
            case CROSS_ENTROPY -> softmax();
            case BERNOULLI_RECONSTRUCTION, MULTI_LABEL -> apply("Sigmoid");
            case POISSON -> apply("Exp");
            case POISSON_RECONSTRUCTION -> apply("Softplus");
            default -> {}
        }
    }

    private void softmax() {
        value = graph.node("Softmax", List.of(value), Attribute.of("axis", -1L));
    }

    void threshold(float at) {
        greater(graph.constant(new float[] {at}, 1));
    }

    /** 1 where it is greater, else 0. */
    private void greater(String than) {
        apply("Greater", than);
        value = graph.node("Cast", List.of(value), Attribute.ofFloat("to"));
    }

    private void apply(String operator) {
        value = graph.node(operator, List.of(value));
    }

    void apply(String operator, String constant) {
        value = graph.node(operator, List.of(value, constant));
    }
}
