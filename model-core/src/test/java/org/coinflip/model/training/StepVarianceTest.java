package org.coinflip.model.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.oracle.Networks;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("numerical")
@Tag("statistical")
class StepVarianceTest {
    private static final int BATCH = 3;
    private static final int BATCHES = 5;
    private static final int DRAWS = 8000;
    private static final double[] LOSSES = {1, 4};

    /**
     * One unit, whose loss f is a table's, and the score times the loss: an example's draw gives (x, 1) a number g that is −p f(0) with probability 1 − p and (1 − p) f(1) with
     * probability p. So moments of the means of batches are sums over examples.
     */
    @Test
    void partsAreThoseOfTheClosedForm() {
        Network network = Networks.of(
                2,
                "{ type = stochastic, units = 1, estimator { type = reinforce, baseline = none } }",
                "{ type = function, function { type = table, values = [1, 4] } }");
        State state = new State(network.layout());
        network.initialise(state, 3);
        Examples examples = Networks.random(BATCH * BATCHES, 2, 1, 9);
        double[][] means = new double[BATCHES][3];
        double coins = 0;
        for (int i = 0; i < BATCH * BATCHES; i++) {
            float[] x = new float[3];
            examples.features().read(i, x, 0);
            x[2] = 1;
            double a = state.matrix("layer0.biases").get(0, 0);
            for (int k = 0; k < 2; k++) {
                a += x[k] * state.matrix("layer0.weights").get(k, 0);
            }
            double p = 1 / (1 + Math.exp(-a));
            double mean = p * (1 - p) * (LOSSES[1] - LOSSES[0]);
            double square = (1 - p) * p * p * LOSSES[0] * LOSSES[0] + p * (1 - p) * (1 - p) * LOSSES[1] * LOSSES[1];
            for (int k = 0; k < 3; k++) {
                means[i / BATCH][k] += mean * x[k] / BATCH;
                coins += (square - mean * mean) * x[k] * x[k] / BATCH / BATCH / BATCHES;
            }
        }
        double data = 0;
        double signal = 0;
        for (int k = 0; k < 3; k++) {
            double grand = 0;
            for (double[] mean : means) {
                grand += mean[k] / BATCHES;
            }
            double between = 0;
            for (double[] mean : means) {
                between += Math.pow(mean[k] - grand, 2) / (BATCHES - 1);
            }
            data += between;
            signal += grand * grand - between / BATCHES;
        }
        List<StepVariance> found =
                StepVariance.measure(network, state, examples, BATCH, BATCHES, DRAWS, Backend.detect(), 1);
        assertEquals(1, found.size());
        // means of 8,000 draws of numbers whose deviation is about their size: 5 deviations are 6 %, of the means'
        // variances twice that of a tenth
        assertEquals(coins, found.get(0).coins(), 0.06 * coins);
        assertEquals(data, found.get(0).data(), 0.1 * (data + coins / DRAWS));
        assertEquals(signal, found.get(0).signal(), 0.1 * (signal + data));
        assertEquals(coins / (coins + data), found.get(0).partOfCoins(), 0.05);
    }

    @Test
    void anEstimateWithoutNoiseHasNoCoins() {
        Network network = Networks.of(
                2,
                "{ type = stochastic, units = 3, estimator = exact }",
                "{ type = function, function { type = table, values = [3, -1, 4, 1, -5, 9, 2, 6] } }");
        State state = new State(network.layout());
        network.initialise(state, 3);
        Examples examples = Networks.random(12, 2, 1, 9);
        StepVariance found = StepVariance.measure(network, state, examples, 4, 9, 2, Backend.detect(), 1)
                .get(0);
        assertEquals(0, found.coins(), 1e-12);
        assertTrue(found.data() > 1e-3);
        assertTrue(
                StepVariance.measure(network, state, examples, 7, 9, 2, Backend.detect(), 1)
                        .isEmpty(),
                "one batch");
    }
}
