package org.coinflip;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.estimator.GradientEstimator;
import org.coinflip.model.kernel.operation.Activation;
import org.coinflip.model.layer.DenseLayer;
import org.coinflip.model.layer.FeatureShape;
import org.coinflip.model.layer.OutputLayer;
import org.coinflip.model.layer.convolution.PoolLayer;
import org.coinflip.model.layer.convolution.StepOutputLayer;
import org.coinflip.model.layer.experts.GatedMaps;
import org.coinflip.model.layer.experts.TreeExpertsLayer;
import org.coinflip.model.layer.normalisation.BatchNormLayer;
import org.coinflip.model.layer.normalisation.CentreLayer;
import org.coinflip.model.layer.normalisation.LayerNormLayer;
import org.coinflip.model.layer.plain.DropoutLayer;
import org.coinflip.model.layer.plain.GaussianNoiseLayer;
import org.coinflip.model.layer.plain.MaxoutLayer;
import org.coinflip.model.layer.plain.ResidualLayer;
import org.coinflip.model.layer.stochastic.StochasticLayer;
import org.coinflip.model.network.NetworkSpec;
import org.coinflip.model.objective.Objective;
import org.coinflip.model.settings.Section;
import org.coinflip.model.unit.UnitLaw;

/**
 * Builds a network's specification from the bottom up. Each method adds a layer as an experiment file would write it, with the same
 * defaults and the same checks; the last one, {@link #output} or {@link #reconstruct}, gives the specification, so that none lacks its end.
 *
 * <pre>{@code
 * NetworkSpec network = NetworkBuilder.inputs(64)
 *         .stochastic(200, Laws.bernoulli(), Gradients.disarm())
 *         .output(10);
 * }</pre>
 *
 * Belongs to one thread.
 */
public final class NetworkBuilder {
    private final FeatureShape inputs;
    private final List<Config> layers = new ArrayList<>();

    private NetworkBuilder(FeatureShape inputs) {
        this.inputs = inputs;
    }

    /** A network of examples of so many features, without layers yet. */
    public static NetworkBuilder inputs(int features) {
        if (features < 1) {
            throw new UsageException("inputs: got " + features + ", expected at least 1");
        }
        return new NetworkBuilder(FeatureShape.flat(features));
    }

    /** A network of pictures, whose features lie as those of data: plane by plane, each line by line from the top left. */
    public static NetworkBuilder images(int height, int width, int planes) {
        if (height < 1 || width < 1 || planes < 1 || (long) height * width * planes > Integer.MAX_VALUE) {
            throw new UsageException("images: got " + height + " × " + width + " pixels of " + planes
                    + " planes, expected at least 1 of each and fewer than 2^31 features");
        }
        return new NetworkBuilder(FeatureShape.pictures(height, width, planes));
    }

    /** Deterministic units, y = f(x W + b). */
    public NetworkBuilder dense(int units, Activation activation) {
        return add(DenseLayer.TYPE, Map.of("units", units, "activation", Section.name(activation)));
    }

    /** The greatest of two linear pieces each. */
    public NetworkBuilder maxout(int units) {
        return add(MaxoutLayer.TYPE, Map.of("units", units));
    }

    /** Maps of deterministic units, each of which reads kernel × kernel pixels of all channels below. */
    public NetworkBuilder conv(int channels, int kernel, Activation activation) {
        return conv(channels, kernel, keys -> keys.set("activation", Section.name(activation)));
    }

    /** Maps of stochastic units. */
    public NetworkBuilder conv(int channels, int kernel, UnitLaw law, GradientEstimator estimator) {
        return conv(channels, kernel, keys -> keys.set("law", law.write()).set("estimator", estimator.write()));
    }

    /**
     * Maps of units with more keys of the layer, such as {@code keys -> keys.set("padding", 2).set("activation", "relu")}.
     *
     * @param more sets what else an experiment file would
     */
    public NetworkBuilder conv(int channels, int kernel, Consumer<LayerKeys> more) {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("channels", channels);
        keys.put("kernel", kernel);
        more.accept(new LayerKeys(keys));
        return add("conv", keys);
    }

