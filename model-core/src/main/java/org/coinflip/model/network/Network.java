package org.coinflip.model.network;

import java.util.ArrayList;
import java.util.List;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.layer.Binding;
import org.coinflip.model.layer.Layer;
import org.coinflip.model.layer.LazySteps;
import org.coinflip.model.layer.Mode;
import org.coinflip.model.layer.Sink;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Layout;
import org.coinflip.model.memory.LayoutBuilder;
import org.coinflip.model.memory.Segment;
import org.coinflip.model.memory.State;
import org.coinflip.model.memory.Statistic;
import org.coinflip.model.noise.NoiseKey;

/** A specification compiled to a layout of parameters. Immutable and thread-safe; what computes is a {@link Pass}. */
public final class Network {
    private final NetworkSpec spec;
    private final Layout layout;
    /** Columns of the input of each layer, and of the output at the end. */
    private final int[] widths;

    public Network(NetworkSpec spec) {
        this.spec = spec;
        this.widths = new int[spec.layers().size() + 1];
        LayoutBuilder builder = new LayoutBuilder();
        widths[0] = spec.inputs();
        List<Integer> reach = List.of(spec.inputs());
        try {
            for (int i = 0; i < spec.layers().size(); i++) {
                Layer layer = spec.layers().get(i);
                layer.declare(builder, i, reach);
                for (Statistic statistic : layer.statistics(widths[i])) {
                    builder.add(
                            Binding.segment(i, statistic.name()),
                            Segment.Role.STATISTICS,
                            statistic.rows(),
                            statistic.columns(),
                            1);
                }
                widths[i + 1] = layer.outputs(widths[i]);
                reach = layer.reach(reach);
            }
            layout = builder.build();
        } catch (ArithmeticException e) {
            throw new UsageException(
                    "network.layers: got more than 2^31 parameters, expected fewer: take fewer units", e);
        }
    }

    public NetworkSpec spec() {
        return spec;
    }

    /** Segments of parameters and statistics; an updater adds its own. */
    public Layout layout() {
        return layout;
    }

    public List<Layer> layers() {
        return spec.layers();
    }

    /** Columns of the input of a layer. */
    int width(int layer) {
        return widths[layer];
    }

    /** Units that a pass computes for an example: columns of weights, at each place or step that shares them. */
    public long computedUnits() {
        return layout.segments().stream()
                .filter(segment -> segment.role() == Segment.Role.WEIGHTS)
                .mapToLong(segment -> (long) segment.columns()
                        * segment.blocks()
                        * layers().get(layer(segment)).uses())
                .sum();
    }

    /** The number of the layer that a segment is of, of parameters or statistics. */
    public static int layer(Segment segment) {
        return Integer.parseInt(
                segment.name().substring("layer".length(), segment.name().indexOf('.')));
    }

    /** Whether the loss of a row of a layer depends on the others of the batch, in training. */
    public boolean mixesRowsAbove(int layer) {
        return layers().subList(layer + 1, layers().size()).stream().anyMatch(Layer::mixesRows);
    }

    /** Refuses data that this network is not for. */
    public void check(int inputs, int classes) {
        if (inputs != spec.inputs()) {
            throw new UsageException("network: got examples of " + inputs + " features, expected " + spec.inputs()
                    + ": evaluate on data prepared like the training data");
        }
        spec.top().check(inputs, classes);
    }

    /**
     * Refuses examples with more or fewer values than outputs are held to.
     *
     * @param targets values an example; 0 where they have none
     */
    public void checkTargets(int targets) {
        if (spec.targets() > 0 && targets != spec.targets()) {
            throw new UsageException("network.layers: got an output layer that is held to " + spec.targets()
                    + " values for examples of " + targets + " each, expected as many: correct its units or steps, or"
                    + " data.label-columns");
        }
    }

    /** Refuses what layers cannot be used with. */
    public void checkUse(Mode mode) {
        for (int i = 0; i < layers().size(); i++) {
            layers().get(i).checkUse(i, mode);
        }
    }

    /** Refuses examples with weights where a layer takes none. */
    public void checkWeights() {
        for (Layer layer : layers()) {
            if (!layer.takesWeights()) {
                throw new UsageException(
                        "network.layers: got { type = " + layer.write().get("type")
                                + " } for examples with weights, expected layers that take them: train without weights");
            }
        }
    }

    /**
     * Writes the initial parameters and statistics: weights uniform on the layer's bound, each number a function of (seed, segment,
     * place).
     *
     * @param state with the segments of {@link #layout}, laid out in any way; modified
     */
    public void initialise(State state, long seed) {
        for (int s = 0; s < layout.segments().size(); s++) {
            Segment segment = state.layout().segments().get(s);
            int index = layer(segment);
            Layer layer = spec.layers().get(index);
            Floats values = state.view(segment);
            NoiseKey key = new NoiseKey(seed, s, NoiseKey.INITIALISATION);
            switch (segment.role()) {
                case WEIGHTS, WEIGHTS_BY_UNIT -> {
                    Floats weights = Floats.allocate(segment.count());
                    key.fill(weights, 0, layer.initialWeightBound(name(segment), segment.rows(), segment.columns()));
                    for (int row = 0; row < segment.rows(); row++) {
                        values.set(row * segment.stride(), weights, row * segment.columns(), segment.columns());
                    }
                }
                case BIASES -> values.fill((float) layer.initialBias(name(segment)));
                case STATISTICS -> {
                    Statistic statistic = statistic(layer, widths[index], segment);
                    key.fill(values, statistic.initial(), statistic.bound());
                }
                case UPDATER, ITERATE -> throw new IllegalStateException(segment.name() + " is no network's");
            }
        }
        state.beginIterate();
    }

    /** The name that the layer declared. */
    private static String name(Segment segment) {
        return segment.name().substring(segment.name().indexOf('.') + 1);
    }

    private static Statistic statistic(Layer layer, int inputs, Segment segment) {
        return layer.statistics(inputs).stream()
                .filter(statistic -> statistic.name().equals(name(segment)))
                .findFirst()
                .orElseThrow();
    }

    /**
     * All memory of one thread's passes over batches.
     *
     * @param state parameters and statistics; read by every pass, written by {@link Pass#accumulate}
     * @param sink where gradients go; null for a pass that never accumulates
     * @param capacity the most examples of a batch
     */
    public Pass bind(State state, Sink sink, Backend backend, int capacity) {
        return new Pass(
                this,
                0,
                state,
                sink,
                sink == null ? LazySteps.NONE : sink,
                backend,
                capacity,
                1,
                1,
                false,
                null,
                List.of());
    }

    /** The layers from {@code from} on. */
    List<Layer> layersFrom(int from) {
        return new ArrayList<>(spec.layers().subList(from, spec.layers().size()));
    }
}
