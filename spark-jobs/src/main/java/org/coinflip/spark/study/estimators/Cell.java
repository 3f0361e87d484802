package org.coinflip.spark.study.estimators;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValueFactory;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.coinflip.model.estimator.Bias;
import org.coinflip.model.estimator.GradientEstimator;
import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.layer.Mode;
import org.coinflip.model.layer.stochastic.StochasticLayer;
import org.coinflip.model.layer.stochastic.StochasticStage;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.network.NetworkSpec;
import org.coinflip.model.network.Pass;
import org.coinflip.model.settings.Section;
import org.coinflip.model.training.GradientSink;

/**
 * One estimator, one function, one vector of logits: a task. What it measures, times apart, is a function of what is here, in any
 * cluster.
 *
 * @param subject the number of the subject
 * @param function the number of the function
 * @param place the number of the vector of logits among the function's
 * @param network the layers, in HOCON
 * @param logits of the first layer's units
 * @param protocol how much is drawn
 * @param seed of the noise and of a random network's weights
 */
record Cell(int subject, int function, int place, String network, double[] logits, Protocol protocol, long seed)
        implements Serializable {
    private static final ConfigRenderOptions CONCISE = ConfigRenderOptions.concise();

    /**
     * How much is drawn.
     *
     * @param samples estimates; a multiple of the batch
     * @param batch rows of a pass
     * @param burnIn passes from which estimators with a memory learn before, and not while, they are measured
     */
    record Protocol(int samples, int batch, int burnIn) implements Serializable {}

    static String network(Subject subject, TestFunction function) {
        List<Object> layers = new ArrayList<>();
        layers.add(Map.of(
                "type", StochasticLayer.TYPE,
                "units", function.units(),
                "law", subject.units().write(),
                "estimator", subject.reading().write()));
        layers.addAll(function.layers());
        return ConfigValueFactory.fromMap(Map.of("layers", layers)).render(CONCISE);
    }

    /** Draws and compares. */
    CellMeasurement measure() {
        Network built = new Network(NetworkSpec.read(Section.root(ConfigFactory.parseString(network)), 1));
        State state = new State(built.layout());
        built.initialise(state, seed);
        double[] rounded = new double[logits.length];
        for (int i = 0; i < logits.length; i++) {
            state.view("layer0.biases").set(i, (float) logits[i]);
            rounded[i] = (float) logits[i];
        }
        StochasticLayer layer = (StochasticLayer) built.layers().get(0);
        GradientEstimator estimator = layer.estimator();
        boolean ofTheBound = estimator.claims().bias() == Bias.OF_THE_BOUND;
        int combined = ofTheBound ? estimator.samplesPerRow() : 1;
        LossOfUnits loss = new LossOfUnits(built, state);
        Optional<double[]> exact = ExactGradient.of(layer.law(), rounded, loss, combined);
        Moments moments = draw(built, state, exact.orElse(new double[logits.length]));
        return new CellMeasurement(this, rounded, exact.isPresent(), moments);
    }

    private Moments draw(Network built, State state, double[] centre) {
        Pass pass = built.bind(state, new GradientSink(built.layout()), Backend.detect(), protocol.batch);
        StochasticStage stage = pass.stochasticStages().get(0);
        Examples rows = rows(protocol.batch);
        int[] places = new int[protocol.batch];
        for (int i = 0; i < places.length; i++) {
            places[i] = i;
        }
        pass.load(rows, places, places.length);
        boolean learns =
                !((StochasticLayer) built.layers().get(0)).statistics(1).isEmpty();
        int passes = protocol.samples / protocol.batch;
        // Without a memory the passes before only warm the compiler up.
        int before = learns ? protocol.burnIn : Math.min(protocol.burnIn, 20);
        Moments moments = new Moments(centre);
        for (int i = -before; i < passes; i++) {
            pass.context().setNoise(Mode.TRAIN, seed, i + protocol.burnIn, 0);
            long began = System.nanoTime();
            pass.forward();
            pass.backward();
            if (i < 0) {
                pass.accumulate();
            } else {
                moments.addNanos(System.nanoTime() - began);
                for (int r = 0; r < protocol.batch; r++) {
                    moments.add(stage.logitGradient(), r);
                }
            }
        }
        return moments;
    }

    /** Rows of one feature that is 0, so that the biases are the logits. */
    static Examples rows(int count) {
        long[] ids = new long[count];
        for (int i = 0; i < count; i++) {
            ids[i] = i;
        }
        return Examples.ofFloats(1, 1, ids, new int[count], new float[count]);
    }
}
