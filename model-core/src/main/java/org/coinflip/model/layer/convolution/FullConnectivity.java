package org.coinflip.model.layer.convolution;

import java.util.List;
import java.util.Map;
import org.coinflip.model.layer.Affine;
import org.coinflip.model.layer.Binding;
import org.coinflip.model.layer.FeatureShape;
import org.coinflip.model.layer.PreActivation;
import org.coinflip.model.memory.LayoutBuilder;

/**
 * Every unit reads every column below, by a weight of its own.
 *
 * @param units columns of the output
 */
public record FullConnectivity(int units) implements Connectivity {
    @Override
    public FeatureShape shape() {
        return FeatureShape.flat(units);
    }

    @Override
    public int neighbours() {
        return units;
    }

    @Override
    public String neighboursKey() {
        return "units";
    }

    @Override
    public void declare(LayoutBuilder layout, int index, List<Integer> reach, double rateScale) {
        Affine.declare(layout, index, reach, units, rateScale);
    }

    @Override
    public double fanInAndOut(int rows, int columns) {
        return (double) rows + columns;
    }

    @Override
    public PreActivation bind(Binding binding) {
        return new Affine(binding);
    }

    @Override
    public void write(Map<String, Object> keys) {
        keys.put("units", units);
    }
}