    /** The greatest number or the mean of each channel, over kernel × kernel pixels that lie side by side. */
    public NetworkBuilder pool(PoolLayer.Kind kind, int kernel) {
        return add("pool", Map.of("kind", Section.name(kind), "kernel", kernel));
    }

    /** The mean of each channel over its whole map. */
    public NetworkBuilder globalMean() {
        return add("global-mean", Map.of());
    }

    /**
     * The end of a residual block: adds what the block reads to what it gives.
     *
     * @param layers how many layers right below make the block
     */
    public NetworkBuilder residual(int layers) {
        return add(ResidualLayer.TYPE, Map.of("layers", layers));
    }

    /**
     * Gates on the maps below, one for each channel, from the mean of each map; with more keys of the layer, such as
     * {@code keys -> keys.set("by", "position").sparsity(0.3, 0.1)}.
     *
     * @param more sets what else an experiment file would
     */
    public NetworkBuilder gatedMaps(UnitLaw law, GradientEstimator estimator, Consumer<LayerKeys> more) {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("gate", Map.of("law", law.write(), "estimator", estimator.write()));
        more.accept(new LayerKeys(keys));
        return add(GatedMaps.TYPE, keys);
    }

    /**
     * Gated recurrent units, which read the inputs step by step and give their state after the last, with more keys of the layer, such as
     * {@code keys -> keys.set("steps", 28).set("output", "all")}.
     *
     * @param more sets what else an experiment file would
     */
    public NetworkBuilder gru(int units, Consumer<LayerKeys> more) {
        return recurrent("gru", units, more);
    }

    /** Long short-term memory; as {@link #gru}. */
    public NetworkBuilder lstm(int units, Consumer<LayerKeys> more) {
        return recurrent("lstm", units, more);
    }

    /** Plain or hierarchical recurrent units, such as {@code keys -> keys.set("time-constants", List.of(1, 4, 16))}; as {@link #gru}. */
    public NetworkBuilder recurrent(int units, Consumer<LayerKeys> more) {
        return recurrent("recurrent", units, more);
    }

    private NetworkBuilder recurrent(String type, int units, Consumer<LayerKeys> more) {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("units", units);
        more.accept(new LayerKeys(keys));
        return add(type, keys);
    }

    /**
     * 2<sup>depth</sup> experts of so many units at the leaves of a binary tree, of which an example computes one.
     *
     * @param estimator how the gradient with respect to the decisions is obtained: {@link Gradients#reinforce}, or another from the loss of paths
     */
    public NetworkBuilder treeExperts(int depth, int units, Activation activation, GradientEstimator estimator) {
        return add(
                TreeExpertsLayer.TYPE,
                Map.of(
                        "depth",
                        depth,
                        "units",
                        units,
                        "activation",
                        Section.name(activation),
                        "estimator",
                        estimator.write()));
    }

    /** Brings every row, or of maps and steps the channels at each position, to mean 0 and variance 1, and then to a gain and a bias of each column. */
    public NetworkBuilder layerNorm() {
        return add(LayerNormLayer.TYPE, Map.of());
    }

    /** Brings every column, or of maps and steps every channel, to mean 0 and variance 1 over the batch, and then to a gain and a bias. */
    public NetworkBuilder batchNorm() {
        return add(BatchNormLayer.TYPE, Map.of());
    }

    /** Takes from every column its mean over the batches before. */
    public NetworkBuilder centre() {
        return add(CentreLayer.TYPE, Map.of());
    }

    /** Keeps each input with a probability in training. */
    public NetworkBuilder dropout(double keep) {
        return add(DropoutLayer.TYPE, Map.of("keep", keep));
    }

    /** Adds Gaussian noise in training. */
    public NetworkBuilder gaussianNoise(double standardDeviation) {
        return add(GaussianNoiseLayer.TYPE, Map.of("std", standardDeviation));
    }

