package org.coinflip.model.training;

import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.layer.Binding;
import org.coinflip.model.layer.Mode;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Segment;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.network.Pass;
import org.coinflip.model.training.updater.Progress;

/**
 * Draws of the gradient of a batch's mean loss by one layer's parameters, as estimators give it. Noise is that of epochs that training does not reach, the same for all networks
 * that are asked for the same draws.
 */
final class GradientDraws {
    /** The first of draws that have no noise in common with those from 0 on. */
    static final int APART = 1 << 24;

    /** Epochs from here down are for the noise of measurements in epochs from 0 on. */
    private static final int LAST_EPOCH = Integer.MAX_VALUE - 2;

    private final State state;
    private final State fresh;
    private final int layer;
    private final Backend backend;
    private final int capacity;
    private final Examples examples;
    private final int[] places;
    private final int count;
    private final long seed;
    private final int epoch;
    private final double progress;

    /** @param state whose statistics are modified by each draw, and then as they were */
    GradientDraws(
            State state,
            int layer,
            Backend backend,
            int capacity,
            Examples examples,
            int[] places,
            int count,
            long seed,
            Progress progress) {
        this.state = state;
        this.fresh = new State(state.layout());
        fresh.set(state);
        this.layer = layer;
        this.backend = backend;
        this.capacity = capacity;
        this.examples = examples;
        this.places = places;
        this.count = count;
        this.seed = seed;
        this.epoch = LAST_EPOCH - progress.epoch();
        this.progress = progress.epochsDone() / progress.epochs();
    }

    /**
     * Moments of the gradient's draws.
     *
     * @param mean of the draws
     * @param variance of a draw, summed over the parameters
     */
    record Moments(double[] mean, double variance, int draws) {
        /**
         * The part of the steepest descent that a mean of n draws has, {@code (E[ĝ] · ∇)² / ((|E ĝ|² + Var ĝ / n) |∇|²)}; 0 where they point apart or either is
         * 0.
         *
         * @param n need not be whole
         */
        double partOf(Moments gradient, double n) {
            double product = dot(mean, gradient.mean);
            double part = product * product / ((expected() + variance / n) * dot(gradient.mean, gradient.mean));
            return product > 0 && Double.isFinite(part) ? Math.min(1, part) : 0;
        }

        /** {@code (E[ĝ] · ∇) / |E ĝ|²}; 0 where they point apart, or nothing is certain. */
        double scaleTo(Moments gradient) {
            double scale = dot(mean, gradient.mean) / expected();
            return scale > 0 && Double.isFinite(scale) ? scale : 0;
        }

        /** {@code |E ĝ|²}, without what the draws' deviations add to the square of their mean; at least 0. */
        private double expected() {
            return Math.max(0, dot(mean, mean) - variance / draws);
        }

        private static double dot(double[] a, double[] b) {
            double sum = 0;
            for (int i = 0; i < a.length; i++) {
                sum += a[i] * b[i];
            }
            return sum;
        }
    }

    /** Draws of a network's estimator. */
    Moments of(Network network, int first, int draws) {
        GradientSink sink = new GradientSink(state);
        Pass pass = network.bind(state, sink, backend, capacity);
        pass.load(examples, places, count);
        pass.context().setProgress(progress);
        int length = state.layout().segments().stream()
                .filter(this::isMeasured)
                .mapToInt(Segment::length)
                .sum();
        double[] mean = new double[length];
        double squares = 0;
        for (int draw = 0; draw < draws; draw++) {
            sink.target().fill(0f);
            pass.context().setNoise(Mode.TRAIN, seed, epoch, first + draw);
            pass.forward();
            pass.backward();
            pass.accumulate();
            state.set(fresh);
            int at = 0;
            for (Segment segment : state.layout().segments()) {
                if (isMeasured(segment)) {
                    Floats gradient = sink.target(segment);
                    for (int i = 0; i < segment.length(); i++) {
                        double g = gradient.get(i);
                        mean[at++] += g / draws;
                        squares += g * g / draws;
                    }
                }
            }
        }
        for (double g : mean) {
            squares -= g * g;
        }
        return new Moments(mean, draws < 2 ? 0 : Math.max(0, squares) * draws / (draws - 1), draws);
    }

    private boolean isMeasured(Segment segment) {
        return segment.isParameter() && segment.name().startsWith(Binding.segment(layer, ""));
    }
}
