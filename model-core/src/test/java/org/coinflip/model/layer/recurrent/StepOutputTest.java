package org.coinflip.model.layer.recurrent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Random;
import org.coinflip.Model;
import org.coinflip.NetworkBuilder;
import org.coinflip.Trainer;
import org.coinflip.model.error.DataException;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.Arithmetic;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.kernel.KernelChoice;
import org.coinflip.model.layer.Mode;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.network.Pass;
import org.coinflip.model.objective.StepClasses;
import org.coinflip.model.oracle.Networks;
import org.coinflip.model.oracle.Rounding;
import org.coinflip.model.training.GradientSink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Outputs at every step. */
class StepOutputTest {
    private static final Backend BACKEND = Backend.of(KernelChoice.usual(Arithmetic.PORTABLE));
    private static final int STEPS = 3;
    private static final int WIDTH = 2;
    private static final int CLASSES = 4;
    private static final int SIZE = 5;
    private static final String BELOW = "{ type = gru, steps = 3, units = 3, output = all }";

    private static Examples examples(int each) {
        Random random = new Random(9);
        float[] values = new float[SIZE * each];
        for (int i = 0; i < values.length; i++) {
            values[i] = each == STEPS ? random.nextInt(CLASSES + 1) - 1 : random.nextFloat();
        }
        return Networks.random(SIZE, STEPS * WIDTH, 2, 4).withValues(each, values);
    }

    private static double loss(Pass pass, Examples examples) {
        pass.load(examples, Networks.places(SIZE), SIZE);
        pass.context().setNoise(Mode.TRAIN, 1, 0, 0);
        pass.forward();
        return pass.meanLoss();
    }

    /** The loss by the equations, in double precision, from the states of the layer below. */
    @Test
    void theLossIsThatOfTheStepsAsked() {
        Network network = Networks.of(STEPS * WIDTH, BELOW, "{ type = output, units = 4, per-step = true }");
        State state = Networks.state(network, 3, 0.9);
        Examples examples = examples(STEPS);
        Pass pass = network.bind(state, new GradientSink(network.layout()), BACKEND, SIZE);
        double mean = loss(pass, examples);
        int weights = network.layout().segment("layer1.weights").offset();
        int biases = network.layout().segment("layer1.biases").offset();
        Network below = Networks.of(STEPS * WIDTH, BELOW, "{ type = output, units = 1, objective = regression }");
        State same = new State(below.layout());
        for (int i = 0; i < weights; i++) {
            same.values().set(i, state.values().get(i));
        }
        double expected = 0;
        int asked = 0;
        for (int r = 0; r < SIZE; r++) {
            for (int t = 0; t < STEPS; t++) {
                int label = (int) examples.value(r, t);
                if (label < 0) {
                    continue;
                }
                asked++;
                double sum = 0;
                double atLabel = 0;
                for (int k = 0; k < CLASSES; k++) {
                    double y = state.values().get(biases + k);
                    for (int i = 0; i < 3; i++) {
                        double h = statesOf(below, same, examples, r, t, i);
                        y += h * state.values().get(weights + i * CLASSES + k);
                    }
                    sum += Math.exp(y);
                    atLabel = k == label ? y : atLabel;
                }
                expected += Math.log(sum) - atLabel;
            }
        }
        assertTrue(asked > STEPS && asked < SIZE * STEPS, asked + " steps are asked");
        assertEquals(expected / SIZE, mean, Rounding.of(Rounding.forward(3, 3, 4, 3), 1 + expected / SIZE));
    }

    /** Unit i of the state after step t, read by an output whose weight is 1 there and 0 elsewhere. */
    private static double statesOf(Network below, State state, Examples examples, int example, int step, int unit) {
        int weights = below.layout().segment("layer1.weights").offset();
        for (int i = 0; i < STEPS * 3; i++) {
            state.values().set(weights + i, i == step * 3 + unit ? 1 : 0);
        }
        Pass pass = below.bind(state, null, BACKEND, SIZE);
        pass.load(examples, Networks.places(SIZE), SIZE);
        pass.context().setNoise(Mode.MEANS, 1, 0, 0);
        pass.forward();
        return pass.output().get(example, 0);
    }

