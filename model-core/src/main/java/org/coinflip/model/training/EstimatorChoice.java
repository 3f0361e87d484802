package org.coinflip.model.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.coinflip.model.estimator.Bias;
import org.coinflip.model.estimator.GradientEstimator;
import org.coinflip.model.estimator.registry.Auto;
import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.layer.Binding;
import org.coinflip.model.layer.Layer;
import org.coinflip.model.layer.Sink;
import org.coinflip.model.layer.stochastic.StochasticLayer;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.network.NetworkSpec;
import org.coinflip.model.network.Pass;
import org.coinflip.model.training.updater.Progress;

/**
 * Chooses the estimators of layers that have {@link Auto}, from the scores in a learner's state, and measures them. All candidates' statistics are in that
 * state, so that a network with some of them in the places of {@code auto} is bound to it as it is.
 */
public final class EstimatorChoice {
    /** Epochs from here down are for the noise of measurements in epochs from 0 on. */
    private static final int LAST_EPOCH = Integer.MAX_VALUE - 2;

    private final Network network;
    private final List<Integer> layers;
    private final TrainingSpec training;
    private final State state;
    private final Sink sink;
    private final Backend backend;
    private final Map<List<Integer>, Pass> passes = new HashMap<>();
    private Pass pass;
    /** c_j of each layer's candidates; null until they are measured. */
    private final double[][] costs;

    /**
     * For one learner.
     *
     * @param network with {@code auto} at a layer at least
     * @param state holds choice and scores; they are modified
     */
    EstimatorChoice(Network network, TrainingSpec training, State state, Sink sink, Backend backend) {
        this.network = network;
        this.layers = layers(network);
        this.training = training;
        this.state = state;
        this.sink = sink;
        this.backend = backend;
        this.costs = new double[layers.size()][];
        read();
    }

    /** Whether a network has estimators to be chosen. */
    static boolean isIn(Network network) {
        return !layers(network).isEmpty();
    }

    /** A network with the estimators that are chosen in a state in their places; the same where it has none to choose. */
    public static Network inForce(Network network, State state) {
        List<Integer> layers = layers(network);
        return with(network, layers, chosen(layers, state));
    }

    /** The places of the candidates that are chosen at some layers. */
    private static List<Integer> chosen(List<Integer> layers, State state) {
        return layers.stream().map(layer -> chosen(layer, state)).toList();
    }

    private static int chosen(int layer, State state) {
        return Auto.best(state.view(Binding.segment(layer, Auto.CHOSEN)));
    }

    /** A network with the first candidates in their places; the same where it has none. */
    static Network first(Network network) {
        List<Integer> layers = layers(network);
        return with(network, layers, Collections.nCopies(layers.size(), 0));
    }

    /** What a layer's estimator in force is called. */
    static String name(Network network, State state, int layer) {
        GradientEstimator estimator = ((StochasticLayer) network.layers().get(layer)).estimator();
        return estimator instanceof Auto auto
                ? auto.names().get(chosen(layer, state))
                : (String) estimator.write().get("type");
    }

    /** The scores of a layer's candidates, when they were measured last, by their names; none where its estimator is fixed. */
    static Map<String, Double> scores(Network network, State state, int layer) {
        Map<String, Double> scores = new LinkedHashMap<>();
        if (((StochasticLayer) network.layers().get(layer)).estimator() instanceof Auto auto) {
            Floats all = state.view(Binding.segment(layer, Auto.SCORES));
            for (int j = 0; j < auto.names().size(); j++) {
                scores.put(auto.names().get(j), (double) all.get(j));
            }
        }
        return scores;
    }

    private static List<Integer> layers(Network network) {
        List<Integer> layers = new ArrayList<>();
        for (int i = 0; i < network.layers().size(); i++) {
            if (network.layers().get(i) instanceof StochasticLayer units && units.estimator() instanceof Auto) {
                layers.add(i);
            }
        }
        return layers;
    }

    private static Auto auto(Network network, int layer) {
        return (Auto) ((StochasticLayer) network.layers().get(layer)).estimator();
    }

    private static Network with(Network network, List<Integer> layers, List<Integer> choice) {
        Network changed = network;
        for (int i = 0; i < layers.size(); i++) {
            int layer = layers.get(i);
            changed = with(changed, layer, auto(network, layer).candidate(choice.get(i)));
        }
        return changed;
    }

