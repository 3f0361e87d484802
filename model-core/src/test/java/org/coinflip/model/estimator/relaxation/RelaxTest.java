package org.coinflip.model.estimator.relaxation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.layer.Mode;
import org.coinflip.model.layer.stochastic.StochasticLayer;
import org.coinflip.model.layer.stochastic.StochasticStage;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.State;
import org.coinflip.model.memory.Statistic;
import org.coinflip.model.network.Network;
import org.coinflip.model.network.Pass;
import org.coinflip.model.oracle.Networks;
import org.coinflip.model.oracle.Rounding;
import org.coinflip.model.training.GradientSink;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Control variates are trained down the gradient of the mean of ‖g‖², which central differences of the same noise give. */
@Tag("numerical")
class RelaxTest {
    private static final int ROWS = 12;
    private static final float STEP = 0x1p-8f;
    private static final String TWO = "{ type = categorical, categories = 2 }";

    private static Network network(String keys) {
        return network("bernoulli", keys);
    }

    private static Network network(String law, String keys) {
        return trained(law, "type = relax, hidden = 3, " + keys);
    }

    private static Network trained(String law, String estimator) {
        return Networks.of(
                3,
                "{ type = stochastic, units = 4, law = " + law + ", estimator { " + estimator + " } }",
                "{ type = dense, units = 3, activation = tanh }",
                "{ type = output, units = 3 }");
    }

    private static State state(Network network) {
        State state = Networks.state(network, 4, 0.9);
        double value = 0.3;
        List<String> there = ((StochasticLayer) network.layers().get(0))
                .statistics(3).stream().map(Statistic::name).toList();
        for (String name : List.of("control-output", "control-biases", "control-output-bias")) {
            if (!there.contains(name)) {
                continue;
            }
            Floats numbers = state.view("layer0." + name);
            for (int i = 0; i < numbers.length(); i++) {
                numbers.set(i, (float) value);
                value = -0.8 * value + 0.1;
            }
        }
        return state;
    }

    private static Pass pass(Network network, State state) {
        Examples examples = Networks.random(ROWS, 3, 3, 9);
        Pass pass = network.bind(state, new GradientSink(network.layout()), Backend.detect(), ROWS);
        pass.load(examples, Networks.places(ROWS), ROWS);
        pass.context().setNoise(Mode.TRAIN, 3, 1, 0);
        return pass;
    }

    /** The mean of ‖g‖² over the rows. */
    private static double square(Pass pass) {
        pass.forward();
        pass.backward();
        StochasticStage site = pass.stochasticStages().get(0);
        double sum = 0;
        for (int r = 0; r < ROWS; r++) {
            for (int j = 0; j < site.width(); j++) {
                sum += Math.pow(site.logitGradient().get(r, j), 2);
            }
        }
        return sum / ROWS;
    }

    private static double[] differences(Pass pass, Floats values, float step) {
        double[] slopes = new double[values.length()];
        for (int i = 0; i < slopes.length; i++) {
            float value = values.get(i);
            float above = value + step;
            float below = value - step;
            values.set(i, above);
            slopes[i] = square(pass);
            values.set(i, below);
            slopes[i] = (slopes[i] - square(pass)) / ((double) above - below);
            values.set(i, value);
        }
        return slopes;
    }

    static Stream<Arguments> trained() {
        List<String> all = List.of(
                "control-weights",
                "control-biases",
                "control-output",
                "control-output-bias",
                "control-scale",
                "control-log-temperature");
        // of two categories the temperature's gradient here is below what its difference can tell
        return Stream.of("bernoulli", TWO, "{ type = categorical, categories = 4 }")
                .flatMap(law -> all.stream()
                        .filter(name -> !law.equals(TWO) || !name.equals("control-log-temperature"))
                        .map(name -> Arguments.of(law, name)));
    }

    @ParameterizedTest
    @MethodSource("trained")
    void isTrainedDownTheGradientOfTheVariance(String law, String name) {
        holdsToDifferences(network(law, "learning-rate = 1e-9"), name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"control-weights", "control-biases", "control-output", "control-baseline", "control-scale"})
    void rodeoIsTrainedDownTheGradientOfTheVariance(String name) {
        String estimator = "type = rodeo, samples = 3, hidden = 3, learning-rate = 1e-9";
        holdsToDifferences(trained("bernoulli", estimator), name);
    }

    private static void holdsToDifferences(Network network, String name) {
        State state = state(network);
        Pass pass = pass(network, state);
        Floats values = state.view("layer0." + name);
        double[] expected = differences(pass, values, STEP);
        double[] further = differences(pass, values, 2 * STEP);
        double largest = 0;
        for (double slope : expected) {
            largest = Math.max(largest, Math.abs(slope));
        }
        // the estimate's own roundings, forth, back and through the control variate, of each of two squares
        int roundings = 2 * Rounding.gradient(ROWS, 3, 4, 3, 3) + Rounding.forward(4, 3, 1);
        double rounding = Rounding.of(roundings, square(pass)) / STEP;
        pass.accumulate();
        // Adam's mean after its first step from 0 is a tenth of the gradient
        Floats mean = state.view("layer0." + name + "-mean");
        for (int i = 0; i < expected.length; i++) {
            // of twice the step a difference has four times the error
            double bound = Math.abs(further[i] - expected[i]) + rounding;
            assertEquals(expected[i], mean.get(i) * 10, bound, name + " " + i);
        }
        assertTrue(largest > 4 * rounding, "a gradient of nothing proves nothing: " + largest + " of " + rounding);
    }

    @Test
    void trainingLowersTheVariance() {
        for (String keys : new String[] {"relaxed-loss = false", "relaxed-loss = true, scale = 0, temperature = 1"}) {
            Network network = network(keys + ", learning-rate = 0.01");
            State state = Networks.state(network, 4, 0.9);
            Pass pass = pass(network, state);
            double first = mean(pass, 0, false);
            mean(pass, 1000, true);
            double last = mean(pass, 0, false);
            assertTrue(last < 0.6 * first, keys + ": from " + first + " to " + last);
        }
    }

    /** The mean of ‖g‖² over the epochs from one on. */
    private static double mean(Pass pass, int from, boolean learns) {
        int epochs = 500;
        double sum = 0;
        for (int epoch = from; epoch < from + epochs; epoch++) {
            pass.context().setNoise(Mode.TRAIN, 3, epoch, 0);
            sum += square(pass) / epochs;
            if (learns) {
                pass.accumulate();
            }
        }
        return sum;
    }
}
