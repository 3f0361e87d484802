package org.coinflip.model.layer;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.coinflip.model.settings.Section;

/** The layers by the names that experiment files use. */
public final class Layers {
    private static final Map<String, Function<Section, Layer>> READERS = new TreeMap<>(Map.of(
            DenseLayer.TYPE, DenseLayer::read,
            LikelihoodLayer.TYPE, LikelihoodLayer::read,
            MaxoutLayer.TYPE, MaxoutLayer::read,
            DropoutLayer.TYPE, DropoutLayer::read,
            GaussianNoiseLayer.TYPE, GaussianNoiseLayer::read,
            RescaleLayer.TYPE, RescaleLayer::read,
            StochasticLayer.TYPE, StochasticLayer::read,
            OutputLayer.TYPE, OutputLayer::read,
            RewardLayer.TYPE, RewardLayer::read,
            FunctionLayer.TYPE, FunctionLayer::read));

    private Layers() {}

    /** Reads a layer from its section, whose {@code type} names it. */
    public static Layer read(Section section) {
        String type = section.text("type");
        Function<Section, Layer> reader = READERS.get(type);
        if (reader == null) {
            throw section.wrong(
                    "type", "a layer, one of " + String.join(", ", names()) + Section.suggestion(type, names()));
        }
        Layer layer = reader.apply(section);
        section.finish();
        return layer;
    }

    public static List<String> names() {
        return List.copyOf(READERS.keySet());
    }
}
