package org.coinflip.model.measure;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.coinflip.model.example.Examples;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.objective.Objective;
import org.coinflip.model.training.DrawWatcher;

/**
 * What is seen of the draws of one batch, whose predictions p_k of K draws are averaged: entropies, votes, deviations, and the errors of the mean of the first
 * 1, 2, 4, … and all K. Holds until the first draw of the next batch. Not thread-safe.
 */
public final class DrawTrace implements DrawWatcher {
    private final Objective objective;
    private final boolean probabilities;
    private final int outputs;
    private final int[] counts;
    private final double[] mean;
    private final double[] squares;
    private final double[] entropies;
    private final int[] votes;
    private final double[][] errors;
    private final double[][] logLosses;
    private int drawn;

    /**
     * @param objective what the network is trained for
     * @param outputs of the network
     * @param draws K, at least 2
     * @param rows of a batch at most
     */
    public DrawTrace(Objective objective, int outputs, int draws, int rows) {
        this.objective = objective;
        this.outputs = outputs;
        this.probabilities = objective.isOfProbabilities();
        this.counts = counts(draws);
        this.mean = new double[rows * outputs];
        this.squares = new double[rows * outputs];
        this.entropies = new double[rows];
        this.votes = new int[objective.isOfClasses() ? rows * outputs : 0];
        this.errors = new double[counts.length][rows];
        this.logLosses = new double[counts.length][rows];
    }

    /** The numbers of draws whose errors are kept: powers of two below {@code draws}, and {@code draws}. */
    static int[] counts(int draws) {
        return IntStream.concat(IntStream.iterate(1, count -> count < draws, count -> 2 * count), IntStream.of(draws))
                .toArray();
    }

    @Override
    public void drawn(int draw, Matrix latest, Matrix average, Examples examples, int start, int rows) {
        if (draw == 0) {
            Arrays.fill(entropies, 0);
            Arrays.fill(votes, 0);
        }
        drawn = draw + 1;
        for (int r = 0; r < rows; r++) {
            deviate(draw, latest, r);
            if (objective.isOfClasses()) {
                votes[r * outputs + Objective.best(latest, r)]++;
            }
        }
        int at = Arrays.binarySearch(counts, drawn);
        if (at >= 0) {
            for (int r = 0; r < rows; r++) {
                errors[at][r] = objective.error(average, r, examples, start + r);
                if (probabilities) {
                    logLosses[at][r] = ProbabilityScores.logLoss(average.get(r, examples.label(start + r)));
                }
            }
        }
    }

    /** Welford (1962), and the entropy of one more draw. */
    private void deviate(int draw, Matrix latest, int row) {
        for (int j = 0; j < outputs; j++) {
            double value = latest.get(row, j);
            int at = row * outputs + j;
            double before = draw == 0 ? 0 : mean[at];
            double after = before + (value - before) / drawn;
            squares[at] = (draw == 0 ? 0 : squares[at]) + (value - before) * (value - after);
            mean[at] = after;
            entropies[row] += probabilities ? surprise(value) : 0;
        }
    }

    private static double surprise(double probability) {
        return probability > 0 ? -probability * StrictMath.log(probability) : 0;
    }

    /** K. */
    int draws() {
        return counts[counts.length - 1];
    }

    /** Entropy of the mean prediction, {@code −Σ_j p̄_j ln p̄_j}, in nats. */
    double predictiveEntropy(int row) {
        double entropy = 0;
        for (int j = 0; j < outputs; j++) {
            entropy += surprise(mean[row * outputs + j]);
        }
        return entropy;
    }

    /** Mean entropy of a draw's prediction, in nats. */
    double expectedEntropy(int row) {
        return entropies[row] / drawn;
    }

    /** Of draw and answer: {@link #predictiveEntropy} less {@link #expectedEntropy}, at least 0 but for rounding. */
    double mutualInformation(int row) {
        return predictiveEntropy(row) - expectedEntropy(row);
    }

    /** The part of the draws that classify an example otherwise than their mean does. */
    double disagreement(int row, int best) {
        return 1 - (double) votes[row * outputs + best] / drawn;
    }

    /** Standard deviation from draw to draw (divisor K − 1), root of its mean square over the outputs. */
    double deviation(int row) {
        double sum = 0;
        for (int j = 0; j < outputs; j++) {
            sum += squares[row * outputs + j];
        }
        return Math.sqrt(sum / outputs / (drawn - 1));
    }

    double error(int count, int row) {
        return errors[count][row];
    }

    double logLoss(int count, int row) {
        return logLosses[count][row];
    }
}
