package org.coinflip.model.layer.recurrent;

import static org.coinflip.model.layer.recurrent.Sequences.BATCH;
import static org.coinflip.model.layer.recurrent.Sequences.CLASSES;
import static org.coinflip.model.layer.recurrent.Sequences.OUTPUT;
import static org.coinflip.model.layer.recurrent.Sequences.STEPS;
import static org.coinflip.model.layer.recurrent.Sequences.examples;
import static org.coinflip.model.layer.recurrent.Sequences.network;
import static org.coinflip.model.layer.recurrent.Sequences.sequences;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.layer.Mode;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.memory.Segment;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.network.Pass;
import org.coinflip.model.oracle.Dual;
import org.coinflip.model.oracle.Networks;
import org.coinflip.model.oracle.Rounding;
import org.coinflip.model.training.GradientSink;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Gradients of recurrent layers, held to their equations written out sequence by sequence and step by step in double precision. */
@Tag("numerical")
class RecurrentGradientTest {
    private static final Backend BACKEND = Backend.detect();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "type = recurrent",
                "type = recurrent, activation = relu, output = all",
                "type = recurrent, activation = sigmoid, padded = true",
                "type = recurrent, time-constants = [1, 3]",
                "type = recurrent, time-constants = [1, 3], output = all, padded = true",
                "type = recurrent, time-constants = [1, 2, 4, 8], update = clockwork",
                "type = recurrent, time-constants = [3, 1], update = clockwork, padded = true, truncation = 2",
                "type = gru",
                "type = gru, output = all, truncation = 3",
                "type = gru, padded = true",
                "type = gru, padded = true, output = all, truncation = 1",
                "type = lstm",
                "type = lstm, output = all",
                "type = lstm, padded = true, truncation = 2",
                "type = lstm, padded = true, output = all",
                "type = recurrent, estimator = straight-through, output = all",
                "type = recurrent, estimator { type = straight-through, derivative = sigmoid }, output = all, padded = true",
                "type = recurrent, law = stochastic-times-smooth, output = all",
                "type = recurrent, law = noisy-rectifier, output = all, truncation = 2, padded = true",
                "type = gru, skip { cost = 2 }",
                "type = gru, skip { cost = 0.5, slope = 3 }, padded = true, output = all",
                "type = recurrent, skip {}, padded = true, truncation = 2",
                "type = recurrent, skip { initial-bias = 0, slope = 0.5 }, time-constants = [1, 3]"
            })
    void lossesAndGradientsAreThoseOfTheEquations(String keys) {
        Network network = network(keys);
        State state = Networks.state(network, 9, 0.7);
        float[][] features = sequences(keys.contains("padded"));
        int[] labels = {0, 1, 2, 0, 1, 2, 0};
        // as it is computed with in trainings: each row of weights begins a vector
        State padded = new State(network.layout().padded());
        for (Segment segment : network.layout().segments()) {
            Segment there = padded.layout().segment(segment.name());
            for (int r = 0; r < segment.rows(); r++) {
                Floats row = state.view(segment).view(r * segment.stride(), segment.columns());
                padded.view(there).set(r * there.stride(), row, 0, segment.columns());
            }
        }
        GradientSink gradient = new GradientSink(padded.layout());
        Pass pass = network.bind(padded, gradient, BACKEND, BATCH);
        Examples examples = examples(features, labels);
        for (int count : new int[] {3, BATCH}) { // a smaller batch before must leave nothing behind
            pass.load(examples, Networks.places(count), count);
            pass.context().setNoise(Mode.TRAIN, 1, 0, 0);
            pass.forward();
            pass.backward();
            pass.accumulate();
        }
        Matrix open = pass.gates(0);
        Matrix states = pass.output(0);
        double[] exact = new RecurrentEquations(network, state, open, states, null).lossAndGradient(features, labels);
        double[] bounds =
                Rounding.conditioning(exact, random -> new RecurrentEquations(network, state, open, states, random)
                        .lossAndGradient(features, labels));
        assertEquals(exact[0], pass.meanLoss(), bounds[0] + Rounding.of(BATCH, exact[0]));
        double largest = 0;
        for (Segment segment : network.layout().segments()) {
            Segment there = padded.layout().segment(segment.name());
            for (int i = 0; segment.isParameter() && i < segment.count(); i++) {
                int at = segment.offset() + i / segment.columns() * segment.stride() + i % segment.columns();
                int to = there.offset() + i / segment.columns() * there.stride() + i % segment.columns();
                // a sum over the batch and the steps besides, none of whose terms is larger than the loss
                double bound = bounds[1 + at] + Rounding.of(2 * BATCH * STEPS, 1);
                assertEquals(exact[1 + at], gradient.target().get(to), bound, segment.name() + " " + i);
                largest = Math.max(largest, Math.abs(exact[1 + at]));
            }
        }
        assertTrue(largest > 0.01, "a gradient of nothing proves nothing: " + largest);
    }

    /** The gradient of the expected loss, by enumeration of all that two units may be in three steps. */
    private static double[] enumerated(Network network, State state, float[] x, int label) {
        int count = network.layout().parameters();
        RecurrentEquations equations = new RecurrentEquations(network, state, null, null, null);
        Dual expected = equations.constant(0);
        for (int path = 0; path < 64; path++) {
            Dual[] h = {equations.constant(0), equations.constant(0)};
            Dual probability = equations.constant(1);
            for (int t = 0; t < 3; t++) {
                Dual[] next = new Dual[2];
                for (int j = 0; j < 2; j++) {
                    boolean on = (path >> (2 * t + j) & 1) == 1;
                    Dual p = equations
                            .sum("", new Dual[] {equations.constant(x[t])}, h, j)
                            .sigmoid();
                    probability = probability.times(on ? p : p.rest());
                    next[j] = equations.constant(on ? 1 : 0);
                }
                h = next;
            }
            Dual odds = equations.constant(0);
            Dual[] logits = new Dual[CLASSES];
            for (int k = 0; k < CLASSES; k++) {
                logits[k] = equations.product(h, "layer1.weights", k).plus(equations.parameter("layer1.biases", 0, k));
                odds = odds.plus(logits[k].exp());
            }
            expected = expected.plus(probability.times(odds.log().minus(logits[label])));
        }
        double[] gradient = expected.derivatives();
        assertEquals(count, gradient.length);
        return gradient;
    }

    /** From the loss of the whole sequence: an estimator without bias has none in time either. */
    @ParameterizedTest
    @ValueSource(strings = {"{ type = reinforce, baseline = none }", "reinforce", "{ type = nvil, normalise = false }"})
    void estimatorsFromTheLossHaveNoBiasInTime(String estimator) {
        Network network = Networks.of(
                3,
                "{ type = recurrent, steps = 3, units = 2, law = bernoulli, estimator = " + estimator + " }",
                OUTPUT);
        State state = Networks.state(network, 6, 0.9);
        float[] x = {0.8f, -1.1f, 0.4f};
        double[] exact = enumerated(network, state, x, 2);
        int batch = 1000;
        int batches = 60;
        GradientSink gradient = new GradientSink(network.layout());
        Pass pass = network.bind(state, gradient, BACKEND, batch);
        Examples copies = Networks.copies(batch, CLASSES, 2, x);
        double[] sums = new double[exact.length];
        double[] squares = new double[exact.length];
        for (int b = 0; b < batches; b++) {
            pass.load(copies, Networks.places(batch), batch);
            pass.context().setNoise(Mode.TRAIN, 12, b, 0);
            pass.forward();
            pass.backward();
            pass.accumulate();
            for (int i = 0; i < exact.length; i++) {
                double g = gradient.target().get(i);
                sums[i] += g;
                squares[i] += g * g;
            }
        }
        double largest = 0;
        for (int i = 0; i < exact.length; i++) {
            double mean = sums[i] / batches;
            double error = Math.sqrt((squares[i] / batches - mean * mean) / (batches - 1));
            // Student's t of 59 degrees of freedom is beyond 5.5 once in a million; 17 parameters, three estimators
            assertEquals(exact[i], mean, 5.5 * error + Rounding.of(batch, 1), "parameter " + i);
            largest = Math.max(largest, Math.abs(exact[i]) / error);
        }
        assertTrue(largest > 50, "a gradient that noise hides proves nothing: " + largest);
    }

    /** One step is a dense layer, and above a latent layer, whose prior's gradient is there before, adds its own as that does. */
    @Test
    void oneStepBetweenALatentLayerAndItsPriorIsADenseLayer() {
        float[][] gradients = new float[2][];
        State dense = null;
        for (int which = 0; which < 2; which++) {
            Network network = Networks.of(
                    5,
                    "{ type = stochastic, units = 6, prior = conditional }",
                    which == 0
                            ? "{ type = dense, units = 4, activation = tanh }"
                            : "{ type = recurrent, steps = 1, units = 4 }",
                    "{ type = stochastic, units = 3, prior = learned }",
                    "{ type = likelihood, of = 0, units = 6 }",
                    "{ type = output, units = 5, objective = bernoulli-reconstruction }");
            State state = Networks.state(network, 4, 0.5);
            if (which == 0) {
                dense = state;
            } else {
                for (Segment segment : dense.layout().segments()) {
                    state.view(segment.name()).set(dense.view(segment));
                }
            }
            GradientSink gradient = new GradientSink(network.layout());
            Pass pass = network.bind(state, gradient, BACKEND, BATCH);
            pass.load(Networks.random(BATCH, 5, CLASSES, 8), Networks.places(BATCH), BATCH);
            pass.context().setNoise(Mode.TRAIN, 1, 0, 0);
            pass.forward();
            pass.backward();
            pass.accumulate();
            gradients[which] =
                    gradient.target(network.layout().segment("layer0.weights")).toArray();
        }
        for (int i = 0; i < gradients[0].length; i++) {
            assertNotEquals(0f, gradients[0][i]);
            assertEquals(gradients[0][i], gradients[1][i], 2 * Rounding.of(200, 10), "weight " + i);
        }
    }
}
