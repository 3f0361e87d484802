package org.coinflip.dl4j;

import org.coinflip.model.kernel.Backend;
import org.coinflip.model.layer.Mode;
import org.coinflip.model.layer.stochastic.StochasticLayer;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Statistic;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What a {@link StochasticDenseLayer} does in a network. Belongs to the network's thread. */
final class StochasticDense extends BaseLayer<StochasticDenseLayer> {
    private static final long serialVersionUID = 1L;

    private final transient StochasticLayer units;
    private final transient Backend backend = Backend.detect();
    private transient LayerSite site;
    private int capacity;
    private int replica;

    StochasticDense(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
        units = layerConf().units();
    }

    void setReplica(int number) {
        replica = number;
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr shared) {
        INDArray logits = preOutput(training, shared);
        reserve((int) logits.size(0));
        if (training) {
            LearningSignal.forget(shared);
        }
        site.load(
                logits,
                input,
                training ? Mode.TRAIN : layerConf().evaluation(),
                layerConf().seed(conf),
                replica,
                iterationCount,
                progress());
        return shared.dup(ArrayType.ACTIVATIONS, site.activate().castTo(dataType), 'c');
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr shared) {
        assertInputSet(true);
        for (Statistic statistic : units.statistics(inputs())) {
            site.statistics(statistic.name()).set(getParam(statistic.name()).toFloatVector());
        }
        INDArray delta = shared.dup(
                ArrayType.BP_WORKING_MEM,
                site.estimate(epsilon, LearningSignal.of(shared)).castTo(dataType),
                'c');
        Gradient gradient = new DefaultGradient();
        INDArray weightGradient = gradientViews.get(DefaultParamInitializer.WEIGHT_KEY);
        Nd4j.gemm(input.castTo(dataType), delta, weightGradient, true, false, 1.0, 0.0);
        gradient.setGradientFor(DefaultParamInitializer.WEIGHT_KEY, weightGradient);
        INDArray biasGradient = gradientViews.get(DefaultParamInitializer.BIAS_KEY);
        delta.sum(biasGradient, 0);
        gradient.setGradientFor(DefaultParamInitializer.BIAS_KEY, biasGradient);
        learn(gradient);
        INDArray weights = getParamWithNoise(DefaultParamInitializer.WEIGHT_KEY, true, shared);
        INDArray below = shared.createUninitialized(
                ArrayType.ACTIVATION_GRAD, dataType, new long[] {weights.size(0), delta.size(0)}, 'f');
        below = weights.mmuli(delta.transpose(), below).transpose();
        weightNoiseParams.clear();
        return new Pair<>(gradient, backpropDropOutIfPresent(below));
    }

    /** The step that DL4J is to take of each statistic: what it was less what it becomes. */
    private void learn(Gradient gradient) {
        site.learn();
        for (Statistic statistic : units.statistics(inputs())) {
            Floats next = site.statistics(statistic.name());
            INDArray step = gradientViews.get(statistic.name());
            step.assign(getParam(statistic.name()));
            step.subi(Nd4j.createFromArray(next.toArray()).reshape(step.shape()).castTo(dataType));
            gradient.setGradientFor(statistic.name(), step);
        }
    }

    @Override
    public boolean updaterDivideByMinibatch(String parameter) {
        return !StochasticParameters.isStatistic(layerConf(), parameter);
    }

    private void reserve(int rows) {
        if (rows > capacity) {
            capacity = rows;
            site = new LayerSite(layerId(), index, units, inputs(), backend, capacity);
        }
    }

    private int inputs() {
        return (int) layerConf().getNIn();
    }

    private double progress() {
        long iterations = layerConf().annealingIterations();
        return iterations == 0 ? 0 : Math.min(1.0, (double) iterationCount / iterations);
    }

    @Override
    public boolean isPretrainLayer() {
        return false;
    }
}
