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
import org.coinflip.model.kernel.Product;
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
    private final Network network;
    private final List<Integer> layers;
    private final TrainingSpec training;
    private final State state;
    private final Sink sink;
    private final Backend backend;
    private final Map<List<Integer>, Pass> passes = new HashMap<>();
    private final int[] chosen;
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
        this.chosen = new int[layers.size()];
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
        return with(
                network,
                layers,
                layers.stream()
                        .map(layer -> Auto.best(state.view(Binding.segment(layer, Auto.CHOSEN))))
                        .toList());
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
                ? auto.names().get(Auto.best(state.view(Binding.segment(layer, Auto.CHOSEN))))
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
    static Network with(Network network, int layer, GradientEstimator estimator) {
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
        for (int i = 0; i < chosen.length; i++) {
            chosen[i] = Auto.best(statistic(i, Auto.CHOSEN));
        }
        List<Integer> key = Arrays.stream(chosen).boxed().toList();
        pass = passes.computeIfAbsent(
                key, choice -> with(network, layers, choice).bind(state, sink, backend, training.batch()));
    }

    /** Chooses, by the scores that the state holds, and measures anew where it is time; in the first epoch it measures first. */
    void begin(Examples examples, int[] places, int count, long seed, Progress progress) {
        if (progress.epoch() == 0) {
            measure(examples, places, count, seed, progress);
        }
        for (int i = 0; i < chosen.length; i++) {
            Floats votes = statistic(i, Auto.CHOSEN);
            votes.fill(0f);
            votes.set(Auto.best(statistic(i, Auto.SCORES)), 1f);
        }
        read();
        if (progress.epoch() > 0) {
            measure(examples, places, count, seed, progress);
        }
    }

    private void measure(Examples examples, int[] places, int count, long seed, Progress progress) {
        for (int i = 0; i < chosen.length; i++) {
            if (progress.epoch() % auto(network, layers.get(i)).every() == 0) {
                measure(i, examples, places, count, seed, progress);
            }
        }
    }

    private Floats statistic(int place, String name) {
        return state.view(Binding.segment(layers.get(place), name));
    }

    private void measure(int place, Examples examples, int[] places, int count, long seed, Progress progress) {
        int layer = layers.get(place);
        Auto auto = auto(network, layer);
        Network inForce = inForce(network, state);
        State copy = new State(state.layout());
        copy.set(state);
        GradientDraws draws =
                new GradientDraws(copy, layer, backend, training.batch(), examples, places, count, seed, progress);
        GradientDraws.Moments gradient =
                draws.of(with(inForce, layer, auto.reference()), GradientDraws.APART, auto.referenceDraws());
        if (costs[place] == null) {
            costs[place] = costs(inForce, layer, auto);
        }
        Floats scores = statistic(place, Auto.SCORES);
        Floats scales = statistic(place, Auto.SCALES);
        double before = progress.epoch() == 0 ? 0 : 0.5;
        for (int j = 0; j < auto.among().size(); j++) {
            GradientDraws.Moments estimates =
                    draws.of(with(inForce, layer, auto.among().get(j)), 0, auto.draws());
            double score = estimates.partOf(gradient, auto.steps() / costs[place][j]);
            scores.set(j, (float) (before * scores.get(j) + (1 - before) * score));
            double scale = estimates.scaleTo(gradient);
            if (scale > 0 && auto.among().get(j).claims().bias() != Bias.NONE) {
                scales.set(j, (float) (before * scales.get(j) + (1 - before) * scale));
            }
        }
    }

    /** Multiply-adds of a step with each candidate beside those with the cheapest. */
    private double[] costs(Network inForce, int layer, Auto auto) {
        double[] costs = new double[auto.among().size()];
        for (int j = 0; j < costs.length; j++) {
            Map<Product, Integer> products =
                    StepProducts.of(with(inForce, layer, auto.among().get(j)), training);
            costs[j] = auto.cost() == Auto.CostOfStep.NONE
                    ? 1
                    : products.entrySet().stream()
                            .mapToDouble(product -> product.getKey().operations() * product.getValue())
                            .sum();
        }
        double least = Arrays.stream(costs).min().orElseThrow();
        return Arrays.stream(costs).map(cost -> cost / least).toArray();
    }
}
