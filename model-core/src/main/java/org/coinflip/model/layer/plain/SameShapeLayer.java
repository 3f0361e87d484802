package org.coinflip.model.layer.plain;

import org.coinflip.model.layer.FeatureShape;
import org.coinflip.model.layer.Layer;
import org.coinflip.model.memory.LayoutBuilder;

/** A layer whose output lies as what it reads: without parameters, unless it declares some. */
public interface SameShapeLayer extends Layer {
    @Override
    default int outputs(int inputs) {
        return inputs;
    }

    @Override
    default FeatureShape shape(FeatureShape below) {
        return below;
    }

    @Override
    default void declare(LayoutBuilder layout, int index, int inputs) {}

    @Override
    default boolean takesWeights() {
        return true;
    }
}
