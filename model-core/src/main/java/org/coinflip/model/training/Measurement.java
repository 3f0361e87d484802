package org.coinflip.model.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import org.coinflip.model.estimator.registry.Estimators;
import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.layer.Mode;
import org.coinflip.model.layer.stochastic.StochasticLayer;
import org.coinflip.model.layer.stochastic.StochasticStage;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.network.Pass;

/**
 * Looks at the stochastic layers as training does, without changing anything: the same examples are passed forward and backward under
 * several draws of the noise. Noise is drawn for epochs that training does not reach.
 */
public final class Measurement {
    private static final int EPOCH = Integer.MAX_VALUE;
    private static final int REFERENCE_EPOCH = EPOCH - 1;

    private Measurement() {}

    /**
     * Without a reference.
     *
     * @see #measure(Network, State, Examples, int, int, int, Backend, long)
     */
    public static List<LayerStatistics> measure(
            Network network, State state, Examples examples, int count, int draws, Backend backend, long seed) {
        return measure(network, state, examples, count, draws, 0, backend, seed);
    }

    /**
     * @param state not modified
     * @param count how many examples, from the first on; at most all
     * @param draws draws of the noise for every example, at least 2
     * @param referenceDraws draws of the local expectation gradient, which is unbiased, that the estimates of layers of bits are held
     *     against; at least 2, or 0 for none. A draw costs as many evaluations as a layer has units
     */
    public static List<LayerStatistics> measure(
            Network trained,
            State state,
            Examples examples,
            int count,
            int draws,
            int referenceDraws,
            Backend backend,
            long seed) {
        Network network = EstimatorChoice.inForce(trained, state);
        if (network.layers().stream().noneMatch(StochasticLayer.class::isInstance)) {
            return List.of();
        }
        List<FiringCounts> firing = new ArrayList<>();
        List<GradientMoments> moments = moments(network, state, examples, count, draws, EPOCH, backend, seed, firing);
        List<LayerStatistics> statistics = new ArrayList<>();
        for (int layer = 0; layer < network.layers().size(); layer++) {
            if (network.layers().get(layer) instanceof StochasticLayer stochastic) {
                int place = statistics.size();
                GradientMoments mine = moments.get(place);
                OptionalDouble cosine = OptionalDouble.empty();
                if (referenceDraws > 0 && stochastic.hasReference() && !network.mixesRowsAbove(layer)) {
                    Network reference = EstimatorChoice.with(network, layer, Estimators.reference());
                    State copy = parametersOf(state, reference);
                    GradientMoments unbiased = moments(
                                    reference,
                                    copy,
                                    examples,
                                    count,
                                    referenceDraws,
                                    REFERENCE_EPOCH,
                                    backend,
                                    seed,
                                    new ArrayList<>())
                            .get(place);
                    double found = mine.cosine(unbiased);
                    cosine = Double.isNaN(found) ? cosine : OptionalDouble.of(found);
                }
                statistics.add(new LayerStatistics(
                        layer,
                        (String) stochastic.law().write().get("type"),
                        EstimatorChoice.name(trained, state, layer),
                        EstimatorChoice.scores(trained, state, layer),
                        firing.get(place).rates(),
                        mine.variance(),
                        mine.signalToNoise(),
                        cosine));
            }
        }
        return statistics;
    }

    /** Moments of the stochastic layers' estimates, bottom-up; and in {@code firing} how often their units fired. */
    private static List<GradientMoments> moments(
            Network network,
            State state,
            Examples examples,
            int count,
            int draws,
            int epoch,
            Backend backend,
            long seed,
            List<FiringCounts> firing) {
        Pass pass = network.bind(state, null, backend, count);
        int[] places = new int[count];
        Arrays.setAll(places, i -> i);
        pass.load(examples, places, count);
        List<StochasticStage> stages = pass.stochasticStages();
        List<GradientMoments> moments = new ArrayList<>();
        for (StochasticStage stage : stages) {
            moments.add(new GradientMoments());
            firing.add(new FiringCounts(stage.width(), stage.law()));
        }
        for (int draw = 0; draw < draws; draw++) {
            pass.context().setNoise(Mode.TRAIN, seed, epoch, draw);
            pass.forward();
            pass.backward();
            for (int i = 0; i < stages.size(); i++) {
                moments.get(i).add(stages.get(i));
                firing.get(i).add(stages.get(i));
            }
        }
        return moments;
    }

    /** The same parameters in another layout, which begins with them too. */
    private static State parametersOf(State state, Network network) {
        State copy = new State(network.layout());
        copy.setParameters(state);
        return copy;
    }
}
