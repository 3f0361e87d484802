package org.coinflip.model.layer;

import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Segment;

/**
 * A vector of a layer's parameters in one pass.
 *
 * @param segment where it lies
 * @param values its numbers
 * @param target where its gradient goes; null in a pass that never accumulates
 */
public record ParameterVector(Segment segment, Floats values, Floats target) {
    /** @param name as the layer declared it */
    public static ParameterVector of(Binding binding, String name) {
        Segment segment = binding.state().layout().segment(binding.segment(name));
        Sink sink = binding.sink();
        return new ParameterVector(segment, binding.state().view(segment), sink == null ? null : sink.target(segment));
    }
}
