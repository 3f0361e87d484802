package org.coinflip.model.onnx;

import java.util.List;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.layer.Mode;
import org.coinflip.model.onnx.Graph.Attribute;
import org.coinflip.model.storage.StoredModel;
import org.coinflip.model.training.EvaluationSpec;
import org.coinflip.model.transform.Binarisation;
import org.coinflip.model.transform.Transformation;

/**
 * A trained network as ONNX has it: from {@value #INPUT}, features as the training's data had them, examples × features, to {@value #OUTPUT}, the
 * prediction. With units' means or thresholds it gives what {@link org.coinflip.Scorer} gives but for rounding; with draws, the mean over so many of
 * uniform numbers of the runtime's own: others each time.
 *
 * <p>Layers: dense, convolutions, pooling, residual sums, maps under gates, stochastic of the Bernoulli law, maxout, rescale, layer and batch normalisation, dropout and Gaussian noise (which
 * predictions leave out), output; what else a network has is refused by name.
 */
public final class OnnxExport {
    /** The name of what goes in. */
    public static final String INPUT = "features";

    /** The name of what comes out. */
    public static final String OUTPUT = "prediction";

    private final StoredModel stored;
    private final EvaluationSpec use;
    private final LayerNodes nodes;
    private final Graph graph;

    private OnnxExport(StoredModel stored, EvaluationSpec use) {
        this.stored = stored;
        this.use = use;
        this.nodes = new LayerNodes(stored, use);
        this.graph = nodes.graph;
        nodes.value = INPUT;
    }

    /**
     * The bytes of a file.
     *
     * @param use how its units are used
     * @throws UsageException where ONNX has not what the network has
     */
    public static byte[] of(StoredModel stored, EvaluationSpec use) {
        return new OnnxExport(stored, use).write();
    }

    private byte[] write() {
        graph.input(INPUT, stored.transformation().inputs());
        transform(stored.transformation());
        boolean drawn = use.mode() == Mode.SAMPLES && use.draws() > 1;
        if (drawn) {
            // all draws at once, as rows
            nodes.apply("Tile", graph.constant((long) use.draws(), 1L));
        }
        nodes.addLayers();
        if (drawn) {
            nodes.apply("Reshape", graph.constant((long) use.draws(), -1L, (long) nodes.width));
            nodes.value = graph.node(
                    "ReduceMean",
                    List.of(nodes.value),
                    Attribute.of("axes", new long[] {0}),
                    Attribute.of("keepdims", 0L));
        }
        graph.node("Identity", List.of(nodes.value), OUTPUT);
        graph.output(OUTPUT, nodes.width);
        return graph.toModel("network");
    }

    private void transform(Transformation transformation) {
        nodes.width = transformation.inputs();
        if (!transformation.fill().isEmpty()) {
            nodes.value = graph.node(
                    "Where",
                    List.of(graph.node("IsNaN", List.of(nodes.value)), vector(transformation.fill()), nodes.value));
        }
        nodes.apply("Mul", vector(transformation.scale()));
        nodes.apply("Add", vector(transformation.offset()));
        Binarisation binarisation = transformation.binarisation();
        if (binarisation.type() == Binarisation.Type.BERNOULLI) {
            throw refused("binarise = bernoulli, whose bits are a function of the example's id");
        }
        if (binarisation.applies()) {
            nodes.threshold((float) binarisation.at());
        }
        if (transformation.projection().applies()) {
            nodes.apply("Sub", vector(transformation.projection().mean()));
            float[] weights = floats(transformation.projection().weights());
            nodes.value = graph.node(
                    "Gemm",
                    List.of(nodes.value, graph.constant(weights, transformation.width(), nodes.width)),
                    Attribute.of("transB", 1L));
            nodes.width = transformation.width();
        }
    }

    static UsageException refused(String what) {
        return new UsageException("onnx: got a network with " + what
                + ", expected dense, conv, pool, residual, product, maxout, rescale, layer-norm, batch-norm, dropout,"
                + " gaussian-noise and output layers and stochastic ones of the Bernoulli law: use the scoring jar");
    }

    private String vector(List<Float> numbers) {
        return graph.constant(floats(numbers), numbers.size());
    }

    private static float[] floats(List<Float> numbers) {
        float[] all = new float[numbers.size()];
        for (int i = 0; i < all.length; i++) {
            all[i] = numbers.get(i);
        }
        return all;
    }
}
