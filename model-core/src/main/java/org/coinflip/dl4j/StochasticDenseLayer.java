package org.coinflip.dl4j;

import java.util.Collection;
import java.util.Objects;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.estimator.GradientEstimator;
import org.coinflip.model.layer.Mode;
import org.coinflip.model.layer.stochastic.StochasticLayer;
import org.coinflip.model.unit.UnitLaw;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.LayerValidation;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.nn.conf.memory.MemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Stochastic units in a DL4J network: {@code a = x W + b} by DL4J, h drawn from a unit law given a, and ∂L/∂a by a gradient estimator; both are
 * written as in experiment files, and kept so in DL4J's JSON. Estimators that need the gradient from above work below any layers;
 * those that learn from losses need a {@link LearningSignalOutputLayer} at the top; those that evaluate the layers above again are
 * refused, for DL4J's backward pass cannot.
 *
 * <p>Noise is a pure function of (seed, iteration, row of the batch, layer index, unit, draw), for DL4J does not know example ids: one network
 * fitted twice on the same batches in the same order gives the same bits. Replicas that train at once have noise of their own by {@link Replicas}. Where an estimator draws S samples of a row, training
 * passes S times as many rows up, sample s of row r as row s n + r. Baselines and other statistics are parameters that an updater
 * leaves alone, as batch normalisation's means are in DL4J: saved, cloned and averaged with the rest.
 */
public final class StochasticDenseLayer extends FeedForwardLayer {
    private static final long serialVersionUID = 1L;

    @JsonProperty
    private String law;

    @JsonProperty
    private String estimator;

    @JsonProperty
    private String evaluation;

    @JsonProperty
    private Long seed;

    @JsonProperty
    private long annealingIterations;

    /** For DL4J's reading of JSON. */
    StochasticDenseLayer() {}

    private StochasticDenseLayer(Builder builder, UnitsText units) {
        super(builder);
        law = units.law();
        estimator = units.estimator();
        evaluation = units.evaluation();
        seed = builder.seed;
        annealingIterations = builder.annealingIterations;
        initializeConstraints(builder);
    }

    /** How units are drawn. */
    public UnitLaw law() {
        return units().law();
    }

    /** How ∂L/∂a is obtained. */
    public GradientEstimator estimator() {
        return units().estimator();
    }

    /** What units give outside training. */
    Mode evaluation() {
        return UnitsText.mode(evaluation);
    }

    /** The seed of the noise: this layer's, or else the network's. */
    long seed(NeuralNetConfiguration conf) {
        return seed == null ? conf.getSeed() : seed;
    }

    /** Iterations over which estimators with a schedule anneal; 0 for those that stay at its beginning. */
    long annealingIterations() {
        return annealingIterations;
    }

    StochasticLayer units() {
        return new UnitsText(law, estimator, evaluation).read(Math.toIntExact(nOut));
    }

    @Override
    public Layer instantiate(
            NeuralNetConfiguration conf,
            Collection<TrainingListener> listeners,
            int index,
            INDArray parameters,
            boolean initialise,
            DataType dataType) {
        LayerValidation.assertNInNOutSet("StochasticDenseLayer", getLayerName(), index, getNIn(), getNOut());
        if (gradientNormalization != null
                && gradientNormalization != GradientNormalization.None
                && !units().statistics(Math.toIntExact(nIn)).isEmpty()) {
            throw new UsageException("layer " + index + ": got gradientNormalization " + gradientNormalization
                    + ", expected None: it would change the estimator's statistics, which DL4J updates like gradients");
        }
        StochasticParameters initializer = new StochasticParameters(seed(conf), index);
        StochasticDense layer = new StochasticDense(conf, dataType);
        layer.setListeners(listeners);
        layer.setIndex(index);
        layer.setParamsViewArray(parameters);
        layer.setParamTable(initializer.init(conf, parameters, initialise));
        return layer;
    }

    @Override
    public ParamInitializer initializer() {
        return new StochasticParameters(0, 0);
    }

    @Override
    public IUpdater getUpdaterByParam(String parameter) {
        return StochasticParameters.isStatistic(this, parameter) ? new NoOp() : super.getUpdaterByParam(parameter);
    }

    @Override
    public LayerMemoryReport getMemoryReport(InputType inputType) {
        InputType outputs = getOutputType(-1, inputType);
        long parameters = initializer().numParams(this);
        // logits, probabilities and the gradient, besides the activations
        return new LayerMemoryReport.Builder(getLayerName(), StochasticDenseLayer.class, inputType, outputs)
                .standardMemory(parameters, getIUpdater().stateSize(parameters))
                .workingMemory(0, 0, 0, 3 * outputs.arrayElementsPerExample())
                .cacheMemory(MemoryReport.CACHE_MODE_ALL_ZEROS, MemoryReport.CACHE_MODE_ALL_ZEROS)
                .build();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof StochasticDenseLayer layer
                && super.equals(other)
                && law.equals(layer.law)
                && estimator.equals(layer.estimator)
                && evaluation.equals(layer.evaluation)
                && Objects.equals(seed, layer.seed)
                && annealingIterations == layer.annealingIterations;
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), law, estimator, evaluation, seed, annealingIterations);
    }

    /** Builds the layer; laws and estimators are given as experiment files write them. */
    public static final class Builder extends FeedForwardLayer.Builder<Builder> {
        private String law = "bernoulli";
        private String estimator;
        private String evaluation = "means";
        private Long seed;
        private long annealingIterations;

        public Builder() {
            // set, so that a network's common activation function does not come in
            activationFn = new ActivationIdentity();
        }

        /** The unit law: {@code bernoulli}, or {@code { type = noisy-rectifier, noise = gaussian }}. */
        public Builder law(String hocon) {
            law = hocon;
            return this;
        }

        /** The gradient estimator: {@code straight-through}, or {@code { type = reinforce, baseline = none }}; by default the law's. */
        public Builder estimator(String hocon) {
            estimator = hocon;
            return this;
        }

        /** What units give outside training: {@code means}, {@code samples} or {@code thresholds}. */
        public Builder evaluation(String mode) {
            evaluation = mode;
            return this;
        }

        /** The seed of the noise; by default the network's. */
        public Builder seed(long value) {
            seed = value;
            return this;
        }

        /** The length of the training in iterations, for estimators with a schedule: DL4J does not know it. */
        public Builder annealingIterations(long iterations) {
            annealingIterations = iterations;
            return this;
        }

        @Override
        public StochasticDenseLayer build() {
            if (!(activationFn instanceof ActivationIdentity)) {
                throw new UsageException("activation: got " + activationFn
                        + ", expected none: the law of a stochastic layer says what units give");
            }
            UnitsText units = new UnitsText(law, estimator, evaluation);
            return new StochasticDenseLayer(this, UnitsText.of(units.read(Math.toIntExact(nOut)), evaluation));
        }
    }
}
