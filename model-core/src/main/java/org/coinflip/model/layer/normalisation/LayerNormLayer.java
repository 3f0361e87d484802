package org.coinflip.model.layer.normalisation;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.coinflip.model.layer.Binding;
import org.coinflip.model.layer.FeatureShape;
import org.coinflip.model.layer.Layer;
import org.coinflip.model.layer.Stage;
import org.coinflip.model.layer.plain.SameShapeLayer;
import org.coinflip.model.memory.LayoutBuilder;
import org.coinflip.model.settings.Range;
import org.coinflip.model.settings.Section;

/**
 * Layer normalisation, {@code y = g ⊙ (x − m) / √(v + ε) + b}, m and v the mean and the variance (divisor their number) of the row's own columns: of all, or, of
 * maps and steps, of the channels at each position. The same in training and in use, and of one row whatever the others.
 *
 * <p>Ba, Kiros, Hinton (2016), "Layer normalization", equations 3 and 4.
 *
 * @param channels how many neighbouring columns are normalised together, a divisor of all; each has a gain g and a bias b
 * @param epsilon ε, above 0
 */
public record LayerNormLayer(int channels, double epsilon) implements SameShapeLayer {
    public static final String TYPE = "layer-norm";

    public static LayerNormLayer read(Section section, FeatureShape below) {
        return new LayerNormLayer(
                section.integer(Channels.KEY, together(below), 1, Integer.MAX_VALUE),
                section.number("epsilon", 1e-5, Range.POSITIVE));
    }

    /** Of one channel a position's only number is its mean, and in pictures of data a pixel's numbers do not lie together: there, all columns. */
    private static int together(FeatureShape below) {
        boolean perPosition = below.height() * below.width() > 1
                && below.channels() > 1
                && below.order() == FeatureShape.Order.CHANNELS_LAST;
        return perPosition ? below.channels() : below.columns();
    }

    @Override
    public Map<String, Object> write() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("type", TYPE);
        keys.put(Channels.KEY, channels);
        keys.put("epsilon", epsilon);
        return keys;
    }

    @Override
    public void declare(LayoutBuilder layout, int index, int inputs) {
        Channels.declare(layout, index, inputs, channels);
    }

    @Override
    public double initialBias(String name) {
        return Channels.initial(name);
    }

    @Override
    public void checkPlace(int index, List<Layer> layers) {
        Channels.checkPlace(index, layers);
    }

    @Override
    public Stage bind(Binding binding) {
        return new LayerNormStage(this, binding);
    }
}
