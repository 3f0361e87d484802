package org.coinflip.dl4j;

import java.util.Collection;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.LayerValidation;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * DL4J's output layer that also leaves the loss of each row to the {@link StochasticDenseLayer}s below, for estimators that learn from losses
 * (reinforce, nvil, rloo, arm, disarm, …). Where layers below draw S samples of an example it is given S rows of each: label r mod n
 * belongs to row r, and what it sends down and into its own weights is the mean over the S. Everything else is DL4J's: its losses,
 * activations, weights and score.
 */
public final class LearningSignalOutputLayer extends OutputLayer {
    private static final long serialVersionUID = 1L;

    /** For DL4J's reading of JSON. */
    LearningSignalOutputLayer() {}

    private LearningSignalOutputLayer(Builder builder) {
        super(builder);
    }

    @Override
    public Layer instantiate(
            NeuralNetConfiguration conf,
            Collection<TrainingListener> listeners,
            int index,
            INDArray parameters,
            boolean initialise,
            DataType dataType) {
        LayerValidation.assertNInNOutSet("LearningSignalOutputLayer", getLayerName(), index, getNIn(), getNOut());
        LearningSignalOutput layer = new LearningSignalOutput(conf, dataType);
        layer.setListeners(listeners);
        layer.setIndex(index);
        layer.setParamsViewArray(parameters);
        layer.setParamTable(initializer().init(conf, parameters, initialise));
        return layer;
    }

    /** As DL4J's, with softmax and cross-entropy where nothing else is said. */
    public static final class Builder extends OutputLayer.Builder {
        public Builder() {}

        public Builder(LossFunction loss) {
            super(loss);
        }

        @Override
        public LearningSignalOutputLayer build() {
            return new LearningSignalOutputLayer(this);
        }
    }
}
