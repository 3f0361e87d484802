package org.coinflip.model.layer.experts;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.layer.Binding;
import org.coinflip.model.layer.FeatureShape;
import org.coinflip.model.layer.Layer;
import org.coinflip.model.layer.SkipConnection;
import org.coinflip.model.layer.Stage;
import org.coinflip.model.memory.LayoutBuilder;
import org.coinflip.model.settings.Section;

/**
 * Maps under gates, without parameters: {@code y[p, c] = h[c] x[p, c]}, a gate for each channel, or {@code y[p, c] = h[p] x[p, c]}, one for each
 * position. h is the output of the layer right below, x what the first layer of the gater reads. The gates' gradient is {@code ∂L/∂h[c] = Σ_p ∂L/∂y[p, c] x[p, c]},
 * or the sum over channels.
 *
 * @param maps how x lies, and y as it
 * @param by what has a gate of its own
 * @param gater how many layers right below make the gates; the first of them reads x
 */
public record ProductLayer(FeatureShape maps, By by, int gater) implements Layer {
    public static final String TYPE = "product";

    /** What has a gate of its own. */
    public enum By {
        /** Each map. */
        CHANNEL,
        /** Each pixel, of all maps. */
        POSITION
    }

    /** @param below how the network's input and the outputs of the layers below make maps */
    public static ProductLayer read(Section section, List<FeatureShape> below) {
        int gater = section.integer("gater", 1, Integer.MAX_VALUE);
        By by = section.choice("by", By.CHANNEL);
        FeatureShape x = gater < below.size() ? below.get(below.size() - 1 - gater) : FeatureShape.UNKNOWN;
        ProductLayer layer = new ProductLayer(FeatureShape.read(section, x), by, gater);
        int gates = below.get(below.size() - 1).columns();
        if (!below.get(0).equals(FeatureShape.UNKNOWN) && gater < below.size() && gates != layer.gates()) {
            throw section.wrong("by", layer.expectedGates(gates));
        }
        return layer;
    }

    private String expectedGates(int got) {
        return "a gate for each of the " + gates() + (by == By.CHANNEL ? " channels" : " positions")
                + " in the layer below, which has " + got + " columns";
    }

    @Override
    public Map<String, Object> write() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("type", TYPE);
        maps.write(keys);
        keys.put("by", Section.name(by));
        keys.put("gater", gater);
        return keys;
    }

    /** How many gates there are. */
    public int gates() {
        return by == By.CHANNEL ? maps.channels() : maps.height() * maps.width();
    }

    /** Whether numbers that lie side by side have the gates in turn, and not one gate together. */
    public boolean gatesLieSideBySide() {
        return (by == By.CHANNEL) == (maps.order() == FeatureShape.Order.CHANNELS_LAST);
    }

    /** The number of the layer whose output is gated; −1 for the network's input. */
    public int source(int index) {
        return SkipConnection.source(index, gater);
    }

    @Override
    public void checkPlace(int index, List<Layer> layers) {
        SkipConnection.check(index, "gater", gater, layers);
    }

    @Override
    public int outputs(int gates) {
        return maps.columns();
    }

    @Override
    public FeatureShape shape(FeatureShape gates) {
        return maps;
    }

    @Override
    public void declare(LayoutBuilder layout, int index, int gates) {}

    @Override
    public boolean takesWeights() {
        return true;
    }

    @Override
    public Stage bind(Binding binding) {
        int gates = binding.source().output().columns();
        if (gates != gates()) {
            throw new UsageException("network.layers[" + binding.index() + "].by: got " + Section.name(by)
                    + ", expected " + expectedGates(gates));
        }
        return new ProductStage(this, binding);
    }
}
