package org.coinflip.model.reward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.coinflip.model.layer.Mode;
import org.junit.jupiter.api.Test;

class GridWorldTest {
    private static final GridWorld GRID = new GridWorld(5, 0.2, 1000);

    /**
     * Expected return of the best policy from each cell, by value iteration on probabilities of its own.
     *
     * @param size n, the goal being the last of n² cells
     */
    static double[] bestValues(int size, double slip) {
        double[] values = new double[size * size];
        for (int sweep = 0; sweep < 1000; sweep++) {
            for (int cell = 0; cell < size * size - 1; cell++) {
                double[] next = nextValues(values, size, cell);
                double chance = 0;
                double best = Double.NEGATIVE_INFINITY;
                for (double value : next) {
                    chance += value / next.length;
                    best = Math.max(best, value);
                }
                values[cell] = -1 + (1 - slip) * best + slip * chance;
            }
        }
        return values;
    }

    private static double[] nextValues(double[] values, int size, int cell) {
        return new double[] {
            values[cell < size ? cell : cell - size],
            values[cell >= size * (size - 1) ? cell : cell + size],
            values[cell % size == 0 ? cell : cell - 1],
            values[cell % size == size - 1 ? cell : cell + 1]
        };
    }

    static double bestReturn(int size, double slip) {
        double sum = 0;
        for (double value : bestValues(size, slip)) {
            sum += value;
        }
        return sum / (size * size - 1);
    }

    /** 4.5 standard errors: false about once in 150,000 seeds. */
    @Test
    void theBestPolicyEarnsWhatValueIterationSays() {
        double[] values = bestValues(5, 0.2);
        double[] returns = new double[20_000];
        StepNoise noise = new StepNoise(Mode.TRAIN, 7, 0);
        double[] state = new double[1];
        for (int episode = 0; episode < returns.length; episode++) {
            GRID.reset(state, noise.at(episode, 0));
            for (int step = 1; !GRID.isOver(state); step++) {
                returns[episode] += GRID.act(state, greedy(values, (int) state[0]), noise.at(episode, step));
            }
        }
        ReturnScore score = ReturnScore.of(returns, new int[returns.length]);
        assertEquals(bestReturn(5, 0.2), score.meanReturn(), 4.5 * score.standardError());
        assertTrue(score.standardError() < 0.03);
    }

    private static int greedy(double[] values, int cell) {
        double[] next = nextValues(values, 5, cell);
        int best = 0;
        for (int a = 1; a < next.length; a++) {
            best = next[a] > next[best] ? a : best;
        }
        return best;
    }

    @Test
    void withoutSlippingTheBestReturnIsTheMeanDistance() {
        // Σ over cells of the distance to the corner, 5 · 20 + 5 · 20 − 100 = 100, over 24 cells
        assertEquals(-100.0 / 24, bestReturn(5, 0), 1e-12);
    }

    @Test
    void everyCellButTheGoalIsAStart() {
        StepNoise noise = new StepNoise(Mode.TRAIN, 3, 0);
        int[] counts = new int[25];
        double[] state = new double[1];
        int episodes = 24_000;
        for (int episode = 0; episode < episodes; episode++) {
            GRID.reset(state, noise.at(episode, 0));
            counts[(int) state[0]]++;
        }
        assertEquals(0, counts[24]);
        for (int cell = 0; cell < 24; cell++) {
            // binomial: standard deviation 31
            assertEquals(1000, counts[cell], 4.5 * 31);
        }
    }

    @Test
    void showsTheCell() {
        float[] seen = new float[30];
        seen[7] = 9f;
        GRID.observe(new double[] {6}, seen, 3);
        for (int j = 3; j < 28; j++) {
            assertEquals(j == 9 ? 1f : 0f, seen[j]);
        }
    }
}