    /** Stochastic units with the estimator that is the law's default: straight-through for bits, pathwise for the rest. */
    public NetworkBuilder stochastic(int units, UnitLaw law) {
        return add(StochasticLayer.TYPE, Map.of("units", units, "law", law.write()));
    }

    /**
     * Stochastic units.
     *
     * @param law how they are drawn: one of {@link Laws}, or its record
     * @param estimator how the gradient with respect to their logits is obtained: one of {@link Gradients}, or its record
     */
    public NetworkBuilder stochastic(int units, UnitLaw law, GradientEstimator estimator) {
        return stochastic(units, law, estimator, keys -> {});
    }

    /**
     * Stochastic units with more keys of the layer, such as {@code keys -> keys.set("prior", "learned").set("initial-bias", -2)}.
     *
     * @param more sets what else an experiment file would
     */
    public NetworkBuilder stochastic(int units, UnitLaw law, GradientEstimator estimator, Consumer<LayerKeys> more) {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("units", units);
        keys.put("law", law.write());
        keys.put("estimator", estimator.write());
        more.accept(new LayerKeys(keys));
        return add(StochasticLayer.TYPE, keys);
    }

    /** Any layer, as an experiment file writes it: {@code "{ type = gated-experts, experts = 2000, … }"}. */
    public NetworkBuilder layer(String section) {
        try {
            String text = section.strip();
            layers.add(ConfigFactory.parseString(text));
            return this;
        } catch (ConfigException e) {
            throw new UsageException(
                    "layer: got " + section.strip().lines().findFirst().orElse("nothing")
                            + ", expected a section such as { type = dense, units = 10 }: "
                            + e.getMessage().lines().findFirst().orElse(""),
                    e);
        }
    }

    /** Ends the network with a softmax over so many classes and the cross-entropy of it. */
    public NetworkSpec output(int classes) {
        return output(classes, Objective.CROSS_ENTROPY);
    }

    /** Ends the network with an output for each class, and an objective on them. */
    public NetworkSpec output(int classes, Objective objective) {
        return add(OutputLayer.TYPE, Map.of("units", classes, "objective", Section.name(objective)))
                .end();
    }

    /** Ends the network with an output for each feature that is held against it: an autoencoder. */
    public NetworkSpec reconstruct(Objective objective) {
        return output(inputs.columns(), objective);
    }

    /** Ends the network with one output that is held against the examples' values: regression. */
    public NetworkSpec value() {
        return output(1, Objective.REGRESSION);
    }

    /**
     * Ends the network with an output for each value of an example.
     *
     * @param objective one that {@linkplain Objective#isOfValues is of values}: {@code REGRESSION}, {@code HUBER}, {@code POISSON}, {@code MULTI_LABEL}
     */
    public NetworkSpec values(int targets, Objective objective) {
        return output(targets, objective);
    }

    /** Ends the network with a softmax over so many classes at every step of what is below; an example's values are the classes, −1 where none is asked. */
    public NetworkSpec perStep(int classes) {
        return perStep(classes, Objective.STEP_CROSS_ENTROPY);
    }

    /**
     * Ends the network with so many outputs at every step of what is below, all steps with the same weights.
     *
     * @param objective one that {@linkplain Objective#isOfValues is of values}
     */
    public NetworkSpec perStep(int units, Objective objective) {
        return add(
                        OutputLayer.TYPE,
                        Map.of("units", units, "objective", Section.name(objective), StepOutputLayer.KEY, true))
                .end();
    }

    private NetworkSpec end() {
        List<Map<String, Object>> all =
                layers.stream().map(layer -> layer.root().unwrapped()).toList();
        Config network = ConfigFactory.parseMap(Map.of("network", Map.of("layers", all)));
        // a builder that ended may go on: its end is not a layer of what follows
        layers.remove(layers.size() - 1);
        return NetworkSpec.read(Section.root(network).section("network"), inputs);
    }

    private NetworkBuilder add(String type, Map<String, Object> keys) {
        Map<String, Object> section = new LinkedHashMap<>(keys);
        section.put("type", type);
        layers.add(ConfigFactory.parseMap(section));
        return this;
    }
}
