package org.coinflip.model.layer.experts;

import java.util.ArrayList;
import java.util.List;
import org.coinflip.model.kernel.operation.Activation;
import org.coinflip.model.kernel.operation.Window;
import org.coinflip.model.layer.DenseLayer;
import org.coinflip.model.layer.FeatureShape;
import org.coinflip.model.layer.Initial;
import org.coinflip.model.layer.Layer;
import org.coinflip.model.layer.convolution.Connectivity;
import org.coinflip.model.layer.convolution.ConvLayer;
import org.coinflip.model.layer.convolution.Convolution;
import org.coinflip.model.layer.convolution.FullConnectivity;
import org.coinflip.model.layer.convolution.PoolLayer;
import org.coinflip.model.layer.stochastic.StochasticLayer;
import org.coinflip.model.settings.Section;

/**
 * Gates on maps as an experiment file writes them, {@code { type = gated-maps, by, gater = [ … ], gate { … }, sparsity { … } }}: the layers that make
 * the gates, and the {@link ProductLayer} of them and the maps. By channel: the mean of each map, the dense layers of the gater, a gate for each channel. By
 * position: a convolution with one channel of gates. Gates are a {@link StochasticLayer} of any law and estimator, or with {@code gate { activation = … }}
 * deterministic: by channel and with sigmoids that is squeeze-and-excitation (Hu, Shen, Sun 2018, arXiv 1709.01507).
 *
 * <p>Bengio, Léonard, Courville (2013), arXiv 1308.3432, section 5, has such gates on units.
 */
public final class GatedMaps {
    public static final String TYPE = "gated-maps";

    private GatedMaps() {}

    /** @param below what the block reads */
    public static List<Layer> read(Section section, FeatureShape below) {
        ProductLayer.By by = section.choice("by", ProductLayer.By.CHANNEL);
        FeatureShape maps = FeatureShape.read(section, below);
        List<Layer> layers = new ArrayList<>();
        if (by == ProductLayer.By.CHANNEL) {
            layers.add(PoolLayer.readGlobalMean(section, below));
            for (Section dense : section.sections("gater")) {
                layers.add(DenseLayer.read(dense));
                dense.finish();
            }
            layers.add(gates(section, new FullConnectivity(maps.channels())));
        } else {
            layers.add(gates(section, neighbourhoods(section, maps)));
        }
        layers.add(new ProductLayer(maps, by, layers.size()));
        return layers;
    }

    /** A window of the maps around each of their positions. */
    private static Convolution neighbourhoods(Section section, FeatureShape maps) {
        int kernel = section.integer("kernel", 3, 1, 1 << 12);
        if (kernel % 2 == 0 || (long) kernel * kernel * maps.channels() > Integer.MAX_VALUE) {
            throw section.wrong(
                    "kernel", "an odd number: lines and columns around each position, itself in the middle");
        }
        Window window = new Window(maps.height(), maps.width(), maps.channels(), kernel, kernel, 1, kernel / 2);
        return new Convolution(window, maps.order(), 1);
    }

    /** What a block's section {@code gate} says of its gates. */
    static Layer gates(Section section, Connectivity units) {
        Section gate = section.section("gate");
        Layer layer;
        if (gate.has("activation")) {
            if (section.has("sparsity")) {
                throw section.wrong("sparsity", "none beside gate.activation: it is for gates that are drawn");
            }
            Activation activation = gate.choice("activation", Activation.SIGMOID);
            layer = units instanceof Convolution windows
                    ? new ConvLayer(windows, 1, activation, Initial.read(gate))
                    : new DenseLayer(units.units(), activation, Initial.read(gate));
        } else {
            layer = StochasticLayer.read(gate, units, section);
        }
        gate.finish();
        return layer;
    }
}
