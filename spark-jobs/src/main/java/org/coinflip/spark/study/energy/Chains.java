package org.coinflip.spark.study.energy;

import java.io.Serializable;

/**
 * Sums over chains of Langevin inference of what they displaced, by time and unit; those of disjoint chains add.
 *
 * @param count chains
 * @param sums of displacements
 * @param squares of displacements
 */
record Chains(int count, double[][] sums, double[][] squares) implements Serializable {
    static Chains none(int times, int units) {
        return new Chains(0, new double[times][units], new double[times][units]);
    }

    Chains plus(double[][] displacements) {
        return add(new Chains(1, displacements, squared(displacements)));
    }

    private static double[][] squared(double[][] numbers) {
        double[][] squares = new double[numbers.length][];
        for (int t = 0; t < numbers.length; t++) {
            squares[t] = numbers[t].clone();
            for (int i = 0; i < squares[t].length; i++) {
                squares[t][i] *= numbers[t][i];
            }
        }
        return squares;
    }

    Chains add(Chains other) {
        double[][] sum = new double[sums.length][];
        double[][] square = new double[sums.length][];
        for (int t = 0; t < sums.length; t++) {
            sum[t] = sums[t].clone();
            square[t] = squares[t].clone();
            for (int i = 0; i < sum[t].length; i++) {
                sum[t][i] += other.sums[t][i];
                square[t][i] += other.squares[t][i];
            }
        }
        return new Chains(count + other.count, sum, square);
    }

    double[] mean(int time) {
        double[] mean = sums[time].clone();
        for (int i = 0; i < mean.length; i++) {
            mean[i] /= count;
        }
        return mean;
    }

    /** Standard error of a mean. */
    double error(int time, int unit) {
        double mean = sums[time][unit] / count;
        double variance = Math.max(0, squares[time][unit] / count - mean * mean) * count / (count - 1);
        return Math.sqrt(variance / count);
    }
}
