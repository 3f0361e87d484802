package org.coinflip.model.layer;

import java.util.List;
import java.util.Map;
import org.coinflip.model.memory.LayoutBuilder;

/** What a recurrent layer computes in a step: the next state of its units, given the input and the state before. */
public sealed interface RecurrentCell permits LeakyCell, GruCell, LstmCell {
    /** The layer's type in experiment files. */
    String type();

    /** Names of its gates, each with weights of its own: as prefixes of the names of segments. */
    List<String> gates();

    /** Asks for parameters besides those that every gate has. */
    default void declare(LayoutBuilder layout, int index, int units, double rate) {}

    /** Initial value of one of its segments of biases. */
    default double initialBias(String segment, double common) {
        return common;
    }

    /** Whether its state is all that it has from one step to the next, so that a step may be left out. */
    default boolean mayKeepState() {
        return true;
    }

    /** Its memory of a pass. */
    CellPass bind(Binding binding, RecurrentLayer layer);

    /** The keys that it alone has. */
    default void write(Map<String, Object> keys) {}
}
