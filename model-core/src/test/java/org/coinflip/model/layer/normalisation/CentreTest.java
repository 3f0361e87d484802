package org.coinflip.model.layer.normalisation;

import static org.coinflip.model.layer.normalisation.NormalisationTest.BACKEND;
import static org.coinflip.model.layer.normalisation.NormalisationTest.BATCH;
import static org.coinflip.model.layer.normalisation.NormalisationTest.OUTPUT;
import static org.coinflip.model.layer.normalisation.NormalisationTest.UNITS;
import static org.coinflip.model.layer.normalisation.NormalisationTest.learn;
import static org.coinflip.model.layer.normalisation.NormalisationTest.pass;
import static org.coinflip.model.layer.normalisation.NormalisationTest.shifted;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.example.Examples;
import org.coinflip.model.layer.Mode;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.network.Pass;
import org.coinflip.model.oracle.Networks;
import org.coinflip.model.oracle.Rounding;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What {@link CentreLayer} takes from each column, over batches and workers; the gradient is in GradientTest. */
@Tag("numerical")
class CentreTest {
    /** Batches of 6, 6 and 2 rows: the mean of all rows, each weighted by its batch's age, in training as in use. */
    @Test
    void itTakesTheMeanOfAllRowsThatItSaw() {
        double kappa = 0.8;
        Network network = Networks.of(UNITS, "{ type = centre, momentum = " + kappa + " }", OUTPUT);
        State state = Networks.state(network, 7, 0.7);
        Examples examples = shifted(14, -2, 8);
        int[][] batches = {{0, 1, 2, 3, 4, 5}, {6, 7, 8, 9, 10, 11}, {12, 13}};
        double weight = 0;
        double[] sum = new double[UNITS];
        for (int b = 0; b < batches.length; b++) {
            learn(network, state, examples, batches[b]);
            double age = Math.pow(kappa, batches.length - 1 - b);
            for (int r : batches[b]) {
                weight += age;
                for (int j = 0; j < UNITS; j++) {
                    sum[j] += age * examples.features().get(r, j);
                }
            }
        }
        for (Mode mode : List.of(Mode.MEANS, Mode.TRAIN)) {
            Pass pass = network.bind(state, null, BACKEND, 14);
            pass.load(examples, Networks.places(14), 14);
            pass.context().setNoise(mode, 1, 0, 0);
            pass.forward();
            for (int r = 0; r < 14; r++) {
                for (int j = 0; j < UNITS; j++) {
                    double x = examples.features().get(r, j);
                    double mean = sum[j] / weight;
                    // 14 products and sums, three batches' decays, a division and a difference; of 0.8 a float has
                    // three parts in 10⁸ more
                    assertEquals(x - mean, pass.output(0).get(r, j), Rounding.of(30, Math.abs(x) + Math.abs(mean)));
                }
            }
        }
    }

    @Test
    void beforeAnyBatchItGivesWhatItIsGiven() {
        Network network = Networks.of(UNITS, "{ type = centre }", OUTPUT);
        State state = new State(network.layout());
        network.initialise(state, 1);
        Examples examples = shifted(BATCH, 2, 4);
        Pass pass = pass(network, state, null, examples, Networks.places(BATCH));
        for (int r = 0; r < BATCH; r++) {
            for (int j = 0; j < UNITS; j++) {
                assertEquals(examples.features().get(r, j), pass.output(0).get(r, j));
            }
        }
    }

    /** Two workers whose examples have other means; states are averaged as their vectors are. */
    @Test
    void meansOfTwoWorkersAverageToThoseOfTheirUnion() {
        Network network = Networks.of(UNITS, "{ type = centre, momentum = 0.7 }", OUTPUT);
        Workers workers = new Workers(network);
        float[] expected = CentreLayer.means(workers.union(), 0);
        float ofFirst = CentreLayer.means(workers.first(), 0)[0];
        assertTrue(Math.abs(ofFirst - expected[0]) > 0.5, "workers differ");
        float[] averaged = CentreLayer.means(workers.average(), 0);
        for (int j = 0; j < UNITS; j++) {
            assertEquals(expected[j], averaged[j], Rounding.of(40, 4), "mean of " + j);
        }
    }

    /** What was played is learned from in other batches, which a layer that mixes no rows does not mind. */
    @Test
    void policiesTakeItAndSequencesThatEndEarlyDoNot() {
        Networks.of(
                4, "{ type = centre }", "{ type = stochastic, units = 3, estimator = reinforce }", "{ type = reward }");
        String message = assertThrows(
                        UsageException.class,
                        () -> Networks.of(
                                4, "{ type = centre }", "{ type = gru, steps = 2, units = 3, padded = true }", OUTPUT))
                .getMessage();
        assertTrue(message.startsWith("network.layers[1].padded: got true above centre, expected false"), message);
    }
}
