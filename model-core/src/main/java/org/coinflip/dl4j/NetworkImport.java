package org.coinflip.dl4j;

import com.typesafe.config.ConfigFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.coinflip.model.error.DataException;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.network.NetworkSpec;
import org.coinflip.model.settings.Section;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftPlus;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.activations.impl.ActivationTanH;

/**
 * A DL4J network of dense, stochastic and output layers as a network of ours that predicts the same. What serves training alone (updater,
 * dropout, constraints) is left behind.
 *
 * @param network the network
 * @param state its parameters and statistics
 */
public record NetworkImport(Network network, State state) {
    private static final Map<Class<? extends IActivation>, String> ACTIVATIONS = Map.of(
            ActivationIdentity.class, "linear",
            ActivationTanH.class, "tanh",
            ActivationSigmoid.class, "sigmoid",
            ActivationReLU.class, "relu",
            ActivationSoftPlus.class, "softplus");

    /**
     * Reads a network, which is not modified.
     *
     * @throws DataException where it has layers, activations or preprocessors that ours have not
     */
    public static NetworkImport of(MultiLayerNetwork dl4j) {
        if (!dl4j.getLayerWiseConfigurations().getInputPreProcessors().isEmpty()) {
            throw refused(
                    dl4j.getLayerWiseConfigurations()
                            .getInputPreProcessors()
                            .keySet()
                            .iterator()
                            .next(),
                    "an input preprocessor",
                    "none: features are rows of a matrix");
        }
        List<Map<String, Object>> layers = new ArrayList<>();
        for (int i = 0; i < dl4j.getnLayers(); i++) {
            layers.add(layer(i, dl4j.getLayer(i).conf().getLayer()));
        }
        long inputs = ((FeedForwardLayer) dl4j.getLayer(0).conf().getLayer()).getNIn();
        Network network = new Network(NetworkSpec.read(
                Section.root(ConfigFactory.parseMap(Map.of("layers", layers))), Math.toIntExact(inputs)));
        State state = new State(network.layout());
        Parameters.copy(dl4j, state);
        return new NetworkImport(network, state);
    }

    private static Map<String, Object> layer(int index, Layer layer) {
        Map<String, Object> keys = new LinkedHashMap<>();
        if (layer instanceof OutputLayer output) {
            keys.put("type", "output");
            keys.put("objective", objective(index, output.getActivationFn()));
            keys.put("units", output.getNOut());
        } else if (layer instanceof StochasticDenseLayer stochastic) {
            keys.putAll(stochastic.units().write());
        } else if (layer instanceof DenseLayer dense && !dense.hasLayerNorm()) {
            keys.put("type", "dense");
            keys.put("units", dense.getNOut());
            keys.put("activation", activation(index, dense.getActivationFn()));
        } else {
            throw refused(index, layer.getClass().getSimpleName(), "DenseLayer, StochasticDenseLayer or OutputLayer");
        }
        return keys;
    }

    private static String activation(int index, IActivation activation) {
        // a file may lack it
        String name = activation == null ? null : ACTIVATIONS.get(activation.getClass());
        if (name == null || activation instanceof ActivationReLU && !activation.equals(new ActivationReLU())) {
            throw refused(
                    index,
                    "activation " + activation,
                    String.join(", ", ACTIVATIONS.values().stream().sorted().toList()));
        }
        return name;
    }

    private static String objective(int index, IActivation activation) {
        if (activation instanceof ActivationSoftmax) {
            return "cross-entropy";
        }
        if (activation instanceof ActivationIdentity) {
            return "squared-error";
        }
        throw refused(index, "activation " + activation, "softmax or identity at the output");
    }

    private static DataException refused(int index, String got, String expected) {
        return new DataException("layer " + index + " of the DL4J network: got " + got + ", expected " + expected
                + ": leave this network in DL4J, or change the layer there");
    }
}