    /** A step of 2⁻⁸ as in GradientTest. */
    @ParameterizedTest
    @CsvSource({"step-cross-entropy, 3", "regression, 12", "multi-label, 12"})
    void gradientsAreThoseOfDifferences(String objective, int each) {
        Network network = Networks.of(
                STEPS * WIDTH,
                BELOW,
                "{ type = conv, kernel = 1, channels = 3, activation = tanh }",
                "{ type = output, units = 4, per-step = true, objective = " + objective + " }");
        network.checkTargets(each);
        State state = Networks.state(network, 3, 0.7);
        Examples examples = examples(each);
        GradientSink gradient = new GradientSink(network.layout());
        Pass pass = network.bind(state, gradient, BACKEND, SIZE);
        loss(pass, examples);
        pass.backward();
        pass.accumulate();
        float step = 0x1p-8f;
        double tolerance = 2e-3 + Rounding.of(Rounding.forward(6, 3, 3, 4, 3), 8) / step;
        double largest = 0;
        for (int i = 0; i < network.layout().parameters(); i++) {
            float value = state.values().get(i);
            state.values().set(i, value + step);
            double above = loss(pass, examples);
            state.values().set(i, value - step);
            double below = loss(pass, examples);
            state.values().set(i, value);
            double expected = (above - below) / (2 * step);
            assertEquals(expected, gradient.target().get(i), tolerance * (1 + Math.abs(expected)), "parameter " + i);
            largest = Math.max(largest, Math.abs(expected));
        }
        assertTrue(largest > 0.1, "a gradient of nothing proves nothing");
    }

    /** The symbol of the step before is asked at every step but the first: one state remembers it. */
    @Test
    void aNetworkLearnsWhatWasSaidBefore() {
        int steps = 6;
        int symbols = 3;
        int size = 300;
        Random random = new Random(2);
        float[][] features = new float[size][steps * symbols];
        float[][] asked = new float[size][steps];
        for (int i = 0; i < size; i++) {
            int before = StepClasses.NOT_ASKED;
            for (int t = 0; t < steps; t++) {
                int symbol = random.nextInt(symbols);
                features[i][t * symbols + symbol] = 1;
                asked[i][t] = before;
                before = symbol;
            }
        }
        Examples all = Examples.of(features, asked);
        Model model = Trainer.of(NetworkBuilder.images(steps, symbols, 1)
                        .gru(8, keys -> keys.set("output", "all"))
                        .perStep(symbols))
                .seed(1)
                .epochs(20)
                .batch(20)
                .adam(0.03)
                .fit(all);
        Map<String, Object> measures = model.measure(all);
        assertEquals(0.0, measures.get("stepError"));
        assertEquals(0.0, measures.get("sequenceError"));
        double bits = ((Number) measures.get("bitsPerStep")).doubleValue();
        assertTrue(bits > 0 && bits < 0.2, bits + " bits a step");
        // of the mean over steps, five of six asked
        double loss = model.evaluate(all).loss();
        assertEquals(loss, bits * Math.log(2) * (steps - 1), 1e-5 * (1 + loss));
    }

    @ParameterizedTest
    @ValueSource(floats = {4f, -2f, 0.5f})
    void whatIsNoClassIsRefused(float value) {
        DataException e = assertThrows(DataException.class, () -> StepClasses.asked(value, CLASSES));
        assertTrue(e.getMessage().contains("has the value " + value), e.getMessage());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{ type = output, units = 4, per-step = true, objective = cross-entropy } | step-cross-entropy",
                "{ type = output, units = 4, objective = step-cross-entropy } | per-step = true",
                "{ type = output, units = 4, per-step = true, steps = 3 } | steps",
            })
    void whatDoesNotFitIsRefused(String output, String said) {
        UsageException e = assertThrows(UsageException.class, () -> Networks.of(STEPS * WIDTH, BELOW, output));
        assertTrue(e.getMessage().contains(said), e.getMessage());
    }

    @Test
    void whatIsBelowHasToHaveSteps() {
        UsageException e = assertThrows(
                UsageException.class, () -> Networks.of(6, "{ type = output, units = 4, per-step = true }"));
        assertTrue(e.getMessage().contains("image"), e.getMessage());
    }
}
