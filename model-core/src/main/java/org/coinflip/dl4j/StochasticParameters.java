package org.coinflip.dl4j;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Statistic;
import org.coinflip.model.noise.NoiseKey;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** The parameters of a stochastic layer in DL4J: weights and biases as a dense layer's, then what its estimator keeps, row-major. */
final class StochasticParameters implements ParamInitializer {
    private static final DefaultParamInitializer DENSE = DefaultParamInitializer.getInstance();

    private final long seed;
    private final int index;

    /**
     * @param seed of the initial values that are drawn
     * @param index the layer's number
     */
    StochasticParameters(long seed, int index) {
        this.seed = seed;
        this.index = index;
    }

    /** What the layer's estimator keeps. */
    static List<Statistic> statistics(Layer layer) {
        StochasticDenseLayer conf = (StochasticDenseLayer) layer;
        return conf.units().statistics(Math.toIntExact(conf.getNIn()));
    }

    static boolean isStatistic(Layer layer, String parameter) {
        return !DENSE.isWeightParam(layer, parameter) && !DENSE.isBiasParam(layer, parameter);
    }

    @Override
    public long numParams(NeuralNetConfiguration conf) {
        return numParams(conf.getLayer());
    }

    @Override
    public long numParams(Layer layer) {
        return DENSE.numParams(layer)
                + statistics(layer).stream()
                        .mapToLong(StochasticParameters::length)
                        .sum();
    }

    @Override
    public List<String> paramKeys(Layer layer) {
        List<String> keys = new ArrayList<>(DENSE.paramKeys(layer));
        statistics(layer).forEach(statistic -> keys.add(statistic.name()));
        return keys;
    }

    @Override
    public List<String> weightKeys(Layer layer) {
        return DENSE.weightKeys(layer);
    }

    @Override
    public List<String> biasKeys(Layer layer) {
        return DENSE.biasKeys(layer);
    }

    @Override
    public boolean isWeightParam(Layer layer, String key) {
        return DENSE.isWeightParam(layer, key);
    }

    @Override
    public boolean isBiasParam(Layer layer, String key) {
        return DENSE.isBiasParam(layer, key);
    }

    @Override
    public Map<String, INDArray> init(NeuralNetConfiguration conf, INDArray parameters, boolean initialise) {
        Layer layer = conf.getLayer();
        Map<String, INDArray> all = Collections.synchronizedMap(new LinkedHashMap<>());
        all.putAll(DENSE.init(conf, part(parameters, 0, DENSE.numParams(layer)), initialise));
        views(layer, parameters).forEach((statistic, view) -> {
            if (initialise) {
                initialise(statistic, all.size(), view);
            }
            all.put(statistic.name(), view);
            conf.addVariable(statistic.name());
        });
        return all;
    }

    /** @param number of the parameter in its layer */
    private void initialise(Statistic statistic, int number, INDArray view) {
        Floats values = Floats.allocate(length(statistic));
        new NoiseKey(seed, index << Byte.SIZE | number, NoiseKey.INITIALISATION)
                .fill(values, statistic.initial(), statistic.bound());
        view.assign(Nd4j.createFromArray(values.toArray()).reshape(1, length(statistic)));
    }

    @Override
    public Map<String, INDArray> getGradientsFromFlattened(NeuralNetConfiguration conf, INDArray gradients) {
        Layer layer = conf.getLayer();
        Map<String, INDArray> all =
                new LinkedHashMap<>(DENSE.getGradientsFromFlattened(conf, part(gradients, 0, DENSE.numParams(layer))));
        views(layer, gradients).forEach((statistic, view) -> all.put(statistic.name(), view));
        return all;
    }

    private static Map<Statistic, INDArray> views(Layer layer, INDArray flat) {
        Map<Statistic, INDArray> views = new LinkedHashMap<>();
        long offset = DENSE.numParams(layer);
        for (Statistic statistic : statistics(layer)) {
            views.put(statistic, part(flat, offset, length(statistic)));
            offset += length(statistic);
        }
        return views;
    }

    private static INDArray part(INDArray flat, long from, long length) {
        return flat.get(NDArrayIndex.interval(0, 0, true), NDArrayIndex.interval(from, from + length));
    }

    private static int length(Statistic statistic) {
        return Math.multiplyExact(statistic.rows(), statistic.columns());
    }
}
