package org.coinflip.dl4j;

import java.util.List;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.kernel.operation.Activation;
import org.coinflip.model.layer.DenseLayer;
import org.coinflip.model.layer.Layer;
import org.coinflip.model.layer.OutputLayer;
import org.coinflip.model.layer.convolution.FullConnectivity;
import org.coinflip.model.layer.stochastic.StochasticLayer;
import org.coinflip.model.network.NetworkSpec;
import org.coinflip.model.objective.Objective;
import org.coinflip.model.training.TrainingSpec;
import org.coinflip.model.training.updater.Schedule;
import org.coinflip.model.training.updater.UpdaterSpec;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.RmsProp;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.learning.regularization.L2Regularization;
import org.nd4j.linalg.lossfunctions.impl.LossL2;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.schedule.ISchedule;

/**
 * A network of ours as a configuration of DL4J's {@code MultiLayerNetwork} that computes the same function and takes the same steps. For
 * dense, stochastic and output layers; what has no counterpart there is refused. Without stochastic layers it is of DL4J's classes alone,
 * unless the learning rate has a schedule.
 */
public final class NetworkConversion {
    private final NetworkSpec network;
    private final TrainingSpec training;
    private final int stepsPerEpoch;

    /** @param stepsPerEpoch iterations that are an epoch, for the schedule of the learning rate */
    public NetworkConversion(NetworkSpec network, TrainingSpec training, int stepsPerEpoch) {
        this.network = network;
        this.training = training;
        this.stepsPerEpoch = stepsPerEpoch;
    }

    /**
     * The configuration.
     *
     * @param seed of the noise of its stochastic layers
     */
    public MultiLayerConfiguration configuration(long seed) {
        if (training.maxColumnNorm() > 0) {
            throw new UsageException("training.max-column-norm: got " + training.maxColumnNorm()
                    + ", expected 0 with DL4J, whose constraint shrinks weights below the limit too");
        }
        if (training.clipNorm() > 0) {
            throw new UsageException("training.clip-norm: got " + training.clipNorm()
                    + ", expected 0 with DL4J, which clips layer by layer");
        }
        if (training.ema() > 0) {
            throw new UsageException("training.ema: got " + training.ema() + ", expected 0 with DL4J, which lacks it");
        }
        if (training.schedule().isDecidedByLooks()) {
            throw new UsageException("training.schedule.type: got plateau, expected another with DL4J, which lacks it");
        }
        NeuralNetConfiguration.ListBuilder layers =
                new NeuralNetConfiguration.Builder().seed(seed).list();
        int inputs = network.inputs();
        for (int i = 0; i < network.layers().size(); i++) {
            Layer layer = network.layers().get(i);
            BaseLayer converted = convert(layer, i, inputs);
            if (training.weightDecay() > 0) {
                converted.setRegularization(List.of(new L2Regularization(training.weightDecay())));
            }
            layers.layer(converted);
            inputs = layer.outputs(inputs);
        }
        return layers.build();
    }

    private BaseLayer convert(Layer layer, int index, int inputs) {
        if (layer instanceof DenseLayer dense) {
            return new org.deeplearning4j.nn.conf.layers.DenseLayer.Builder()
                    .nIn(inputs)
                    .nOut(dense.units())
                    .activation(activation(dense.activation()))
                    .updater(updater(dense.initial().rateScale()))
                    .build();
        }
        if (layer instanceof StochasticLayer stochastic
                && stochastic.prior().isEmpty()
                && stochastic.sparsity().isEmpty()
                && stochastic.rateFloor().isEmpty()
                && stochastic.thresholdRate().isEmpty()
                && stochastic.connectivity() instanceof FullConnectivity) {
            UnitsText text = UnitsText.of(stochastic, "means");
            return new StochasticDenseLayer.Builder()
                    .nIn(inputs)
                    .nOut(stochastic.units())
                    .law(text.law())
                    .estimator(text.estimator())
                    .annealingIterations((long) stepsPerEpoch * training.epochs())
                    .updater(updater(stochastic.initial().rateScale()))
                    .build();
        }
        if (layer instanceof OutputLayer output && output.objective().isOfClasses()) {
            boolean classes = output.objective() == Objective.CROSS_ENTROPY;
            return outputBuilder()
                    .nIn(inputs)
                    .nOut(output.units())
                    .lossFunction(
                            classes
                                    ? new LossMCXENT()
                                    : new LossL2(Nd4j.valueArrayOf(new long[] {1, output.units()}, 0.5f)))
                    .activation(
                            classes
                                    ? org.nd4j.linalg.activations.Activation.SOFTMAX
                                    : org.nd4j.linalg.activations.Activation.IDENTITY)
                    .updater(updater(output.initial().rateScale()))
                    .build();
        }
        throw new UsageException(
                "network.layers[" + index + "].type: got " + layer.write().get("type")
                        + ", expected one that DL4J has with the same noise: dense, stochastic without prior, sparsity, rate-floor and threshold-rate, output of classes");
    }

    /** DL4J's own where no layer asks for losses, so that others can read the network without Coinflip. */
    private org.deeplearning4j.nn.conf.layers.OutputLayer.Builder outputBuilder() {
        return network.layers().stream().anyMatch(Layer::isStochastic)
                ? new LearningSignalOutputLayer.Builder()
                : new org.deeplearning4j.nn.conf.layers.OutputLayer.Builder();
    }

    private static org.nd4j.linalg.activations.Activation activation(Activation activation) {
        return switch (activation) {
            case LINEAR -> org.nd4j.linalg.activations.Activation.IDENTITY;
            case TANH -> org.nd4j.linalg.activations.Activation.TANH;
            case SIGMOID -> org.nd4j.linalg.activations.Activation.SIGMOID;
            case RELU -> org.nd4j.linalg.activations.Activation.RELU;
            case SOFTPLUS -> org.nd4j.linalg.activations.Activation.SOFTPLUS;
        };
    }

    private IUpdater updater(double rateScale) {
        UpdaterSpec spec = training.updater();
        if (spec.rise() != null) {
            throw new UsageException(
                    "training.updater.rise: got a momentum that rises, expected none with DL4J, which lacks it; leave it out");
        }
        double rate = spec.learningRate() * rateScale;
        ISchedule schedule =
                training.schedule().equals(Schedule.CONSTANT) ? null : new EpochSchedule(rate, training, stepsPerEpoch);
        return switch (spec.kind()) {
            case Sgd -> Sgd.builder()
                    .learningRate(rate)
                    .learningRateSchedule(schedule)
                    .build();
            case Nesterovs -> Nesterovs.builder()
                    .learningRate(rate)
                    .learningRateSchedule(schedule)
                    .momentum(spec.momentum())
                    .build();
            case Adam -> Adam.builder()
                    .learningRate(rate)
                    .learningRateSchedule(schedule)
                    .beta1(spec.beta1())
                    .beta2(spec.beta2())
                    .epsilon(spec.epsilon())
                    .build();
            case RmsProp -> RmsProp.builder()
                    .learningRate(rate)
                    .learningRateSchedule(schedule)
                    .rmsDecay(spec.beta1())
                    .epsilon(spec.epsilon())
                    .build();
            case Momentum, AdamW, Muon -> throw new UsageException("training.updater.type: got " + spec.kind()
                    + ", expected Sgd, Nesterovs, Adam or RmsProp with DL4J, which lacks it");
        };
    }
}
