package org.coinflip.spark.sweep.sampler;

import java.util.function.IntFunction;
import org.apache.commons.math3.random.SobolSequenceGenerator;
import org.coinflip.model.error.UsageException;

/**
 * Points of Sobol's sequence, Owen-scrambled: they fill the cube more evenly than random ones, and each is uniform.
 *
 * <p>Sobol (1967); direction numbers of Joe and Kuo (2008), "Constructing Sobol sequences with better two-dimensional projections".
 */
final class SobolPoints implements IntFunction<double[]> {
    private static final int MOST_AXES = 1000;

    private final OwenScrambling scrambling;
    private final SobolSequenceGenerator sequence;
    private final int axes;

    SobolPoints(int axes, long seed) {
        if (axes > MOST_AXES) {
            throw new UsageException("sweep.sampler: sobol has direction numbers for " + MOST_AXES + " axes, got "
                    + axes + ": take fewer axes or another sampler");
        }
        this.axes = axes;
        this.scrambling = new OwenScrambling(seed);
        this.sequence = new SobolSequenceGenerator(Math.max(1, axes));
    }

    @Override
    public double[] apply(int number) {
        double[] vector = sequence.nextVector();
        double[] point = new double[axes];
        for (int d = 0; d < axes; d++) {
            point[d] = scrambling.scramble(vector[d], d);
        }
        return point;
    }
}
