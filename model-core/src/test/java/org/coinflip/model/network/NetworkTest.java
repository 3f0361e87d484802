package org.coinflip.model.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.memory.Segment;
import org.coinflip.model.memory.State;
import org.coinflip.model.oracle.Networks;
import org.junit.jupiter.api.Test;

class NetworkTest {
    @Test
    void initialWeightsAreWithinGlorotsBoundAndFillIt() {
        Network network = Networks.of(
                30,
                "{ type = dense, units = 50, initial-scale = 2, initial-bias = 0.5 }",
                "{ type = maxout, units = 20, pieces = 3 }",
                "{ type = output, units = 10 }");
        State state = new State(network.layout());
        network.initialise(state, 5);
        double[] bounds = {2 * Math.sqrt(6.0 / 80), Math.sqrt(6.0 / 70), Math.sqrt(6.0 / 30)};
        for (int layer = 0; layer < 3; layer++) {
            double greatest = 0;
            double sum = 0;
            float[] weights = state.view("layer" + layer + ".weights").toArray();
            for (float weight : weights) {
                greatest = Math.max(greatest, Math.abs(weight));
                sum += weight;
            }
            double bound = bounds[layer];
            assertTrue(greatest <= bound && greatest > 0.95 * bound, layer + ": " + greatest + " of " + bound);
            assertEquals(0, sum / weights.length, 4.5 * bound / Math.sqrt(3.0 * weights.length));
        }
        assertEquals(0.5f, state.view("layer0.biases").get(49));
        State other = new State(network.layout());
        network.initialise(other, 6);
        assertNotEquals(state.parametersSha256(), other.parametersSha256());
    }

    @Test
    void parametersComeFirstThenStatistics() {
        Network network = Networks.of(
                3,
                "{ type = stochastic, units = 2, estimator = reinforce, learning-rate-scale = 0.5 }",
                "{ type = output, units = 4 }");
        List<String> names =
                network.layout().segments().stream().map(Segment::name).toList();
        assertEquals(
                List.of(
                        "layer0.weights",
                        "layer0.biases",
                        "layer1.weights",
                        "layer1.biases",
                        "layer0.baseline-numerator",
                        "layer0.baseline-denominator"),
                names);
        assertEquals(3 * 2 + 2 + 2 * 4 + 4, network.layout().parameters());
        assertEquals(network.layout().parameters() + 4, network.layout().length());
        assertEquals(0.5, network.layout().segment("layer0.weights").rateScale());
        assertEquals(
                network.layout().length() + 2 * network.layout().parameters(),
                network.layout().withUpdaterMemory(2).length());
        assertThrows(IllegalArgumentException.class, () -> network.layout().segment("layer2.weights"));
    }

    @Test
    void refusesDataOfAnotherWidthOrOtherClasses() {
        Network network = Networks.of(3, "{ type = output, units = 4 }");
        network.check(3, 4);
        String width =
                assertThrows(UsageException.class, () -> network.check(5, 4)).getMessage();
        assertTrue(width.contains("got examples of 5 features, expected 3"), width);
        String classes =
                assertThrows(UsageException.class, () -> network.check(3, 2)).getMessage();
        assertTrue(classes.contains("got an output layer of 4 units for data of 2 classes"), classes);
    }

    @Test
    void refusesMoreParametersThanAVectorHolds() {
        UsageException refused = assertThrows(
                UsageException.class,
                () -> Networks.of(1 << 20, "{ type = dense, units = 4096 }", "{ type = output, units = 2 }"));
        assertTrue(refused.getMessage().contains("expected fewer"), refused.getMessage());
    }
}
