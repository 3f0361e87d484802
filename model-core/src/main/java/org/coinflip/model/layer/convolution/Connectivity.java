package org.coinflip.model.layer.convolution;

import java.util.List;
import java.util.Map;
import org.coinflip.model.layer.Binding;
import org.coinflip.model.layer.FeatureShape;
import org.coinflip.model.layer.PreActivation;
import org.coinflip.model.memory.LayoutBuilder;

/** Which columns below a layer's units read, and by which weights. */
public sealed interface Connectivity permits FullConnectivity, Convolution {
    /** Columns of the layer's output. */
    int units();

    /** How these make maps. */
    FeatureShape shape();

    /** Neighbouring columns that units of several columns have to fill evenly. */
    int neighbours();

    /** The key that says how many they are. */
    String neighboursKey();

    /** Asks for weights and biases. */
    void declare(LayoutBuilder layout, int index, List<Integer> reach, double rateScale);

    /** Inputs and units that Glorot's bound counts, given the rows and columns of the weights. */
    double fanInAndOut(int rows, int columns);

    /** What computes with them in a pass. */
    PreActivation bind(Binding binding);

    /** The keys that it was read from. */
    void write(Map<String, Object> keys);
}
