package org.coinflip.dl4j;

import org.coinflip.model.error.UsageException;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.OutputLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What a {@link LearningSignalOutputLayer} does in a network. */
final class LearningSignalOutput extends OutputLayer {
    private static final long serialVersionUID = 1L;

    LearningSignalOutput(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr shared) {
        Pair<Gradient, INDArray> gradients = super.backpropGradient(epsilon, shared);
        INDArray losses = layerConf()
                .getLossFn()
                .computeScoreArray(
                        getLabels2d(shared, ArrayType.BP_WORKING_MEM),
                        preOutput2d(true, shared),
                        layerConf().getActivationFn(),
                        maskArray);
        LearningSignal.publish(shared, getIndex(), examples(), losses.toFloatVector());
        int samples = samplesPerExample();
        if (samples > 1) {
            gradients.getFirst().gradientForVariable().values().forEach(gradient -> gradient.divi(samples));
            gradients.getSecond().divi(samples);
        }
        return gradients;
    }

    /** The labels, once for each sample of the examples. */
    @Override
    protected INDArray getLabels2d(LayerWorkspaceMgr shared, ArrayType type) {
        int samples = samplesPerExample();
        return samples == 1 ? labels : Nd4j.tile(labels, samples, 1);
    }

    private int samplesPerExample() {
        long rows = input.size(0);
        if (rows % examples() != 0) {
            throw new UsageException(
                    "layer " + getIndex() + ": got " + rows + " rows for the labels of " + examples()
                            + " examples, expected a multiple: layers between a stochastic layer and the output must keep its rows");
        }
        return (int) (rows / examples());
    }

    private int examples() {
        return (int) labels.size(0);
    }
}
