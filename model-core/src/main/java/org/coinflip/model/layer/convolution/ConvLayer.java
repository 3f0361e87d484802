package org.coinflip.model.layer.convolution;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.coinflip.model.kernel.operation.Activation;
import org.coinflip.model.layer.ActivationStage;
import org.coinflip.model.layer.Binding;
import org.coinflip.model.layer.FeatureShape;
import org.coinflip.model.layer.Initial;
import org.coinflip.model.layer.Layer;
import org.coinflip.model.layer.PreActivation;
import org.coinflip.model.layer.Stage;
import org.coinflip.model.layer.plain.MaxoutStage;
import org.coinflip.model.memory.LayoutBuilder;
import org.coinflip.model.settings.Section;

/**
 * Maps of deterministic units, {@code y = f(a)}, a the {@link Convolution} of what is below, or of maxout units, {@code y_k = max_j a_kj}, j
 * = 1 … pieces, over neighbouring channels of the convolution.
 *
 * @param convolution of channels × pieces channels
 * @param pieces 1, or how many channels of the convolution a channel is the greatest of
 * @param activation f
 * @param initial initial weights and biases, rate scale
 */
public record ConvLayer(Convolution convolution, int pieces, Activation activation, Initial initial) implements Layer {
    public static ConvLayer read(Section section, FeatureShape below) {
        int pieces = section.integer("pieces", 1, 1, 1 << 12);
        Activation activation = section.choice("activation", Activation.LINEAR);
        if (pieces > 1 && activation != Activation.LINEAR) {
            throw section.wrong("activation", "linear, or pieces = 1: maxout units have none besides");
        }
        return new ConvLayer(Convolution.read(section, below, pieces), pieces, activation, Initial.read(section));
    }

    @Override
    public Map<String, Object> write() {
        Map<String, Object> keys = new LinkedHashMap<>();
        convolution.write(keys, pieces);
        keys.put("pieces", pieces);
        keys.put("activation", Section.name(activation));
        initial.write(keys);
        return keys;
    }

    @Override
    public int uses() {
        return convolution.units() / convolution.channels();
    }

    @Override
    public int outputs(int inputs) {
        return convolution.units() / pieces;
    }

    @Override
    public FeatureShape shape(FeatureShape below) {
        FeatureShape all = convolution.shape();
        return FeatureShape.maps(all.height(), all.width(), all.channels() / pieces);
    }

    @Override
    public void declare(LayoutBuilder layout, int index, int inputs) {
        convolution.declare(layout, index, List.of(inputs), initial.rateScale());
    }

    @Override
    public double initialWeightBound(int inputs, int columns) {
        return initial.bound(convolution.fanInAndOut(inputs, columns / pieces));
    }

    @Override
    public boolean takesWeights() {
        return true;
    }

    @Override
    public Stage bind(Binding binding) {
        PreActivation below = convolution.bind(binding);
        int units = convolution.units() / pieces;
        return pieces == 1
                ? new ActivationStage(binding, below, units, activation)
                : new MaxoutStage(binding, below, units, pieces);
    }
}
