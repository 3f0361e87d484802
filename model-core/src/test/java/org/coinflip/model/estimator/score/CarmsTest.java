package org.coinflip.model.estimator.score;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.coinflip.model.kernel.Backend;
import org.coinflip.model.layer.stochastic.StochasticStage;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.network.Pass;
import org.coinflip.model.oracle.Draw;
import org.coinflip.model.oracle.Networks;
import org.coinflip.model.training.GradientSink;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The samples of CARMS, each of the units' law and antithetic in pairs. A comparison errs with a probability of 7e-6. */
@Tag("numerical")
@Tag("statistical")
class CarmsTest {
    private static final int BATCH = 64;

    private static Pass pass(String estimator, String logits) {
        Network network = Networks.of(
                1,
                "{ type = stochastic, units = 3, law = { type = categorical, categories = 3 }, estimator = " + estimator
                        + " }",
                "{ type = function, function { type = linear, weights = [1, -0.5, 2] } }");
        State state = new State(network.layout());
        network.initialise(state, 1);
        String[] numbers = logits.split(" ");
        for (int j = 0; j < 3; j++) {
            state.view("layer0.biases").set(j, Float.parseFloat(numbers[j]));
        }
        return network.bind(state, new GradientSink(network.layout()), Backend.detect(), BATCH);
    }

    /** Frequencies of the first and the last sample, and of a pair that takes the same category, which independent ones do more often. */
    @ParameterizedTest
    @CsvSource({"2, 0.3 -1 0.9", "4, 0.3 -1 0.9", "3, 0 0 0", "2, 0 0 -9", "4, 1 0 0"})
    void samplesHaveTheLawAndRepelEachOther(int samples, String logits) {
        Pass pass = pass("{ type = carms, samples = " + samples + " }", logits);
        StochasticStage stage = pass.stochasticStages().get(0);
        Draw draw = new Draw(7);
        double[] seen = new double[7];
        double[] p = new double[3];
        for (int i = 0; i < 300; i++) {
            Draw.step(pass, Networks.copies(BATCH, 1, 0, 0f), i);
            for (int r = 0; r < BATCH; r++) {
                seen[6] = 0;
                for (int j = 0; j < 3; j++) {
                    p[j] = stage.probabilities().get(r, j);
                    seen[j] = stage.samples().get(r, j);
                    seen[3 + j] = stage.samples().get((samples - 1) * BATCH + r, j);
                    seen[6] += seen[j] * seen[3 + j];
                }
                draw.add(seen);
            }
        }
        double same = 0;
        for (int j = 0; j < 3; j++) {
            assertTrue(draw.agrees(j, p[j]), "first " + j + ": " + draw.mean(j) + ", expected " + p[j]);
            assertTrue(draw.agrees(3 + j, p[j]), "last " + j + ": " + draw.mean(3 + j) + ", expected " + p[j]);
            same += p[j] * p[j];
        }
        assertTrue(draw.mean(6) < same - 4.5 * draw.standardError(6), draw.mean(6) + " of " + same);
    }

    /** For one unit and any loss, less variance than independent samples, of the same mean. */
    @ParameterizedTest
    @CsvSource({"2, 0.3 -1 0.9", "4, 0.3 -1 0.9", "4, 0 0 0"})
    void variesLessThanIndependentSamples(int samples, String logits) {
        double[][] variances = new double[2][3];
        for (int i = 0; i < 2; i++) {
            Pass pass = pass("{ type = " + (i == 0 ? "carms" : "rloo") + ", samples = " + samples + " }", logits);
            StochasticStage stage = pass.stochasticStages().get(0);
            Draw draw = new Draw(3);
            double[] g = new double[3];
            for (int step = 0; step < 300; step++) {
                Draw.step(pass, Networks.copies(BATCH, 1, 0, 0f), step);
                for (int r = 0; r < BATCH; r++) {
                    for (int j = 0; j < 3; j++) {
                        g[j] = stage.logitGradient().get(r, j);
                    }
                    draw.add(g);
                }
            }
            double sum = 0;
            for (int j = 0; j < 3; j++) {
                variances[i][j] = draw.variance(j);
                sum += draw.mean(j);
            }
            assertEquals(0, sum, 1e-4, "columns of a unit add up to nothing");
        }
        double carms = variances[0][0] + variances[0][1] + variances[0][2];
        double independent = variances[1][0] + variances[1][1] + variances[1][2];
        assertTrue(carms < 0.95 * independent, carms + " of " + independent);
    }
}
