package org.coinflip.model.network;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.layer.FeatureShape;
import org.coinflip.model.layer.Layer;
import org.coinflip.model.layer.ReadOut;
import org.coinflip.model.layer.TopLayer;
import org.coinflip.model.layer.registry.Layers;
import org.coinflip.model.settings.Section;

/**
 * An immutable description of a network: its layers from the bottom up, the last of them the output. Reads from and writes to HOCON
 * and JSON; the two are inverse.
 *
 * @param inputs features of an example
 * @param layers at least one; the output layer is the last and the only one of its kind
 */
public record NetworkSpec(int inputs, List<Layer> layers) {
    /** Version of the written form; a reader refuses a greater one. */
    public static final int FORMAT = 1;

    public NetworkSpec {
        List<Layer> placed = new ArrayList<>();
        layers.forEach(layer -> placed.add(layer.above(placed)));
        layers = List.copyOf(placed);
        if (layers.isEmpty() || !(layers.get(layers.size() - 1) instanceof TopLayer)) {
            throw new UsageException("network.layers: got " + layers.size()
                    + " layers without an output layer at the end, expected the last to be { type = output, … }");
        }
        if (layers.stream().filter(TopLayer.class::isInstance).count() > 1) {
            throw new UsageException("network.layers: got several output layers, expected one, at the end");
        }
        for (int i = 0; i < layers.size(); i++) {
            layers.get(i).checkPlace(i, layers);
        }
    }

    /** Reads the {@code network} section of an experiment, for examples of so many features that are not known to make pictures. */
    public static NetworkSpec read(Section section, int inputs) {
        return read(section, FeatureShape.flat(inputs));
    }

    /** Reads the {@code network} section of an experiment, for examples of the given shape. */
    public static NetworkSpec read(Section section, FeatureShape inputs) {
        List<Layer> layers = new ArrayList<>();
        List<FeatureShape> shapes = new ArrayList<>(List.of(inputs));
        for (Section written : section.sections("layers")) {
            for (Layer layer : Layers.read(written, List.copyOf(shapes))) {
                shapes.add(layer.shape(shapes.get(shapes.size() - 1)));
                layers.add(layer);
            }
        }
        section.finish();
        return new NetworkSpec(inputs.columns(), layers);
    }

    /** Reads what {@link #write} wrote. */
    public static NetworkSpec read(Section section) {
        int format = section.integer("format", 1, Integer.MAX_VALUE);
        if (format > FORMAT) {
            throw section.wrong("format", "at most " + FORMAT + ": this network was written by a newer version");
        }
        return read(section, section.integer("inputs", 1, Integer.MAX_VALUE));
    }

    /** The specification as a configuration that {@link #read(Section)} reads back. */
    public Config write() {
        return ConfigFactory.parseMap(Map.of(
                "format", FORMAT,
                "inputs", inputs,
                "layers", layers.stream().map(Layer::write).toList()));
    }

    /** The layer that makes the loss. */
    public TopLayer top() {
        return (TopLayer) layers.get(layers.size() - 1);
    }

    /** How many classes the network tells apart; empty where it reconstructs or predicts a value. */
    public OptionalInt classes() {
        return output().objective().isOfClasses() ? OptionalInt.of(output().units()) : OptionalInt.empty();
    }

    /** How many values of an example its outputs are held to; 0 where they are held to something else. */
    public int targets() {
        return top() instanceof ReadOut output ? output.targets() : 0;
    }

    /**
     * The top layer of a network whose outputs are of use.
     *
     * @throws UsageException where the network ends otherwise
     */
    public ReadOut output() {
        if (top() instanceof ReadOut output) {
            return output;
        }
        throw new UsageException("network.layers: got a network that ends in "
                + top().write().get("type") + ", expected { type = output, … }: it gives no outputs");
    }
}
