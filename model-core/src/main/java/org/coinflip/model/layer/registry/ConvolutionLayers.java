package org.coinflip.model.layer.registry;

import org.coinflip.model.layer.FeatureShape;
import org.coinflip.model.layer.Layer;
import org.coinflip.model.layer.convolution.ConvLayer;
import org.coinflip.model.layer.convolution.Convolution;
import org.coinflip.model.layer.stochastic.StochasticLayer;
import org.coinflip.model.settings.Section;

/**
 * What an experiment file writes as {@code { type = conv, channels, kernel, stride, padding, … }}: with {@code law} or {@code estimator} a
 * {@link StochasticLayer} whose units read windows, otherwise a {@link ConvLayer}.
 */
final class ConvolutionLayers {
    private ConvolutionLayers() {}

    public static Layer read(Section section, FeatureShape below) {
        return section.has("law") || section.has("estimator")
                ? StochasticLayer.read(section, Convolution.read(section, below, 1), section)
                : ConvLayer.read(section, below);
    }
}
