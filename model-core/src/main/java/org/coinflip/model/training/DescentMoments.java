package org.coinflip.model.training;

import java.util.List;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Segment;
import org.coinflip.model.network.Network;

/**
 * Moments of draws of the gradient by one layer's parameters.
 *
 * @param mean of the draws
 * @param variance of a draw, summed over the parameters
 * @param draws how many
 */
record DescentMoments(double[] mean, double variance, int draws) {
    /**
     * Draws.
     *
     * @param gradients of the batch
     * @param first number of the first draw
     */
    static DescentMoments of(GradientDraws gradients, int layer, long seed, int epoch, int first, int draws) {
        List<Segment> segments = gradients.layout().segments().stream()
                .filter(segment -> segment.isParameter() && Network.layer(segment) == layer)
                .toList();
        double[] mean = new double[segments.stream().mapToInt(Segment::length).sum()];
        double squares = 0;
        for (int draw = 0; draw < draws; draw++) {
            Floats gradient = gradients.draw(seed, epoch, first + draw);
            int at = 0;
            for (Segment segment : segments) {
                for (int i = segment.offset(); i < segment.offset() + segment.length(); i++) {
                    double g = gradient.get(i);
                    mean[at++] += g / draws;
                    squares += g * g / draws;
                }
            }
        }
        double variance = draws < 2 ? 0 : Math.max(0, squares - dot(mean, mean)) * draws / (draws - 1);
        return new DescentMoments(mean, variance, draws);
    }

    /**
     * The part of the steepest descent that a mean of n draws has, {@code (E[ĝ] · ∇)² / ((|E ĝ|² + Var ĝ / n) |∇|²)}; 0 where they point apart or either is
     * 0.
     *
     * @param n need not be whole
     */
    double partOf(DescentMoments gradient, double n) {
        double product = dot(mean, gradient.mean);
        double part = product * product / ((expected() + variance / n) * dot(gradient.mean, gradient.mean));
        return product > 0 && Double.isFinite(part) ? Math.min(1, part) : 0;
    }

    /** {@code (E[ĝ] · ∇) / |E ĝ|²}; 0 where they point apart, or nothing is certain. */
    double scaleTo(DescentMoments gradient) {
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
