package org.coinflip.model.layer;

import java.util.List;
import java.util.Map;
import org.coinflip.model.memory.LayoutBuilder;
import org.coinflip.model.memory.Statistic;

/**
 * A layer's immutable specification, as an experiment file writes it, and how to make its stage. It reads itself in a static {@code
 * read(Section, …)} and writes itself in {@link #write}; the two are inverse.
 */
public interface Layer {
    /** Columns of the output, given the columns of the input. */
    int outputs(int inputs);

    /** How the columns of the output make maps, given how those of the input do. */
    default FeatureShape shape(FeatureShape below) {
        return FeatureShape.flat(outputs(below.columns()));
    }

    /** Rows that the layer makes of one: the samples that its estimator wants of an example. */
    default int fanOut() {
        return 1;
    }

    /**
     * Columns of what a layer above reads when it reads this one, its own output last: more than that where there are shortcuts.
     *
     * @param below what this layer reads
     */
    default List<Integer> reach(List<Integer> below) {
        return List.of(outputs(below.get(below.size() - 1)));
    }

    /** Asks for the parameters it needs. */
    void declare(LayoutBuilder layout, int index, int inputs);

    /** Asks for the parameters it needs to read all that is in reach of the layer below. */
    default void declare(LayoutBuilder layout, int index, List<Integer> reach) {
        declare(layout, index, reach.get(reach.size() - 1));
    }

    /** How its parameters start and how fast they learn. */
    default Initial initial() {
        return Initial.DEFAULT;
    }

    /** Half-width of the uniform initial weights, given their numbers of inputs and units. */
    default double initialWeightBound(int inputs, int units) {
        return initial().bound((double) inputs + units);
    }

    /** The same, given the name it declared too: shortcuts start from 0, so that the network begins as one without. */
    default double initialWeightBound(String name, int inputs, int units) {
        return name.startsWith(Affine.SHORTCUT) ? 0 : initialWeightBound(inputs, units);
    }

    /** Initial value of one of its segments of biases, by the name it declared. */
    default double initialBias(String name) {
        return initial().bias();
    }

    /** How often an example's pass uses each of its weights: once, or at as many places or steps as share them. */
    default int uses() {
        return 1;
    }

    /** What it learns besides parameters. */
    default List<Statistic> statistics(int inputs) {
        return List.of();
    }

    /** Makes its stage of a pass. */
    Stage bind(Binding binding);

    /** Whether it draws noise in training. */
    default boolean isStochastic() {
        return false;
    }

    /** Whether its parameters' gradients, where it has some, count examples by their weights. */
    default boolean takesWeights() {
        return false;
    }

    /** Whether it estimates gradients from the losses of its rows, of which each then has to be a function of what is drawn for that row alone. */
    default boolean readsLosses() {
        return false;
    }

    /** Whether in training a row of its output depends on the others of the batch. */
    default boolean mixesRows() {
        return false;
    }

    /** The layer as it is above others: itself, unless what it does depends on them. */
    default Layer above(List<Layer> below) {
        return this;
    }

    /**
     * Refuses a place among the layers of a network that it cannot serve.
     *
     * @param index the layer's number
     * @param layers all layers, itself included
     */
    default void checkPlace(int index, List<Layer> layers) {}

    /**
     * Refuses what its units cannot be used with.
     *
     * @param index the layer's number
     */
    default void checkUse(int index, Mode mode) {}

    /** The keys and values that {@code read} would read it from. */
    Map<String, Object> write();
}
