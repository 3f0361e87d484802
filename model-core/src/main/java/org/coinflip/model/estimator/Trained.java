package org.coinflip.model.estimator;

import java.util.List;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.memory.Statistic;

/**
 * Numbers that an estimator trains by itself, by Adam: not parameters of the network, and not on its loss. They, Adam's two moments and
 * its count of steps are statistics of the layer, so that they are averaged and saved like all that training changes.
 */
public final class Trained {
    private static final float MEAN_DECAY = 0.9f;
    private static final float SQUARE_DECAY = 0.999f;
    private static final float EPSILON = 1e-8f;

    private final Floats values;
    private final Floats mean;
    private final Floats square;
    private final Floats steps;
    private final Floats gradient;

    public Trained(Site site, String name) {
        values = site.statistics(name);
        mean = site.statistics(name + "-mean");
        square = site.statistics(name + "-square");
        steps = site.statistics(name + "-steps");
        gradient = Floats.allocate(values.length());
    }

    /** What {@link #Trained} finds at the site: a matrix that starts from uniform numbers within ±bound about {@code initial}. */
    public static List<Statistic> statistics(String name, int rows, int columns, double initial, double bound) {
        return List.of(
                new Statistic(name, rows, columns, (float) initial, bound),
                new Statistic(name + "-mean", rows, columns, 0f, 0),
                new Statistic(name + "-square", rows, columns, 0f, 0),
                Statistic.vector(name + "-steps", 1, 0f));
    }

    public Floats values() {
        return values;
    }

    public Matrix matrix(int rows, int columns) {
        return Matrix.dense(values, rows, columns);
    }

    /** The gradient that the next step takes; to be filled. */
    public Floats gradient() {
        return gradient;
    }

    public Matrix gradientMatrix(int rows, int columns) {
        return Matrix.dense(gradient, rows, columns);
    }

    /** Takes a step down the gradient. */
    public void step(Site site, double rate) {
        float step = steps.get(0) + 1;
        steps.set(0, step);
        double corrected =
                rate * Math.sqrt(1 - StrictMath.pow(SQUARE_DECAY, step)) / (1 - StrictMath.pow(MEAN_DECAY, step));
        site.backend()
                .updating()
                .adam(values, gradient, mean, square, (float) corrected, MEAN_DECAY, SQUARE_DECAY, EPSILON, 0f);
    }
}
