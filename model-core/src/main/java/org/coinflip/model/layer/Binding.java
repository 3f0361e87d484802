package org.coinflip.model.layer;

import java.util.List;
import java.util.function.IntFunction;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.memory.State;

/**
 * What a layer's stage is made from.
 *
 * @param layers all of the network
 * @param index the layer's number, which is its noise's purpose and part of its segments' names
 * @param from the layer that the pass begins with
 * @param below the stages below, the network's input first and the output of layer i at i + 1; those below layer {@code from} are of the
 *     pass that this one is a probe of
 * @param state holds the layer's segments
 * @param sink where its gradients go; null in a pass that never accumulates
 * @param lazySteps what is told of weights before they are read: in a probe, the sink of the pass that it is a probe of
 * @param backend kernels
 * @param capacity rows of the stage below there is memory for
 * @param continuation makes the continuation above this layer for so many copies of every row
 */
public record Binding(
        List<Layer> layers,
        int index,
        int from,
        List<Stage> below,
        State state,
        Sink sink,
        LazySteps lazySteps,
        Backend backend,
        int capacity,
        IntFunction<Continuation> continuation) {
    /** The stage right below. */
    public Stage source() {
        return below.get(below.size() - 1);
    }

    /** The stage of a layer below. */
    public Stage stage(int layer) {
        return below.get(layer + 1);
    }

    /** Whether the stage of a layer is not of this pass, but of the one that it is a probe of. */
    public boolean isOutside(int layer) {
        return layer + 1 < from;
    }

    /** The full name of one of the layer's segments. */
    public static String segment(int index, String name) {
        return "layer" + index + "." + name;
    }

    /** The full name of one of this layer's segments. */
    public String segment(String name) {
        return segment(index, name);
    }
}
