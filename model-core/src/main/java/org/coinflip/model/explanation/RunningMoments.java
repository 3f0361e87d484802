package org.coinflip.model.explanation;

import org.coinflip.model.memory.Matrix;

/** Running mean and deviation of the numbers of some rows, by Welford's recurrence. */
final class RunningMoments {
    private final double[][] means;
    private final double[][] squares;
    private int draws;

    RunningMoments(int rows, int columns) {
        means = new double[rows][columns];
        squares = new double[rows][columns];
    }

    void add(Matrix gradients) {
        draws++;
        for (int r = 0; r < means.length; r++) {
            for (int j = 0; j < means[r].length; j++) {
                double g = gradients.get(r, j);
                double off = g - means[r][j];
                means[r][j] += off / draws;
                squares[r][j] += off * (g - means[r][j]);
            }
        }
    }

    double[] mean(int row) {
        return means[row].clone();
    }

    /** Of one draw, divisor draws − 1. */
    double[] deviation(int row) {
        return deviation(row, 1);
    }

    /** The standard error of the mean. */
    double[] error(int row) {
        return deviation(row, draws);
    }

    private double[] deviation(int row, int of) {
        double[] all = new double[squares[row].length];
        for (int j = 0; j < all.length; j++) {
            all[j] = Math.sqrt(squares[row][j] / (draws - 1) / of);
        }
        return all;
    }
}