    /** The same with another estimator at one layer. */
    public static Network with(Network network, int layer, GradientEstimator estimator) {
        List<Layer> changed = new ArrayList<>(network.layers());
        changed.set(layer, ((StochasticLayer) changed.get(layer)).with(estimator));
        return new Network(new NetworkSpec(network.spec().inputs(), changed));
    }

    /** The pass with the estimators in use. */
    Pass pass() {
        return pass;
    }

    /** Takes up the choice that the state holds. */
    void read() {
        pass = passes.computeIfAbsent(chosen(layers, state), choice -> with(network, layers, choice)
                .bind(state, sink, backend, training.batch()));
    }

    /** Chooses, by the scores that the state holds, and measures anew where it is time; in the first epoch it measures first. */
    void begin(Examples examples, int[] places, int count, long seed, Progress progress) {
        Batch batch = new Batch(examples, places, count, seed, progress);
        if (progress.epoch() == 0) {
            measure(batch);
        }
        for (int layer : layers) {
            Floats votes = statistic(layer, Auto.CHOSEN);
            votes.clear();
            votes.set(Auto.best(statistic(layer, Auto.SCORES)), 1f);
        }
        read();
        if (progress.epoch() > 0) {
            measure(batch);
        }
    }

    /** What candidates are measured on. */
    private record Batch(Examples examples, int[] places, int count, long seed, Progress progress) {}

    private Floats statistic(int layer, String name) {
        return state.view(Binding.segment(layer, name));
    }

    private void measure(Batch batch) {
        for (int place = 0; place < layers.size(); place++) {
            if (batch.progress.epoch() % auto(network, layers.get(place)).every() == 0) {
                measure(place, batch);
            }
        }
    }

    private void measure(int place, Batch batch) {
        int layer = layers.get(place);
        Auto auto = auto(network, layer);
        Network inForce = inForce(network, state);
        if (costs[place] == null) {
            costs[place] = costs(inForce, layer, auto);
        }
        DescentMoments gradient = moments(
                with(inForce, layer, auto.reference()), layer, GradientDraws.APART, auto.referenceDraws(), batch);
        // all before the scores, for the state is not to change while there are draws
        List<DescentMoments> estimates = auto.among().stream()
                .map(candidate -> moments(with(inForce, layer, candidate), layer, 0, auto.draws(), batch))
                .toList();
        Floats scores = statistic(layer, Auto.SCORES);
        Floats scales = statistic(layer, Auto.SCALES);
        double before = batch.progress.epoch() == 0 ? 0 : 0.5;
        for (int j = 0; j < estimates.size(); j++) {
            double score = estimates.get(j).partOf(gradient, auto.steps() / costs[place][j]);
            scores.set(j, (float) (before * scores.get(j) + (1 - before) * score));
            double scale = estimates.get(j).scaleTo(gradient);
            if (scale > 0 && auto.among().get(j).claims().bias() != Bias.NONE) {
                scales.set(j, (float) (before * scales.get(j) + (1 - before) * scale));
            }
        }
    }

    private DescentMoments moments(Network measured, int layer, int first, int draws, Batch batch) {
        GradientDraws gradients = new GradientDraws(measured, state, backend, training.batch());
        Progress progress = batch.progress;
        gradients.load(batch.examples, batch.places, batch.count, progress.epochsDone() / progress.epochs());
        return DescentMoments.of(gradients, layer, batch.seed, LAST_EPOCH - progress.epoch(), first, draws);
    }

    /** Multiply-adds of a step with each candidate beside those with the cheapest, or as many for all. */
    private double[] costs(Network inForce, int layer, Auto auto) {
        if (auto.cost() == Auto.CostOfStep.NONE) {
            return auto.among().stream().mapToDouble(candidate -> 1).toArray();
        }
        double[] costs = auto.among().stream()
                .mapToDouble(candidate -> StepProducts.operations(with(inForce, layer, candidate), training))
                .toArray();
        double least = Arrays.stream(costs).min().orElseThrow();
        return Arrays.stream(costs).map(cost -> cost / least).toArray();
    }
}
