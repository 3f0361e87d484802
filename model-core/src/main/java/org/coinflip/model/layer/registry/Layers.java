package org.coinflip.model.layer.registry;

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
import org.coinflip.model.layer.normalisation.CentreLayer;
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
    /** Reads a layer, or a block of several, given how the network's input and the outputs of the layers below make maps, from the bottom up. */
    private interface Reader {
        List<Layer> read(Section section, List<FeatureShape> below);
    }

    private static final Map<String, Reader> READERS = new TreeMap<>(Map.ofEntries(
            Map.entry(DenseLayer.TYPE, alone(DenseLayer::read)),
            Map.entry(TransformedLayer.TYPE, alone(TransformedLayer::read)),
            Map.entry(ConditionalPriorLayer.TYPE, alone(ConditionalPriorLayer::read)),
            Map.entry(MaxoutLayer.TYPE, alone(MaxoutLayer::read)),
            Map.entry(ExpertsLayer.TYPE, alone(ExpertsLayer::read)),
            Map.entry(TreeExpertsLayer.TYPE, alone(TreeExpertsLayer::read)),
            Map.entry(DropoutLayer.TYPE, alone(DropoutLayer::read)),
            Map.entry(GaussianNoiseLayer.TYPE, alone(GaussianNoiseLayer::read)),
            Map.entry(RescaleLayer.TYPE, alone(RescaleLayer::read)),
            Map.entry(CentreLayer.TYPE, alone(CentreLayer::read)),
            Map.entry(StochasticLayer.TYPE, alone(StochasticLayer::read)),
            Map.entry(EnergyLayer.TYPE, alone(EnergyLayer::read)),
            Map.entry(RewardLayer.TYPE, alone(RewardLayer::read)),
            Map.entry(FunctionLayer.TYPE, alone(FunctionLayer::read)),
            Map.entry(OutputLayer.TYPE, onMaps(Layers::readOutput)),
            Map.entry(Convolution.TYPE, onMaps(ConvolutionLayers::read)),
            Map.entry(PoolLayer.TYPE, onMaps(PoolLayer::read)),
            Map.entry(PoolLayer.GLOBAL_MEAN, onMaps(PoolLayer::readGlobalMean)),
            Map.entry(LayerNormLayer.TYPE, onMaps(LayerNormLayer::read)),
            Map.entry(BatchNormLayer.TYPE, onMaps(BatchNormLayer::read)),
            Map.entry(LeakyCell.TYPE, onMaps(RecurrentLayer::readPlain)),
            Map.entry(GruCell.TYPE, onMaps(RecurrentLayer::readGru)),
            Map.entry(LstmCell.TYPE, onMaps(RecurrentLayer::readLstm)),
            Map.entry(ResidualLayer.TYPE, onLayers(ResidualLayer::read)),
            Map.entry(ProductLayer.TYPE, onLayers(ProductLayer::read)),
            Map.entry(
                    GatedExperts.TYPE,
                    (section, below) -> GatedExperts.read(section, top(below).columns())),
            Map.entry(GatedMaps.TYPE, (section, below) -> GatedMaps.read(section, top(below)))));

    private Layers() {}

    /** Of a layer that need not know what it reads. */
    private static Reader alone(Function<Section, Layer> reader) {
        return (section, below) -> List.of(reader.apply(section));
    }

    /** Of a layer that is told how what it reads makes pictures, or steps. */
    private static Reader onMaps(BiFunction<Section, FeatureShape, Layer> reader) {
        return (section, below) -> List.of(reader.apply(section, top(below)));
    }

    /** Of a layer that reads more than the one right below. */
    private static Reader onLayers(BiFunction<Section, List<FeatureShape>, Layer> reader) {
        return (section, below) -> List.of(reader.apply(section, below));
    }

    private static FeatureShape top(List<FeatureShape> below) {
        return below.get(below.size() - 1);
    }

    /**
     * Reads a layer, or a block of several, from its section, whose {@code type} names it.
     *
     * @param below how the network's input and the outputs of the layers below make maps, from the bottom up
     */
    public static List<Layer> read(Section section, List<FeatureShape> below) {
        List<Layer> layers =
                READERS.get(section.named("type", "a layer", names())).read(section, below);
        section.finish();
        return layers;
    }

    private static Layer readOutput(Section section, FeatureShape below) {
        return section.flag(StepOutputLayer.KEY, false)
                ? StepOutputLayer.read(section, below)
                : OutputLayer.read(section);
    }

    public static List<String> names() {
        return List.copyOf(READERS.keySet());
    }
}
