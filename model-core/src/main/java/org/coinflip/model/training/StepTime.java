package org.coinflip.model.training;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.coinflip.model.error.DivergenceException;
import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.layer.Layer;
import org.coinflip.model.layer.experts.ExpertsLayer;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.network.NetworkSpec;
import org.coinflip.model.training.updater.Progress;

/**
 * What a training step takes, and what it would take if no expert were left out: both are timed in turns on the same batches, from the
 * same state, which is not modified.
 *
 * @param millis median of a step
 * @param denseMillis median of a step with all experts computed
 */
public record StepTime(double millis, double denseMillis) {
    private static final int TURNS = 15;
    private static final int STEPS = 10;

    /** Times a network that has experts; nothing where it has none, fewer examples than a batch, or diverges. */
    public static Optional<StepTime> of(
            Network network, TrainingSpec training, State state, Examples examples, Backend backend, long seed) {
        if (network.layers().stream().noneMatch(ExpertsLayer.class::isInstance) || examples.size() < training.batch()) {
            return Optional.empty();
        }
        Learner sparse = new Learner(network, training, backend, seed);
        Learner dense = new Learner(new Network(allComputed(network.spec())), training, backend, seed);
        double[] millis = new double[TURNS];
        double[] denseMillis = new double[TURNS];
        try {
            for (int turn = -TURNS; turn < TURNS; turn++) {
                double one = run(sparse, state, examples, training.batch());
                double other = run(dense, state, examples, training.batch());
                if (turn >= 0) {
                    millis[turn] = one;
                    denseMillis[turn] = other;
                }
            }
        } catch (DivergenceException e) {
            // the rate that training began with may be too much for where it ended: that is no failure of the training
            return Optional.empty();
        }
        Arrays.sort(millis);
        Arrays.sort(denseMillis);
        return Optional.of(new StepTime(millis[TURNS / 2], denseMillis[TURNS / 2]));
    }

    private static NetworkSpec allComputed(NetworkSpec spec) {
        List<Layer> layers = spec.layers().stream()
                .map(layer -> layer instanceof ExpertsLayer experts ? experts.with(ExpertsLayer.Compute.DENSE) : layer)
                .toList();
        return new NetworkSpec(spec.inputs(), layers);
    }

    private static double run(Learner learner, State state, Examples examples, int batch) {
        learner.state().set(state);
        int[] places = new int[batch];
        Progress progress = new Progress(STEPS, 1);
        long start = System.nanoTime();
        for (int step = 0; step < STEPS; step++) {
            for (int i = 0; i < batch; i++) {
                places[i] = (step * batch + i) % examples.size();
            }
            learner.step(examples, places, batch, progress.at(step));
        }
        return (System.nanoTime() - start) / 1e6 / STEPS;
    }
}
