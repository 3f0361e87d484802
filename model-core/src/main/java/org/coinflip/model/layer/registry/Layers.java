package org.coinflip.model.layer.registry;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.coinflip.model.layer.DenseLayer;
import org.coinflip.model.layer.FeatureShape;
import org.coinflip.model.layer.Layer;
import org.coinflip.model.layer.OutputLayer;
import org.coinflip.model.layer.TransformedLayer;
import org.coinflip.model.layer.convolution.Convolution;
import org.coinflip.model.layer.convolution.PoolLayer;
import org.coinflip.model.layer.convolution.StepOutputLayer;
import org.coinflip.model.layer.energy.EnergyLayer;
import org.coinflip.model.layer.experts.ExpertsLayer;
import org.coinflip.model.layer.experts.GatedExperts;
import org.coinflip.model.layer.experts.GatedMaps;
import org.coinflip.model.layer.experts.ProductLayer;
import org.coinflip.model.layer.experts.TreeExpertsLayer;
import org.coinflip.model.layer.normalisation.BatchNormLayer;
import org.coinflip.model.layer.normalisation.LayerNormLayer;
import org.coinflip.model.layer.plain.DropoutLayer;
import org.coinflip.model.layer.plain.FunctionLayer;
import org.coinflip.model.layer.plain.GaussianNoiseLayer;
import org.coinflip.model.layer.plain.MaxoutLayer;
import org.coinflip.model.layer.plain.RescaleLayer;
import org.coinflip.model.layer.plain.ResidualLayer;
import org.coinflip.model.layer.plain.RewardLayer;
import org.coinflip.model.layer.recurrent.GruCell;
import org.coinflip.model.layer.recurrent.LeakyCell;
import org.coinflip.model.layer.recurrent.LstmCell;
import org.coinflip.model.layer.recurrent.RecurrentLayer;
import org.coinflip.model.layer.stochastic.ConditionalPriorLayer;
import org.coinflip.model.layer.stochastic.StochasticLayer;
import org.coinflip.model.settings.Section;

/** The layers by the names that experiment files use. */
public final class Layers {
    private static final Map<String, Function<Section, Layer>> READERS = new TreeMap<>(Map.ofEntries(
            Map.entry(DenseLayer.TYPE, DenseLayer::read),
            Map.entry(TransformedLayer.TYPE, TransformedLayer::read),
            Map.entry(ConditionalPriorLayer.TYPE, ConditionalPriorLayer::read),
            Map.entry(MaxoutLayer.TYPE, MaxoutLayer::read),
            Map.entry(ExpertsLayer.TYPE, ExpertsLayer::read),
            Map.entry(TreeExpertsLayer.TYPE, TreeExpertsLayer::read),
            Map.entry(DropoutLayer.TYPE, DropoutLayer::read),
            Map.entry(GaussianNoiseLayer.TYPE, GaussianNoiseLayer::read),
            Map.entry(RescaleLayer.TYPE, RescaleLayer::read),
            Map.entry(StochasticLayer.TYPE, StochasticLayer::read),
            Map.entry(EnergyLayer.TYPE, EnergyLayer::read),
            Map.entry(RewardLayer.TYPE, RewardLayer::read),
            Map.entry(FunctionLayer.TYPE, FunctionLayer::read)));

    private Layers() {}

    /** Layers that are told how what they read makes pictures, or steps. */
    private static final Map<String, BiFunction<Section, FeatureShape, Layer>> READERS_OF_MAPS = Map.of(
            Convolution.TYPE, ConvolutionLayers::read,
            OutputLayer.TYPE, Layers::readOutput,
            PoolLayer.TYPE, PoolLayer::read,
            PoolLayer.GLOBAL_MEAN, PoolLayer::readGlobalMean,
            LayerNormLayer.TYPE, LayerNormLayer::read,
            BatchNormLayer.TYPE, BatchNormLayer::read,
            LeakyCell.TYPE, RecurrentLayer::readPlain,
            GruCell.TYPE, RecurrentLayer::readGru,
            LstmCell.TYPE, RecurrentLayer::readLstm);

    /** Layers that are told the same of all that is below, for they read more than the layer right below. */
    private static final Map<String, BiFunction<Section, List<FeatureShape>, Layer>> READERS_OF_LAYERS =
            Map.of(ResidualLayer.TYPE, ResidualLayer::read, ProductLayer.TYPE, ProductLayer::read);

    /**
     * Reads a layer, or a block of several, from its section, whose {@code type} names it.
     *
     * @param allBelow how the network's input and the outputs of the layers below make maps, from the bottom up
     */
    public static List<Layer> read(Section section, List<FeatureShape> allBelow) {
        FeatureShape below = allBelow.get(allBelow.size() - 1);
        String type = section.named("type", "a layer", names());
        if (type.equals(GatedExperts.TYPE)) {
            return GatedExperts.read(section, below.columns());
        }
        if (type.equals(GatedMaps.TYPE)) {
            return GatedMaps.read(section, below);
        }
        Layer layer;
        if (READERS_OF_LAYERS.containsKey(type)) {
            layer = READERS_OF_LAYERS.get(type).apply(section, allBelow);
        } else if (READERS_OF_MAPS.containsKey(type)) {
            layer = READERS_OF_MAPS.get(type).apply(section, below);
        } else {
            layer = READERS.get(type).apply(section);
        }
        section.finish();
        return List.of(layer);
    }

    private static Layer readOutput(Section section, FeatureShape below) {
        return section.flag(StepOutputLayer.KEY, false)
                ? StepOutputLayer.read(section, below)
                : OutputLayer.read(section);
    }

    public static List<String> names() {
        List<String> names = new ArrayList<>(READERS.keySet());
        names.addAll(READERS_OF_MAPS.keySet());
        names.addAll(READERS_OF_LAYERS.keySet());
        names.add(GatedExperts.TYPE);
        names.add(GatedMaps.TYPE);
        Collections.sort(names);
        return names;
    }
}
