package org.coinflip.model.layer.recurrent;

import java.util.List;
import java.util.Map;
import org.coinflip.model.layer.Binding;
import org.coinflip.model.memory.LayoutBuilder;
import org.coinflip.model.memory.Statistic;

/** What a recurrent layer computes in a step: the next state of its units, given the input and the state before. */
public sealed interface RecurrentCell permits LeakyCell, StochasticCell, GruCell, LstmCell {
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

    /** Whether it draws its units. */
    default boolean isStochastic() {
        return false;
    }

    /** Whether it wants the gradient with respect to its states. */
    default boolean needsGradient() {
        return true;
    }

    /** Whether it estimates gradients from the losses of its rows. */
    default boolean readsLosses() {
        return false;
    }

    /** What it learns besides parameters, given the numbers of a step and its units. */
    default List<Statistic> statistics(int features, int units) {
        return List.of();
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
