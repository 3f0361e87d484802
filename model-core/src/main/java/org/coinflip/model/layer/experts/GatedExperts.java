package org.coinflip.model.layer.experts;

import java.util.ArrayList;
import java.util.List;
import org.coinflip.model.layer.DenseLayer;
import org.coinflip.model.layer.Layer;
import org.coinflip.model.layer.convolution.FullConnectivity;
import org.coinflip.model.layer.stochastic.StochasticLayer;
import org.coinflip.model.settings.Section;

/**
 * Conditional computation as an experiment file writes it, {@code { type = gated-experts, experts, units, gater = [ … ], gate { … },
 * sparsity { … } }}: the dense layers of the gater, the gates, and the {@link ExpertsLayer} over them, which reads what the gater reads. The gates are a
 * {@link StochasticLayer} of any law and estimator, or with {@code gate { activation = … }} a {@link DenseLayer}.
 *
 * <p>Bengio, Léonard, Courville (2013), arXiv 1308.3432, section 5: linear experts, a gater of one layer of tanh units.
 */
public final class GatedExperts {
    public static final String TYPE = "gated-experts";

    private GatedExperts() {}

    /** @param inputs columns of what the block reads */
    public static List<Layer> read(Section section, int inputs) {
        int experts = section.integer("experts", 1, Integer.MAX_VALUE);
        List<Layer> layers = new ArrayList<>();
        for (Section dense : section.sections("gater")) {
            layers.add(DenseLayer.read(dense));
            dense.finish();
        }
        layers.add(GatedMaps.gates(section, new FullConnectivity(experts)));
        layers.add(ExpertsLayer.read(section, inputs, layers.size()));
        return layers;
    }
}
