package org.coinflip.model.training;

import java.util.Arrays;
import org.coinflip.model.memory.Matrix;

/** Running means and deviations of the numbers of some rows over draws, by Welford's recurrence. */
public final class RunningMoments {
    private final int rows;
    private final int columns;
    private final double[] mean;
    private final double[] squares;
    private int draws;

    public RunningMoments(int rows, int columns) {
        this.rows = rows;
        this.columns = columns;
        mean = new double[rows * columns];
        squares = new double[mean.length];
    }

    /** Takes one more draw: the first rows of a matrix. */
    public void add(Matrix numbers) {
        draws++;
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < columns; j++) {
                int at = r * columns + j;
                double g = numbers.get(r, j);
                double off = g - mean[at];
                mean[at] += off / draws;
                squares[at] += off * (g - mean[at]);
            }
        }
    }

    /** Draws taken. */
    int draws() {
        return draws;
    }

    /** The mean of each number, row by row; not to be modified. */
    double[] mean() {
        return mean;
    }

    /** Σ Var over all numbers, divisor draws − 1. */
    double totalVariance() {
        double sum = 0;
        for (double square : squares) {
            sum += square / (draws - 1);
        }
        return sum;
    }

    public double[] mean(int row) {
        return Arrays.copyOfRange(mean, row * columns, (row + 1) * columns);
    }

    /** Of one draw, divisor draws − 1. */
    public double[] deviation(int row) {
        return deviation(row, 1);
    }

    /** The standard error of the mean. */
    public double[] error(int row) {
        return deviation(row, draws);
    }

    private double[] deviation(int row, int of) {
        double[] all = new double[columns];
        for (int j = 0; j < columns; j++) {
            all[j] = Math.sqrt(squares[row * columns + j] / (draws - 1) / of);
        }
        return all;
    }
}
