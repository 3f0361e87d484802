package org.coinflip.model.layer.recurrent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.coinflip.model.estimator.pathwise.StraightThrough;
import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.kernel.operation.Blas;
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
import org.coinflip.model.training.EvaluationSpec;
import org.coinflip.model.training.Evaluator;
import org.coinflip.model.training.GradientSink;
import org.coinflip.model.unit.NoisyRectifier;
import org.coinflip.model.unit.StochasticTimesSmooth;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Recurrent layers, held to their equations written out sequence by sequence and step by step in double precision. */
@Tag("numerical")
class RecurrentTest {
    private static final int STEPS = 5;
    private static final int FEATURES = 2;
    private static final int WIDTH = STEPS * FEATURES;
    private static final int UNITS = 4;
    private static final int CLASSES = 3;
    private static final int BATCH = 7;
    private static final Backend BACKEND = Backend.detect();
    private static final String OUTPUT = "{ type = output, units = 3 }";

    /** The equations, of one network and state. */
    private static final class Equations {
        private final Network network;
        private final State state;
        private final RecurrentLayer layer;
        private final Random disturbance;
        private final int count;
        /** What the gates gave to each sequence and step; null where there are none. */
        private final Matrix open;
        /** The states that were drawn. */
        private final Matrix states;

        Equations(Network network, State state, Matrix open, Matrix states, Random disturbance) {
            this.open = open;
            this.states = states;
            this.network = network;
            this.state = state;
            this.layer = (RecurrentLayer) network.layers().get(0);
            this.disturbance = disturbance;
            this.count = network.layout().parameters();
        }

        private Dual parameter(String name, int row, int column) {
            Segment segment = network.layout().segment(name);
            int place = segment.offset() + row * segment.stride() + column;
            return Dual.variable(state.values().get(place), place, count, disturbance);
        }

        private Dual constant(double value) {
            return Dual.constant(value, count, disturbance);
        }

        private Dual product(Dual[] x, String weights, int unit) {
            Dual sum = constant(0);
            for (int k = 0; k < x.length; k++) {
                sum = sum.plus(x[k].times(parameter(weights, k, unit)));
            }
            return sum;
        }

        private Dual dot(Dual[] x, String vector) {
            Dual sum = constant(0);
            for (int k = 0; k < x.length; k++) {
                sum = sum.plus(x[k].times(parameter(vector, 0, k)));
            }
            return sum;
        }

        private Dual input(String gate, Dual[] x, int unit) {
            return product(x, "layer0." + gate + "weights", unit).plus(parameter("layer0." + gate + "biases", 0, unit));
        }

        private Dual recurrent(String gate, Dual[] h, int unit) {
            return product(h, "layer0." + gate + "recurrent-weights", unit);
        }

        private Dual sum(String gate, Dual[] x, Dual[] h, int unit) {
            return input(gate, x, unit).plus(recurrent(gate, h, unit));
        }

        /** The next state of a unit; its cell is c[unit], where it has one. */
        private Dual next(int example, int step, Dual[] x, Dual[] h, Dual[] c, int j) {
            if (layer.cell() instanceof LeakyCell leaky) {
                int tau = leaky.timeConstants()
                        .get(j / (UNITS / leaky.timeConstants().size()));
                double alpha = leaky.update() == LeakyCell.Update.MOVING_AVERAGE ? 1.0 / tau : step % tau == 0 ? 1 : 0;
                Dual a = sum("", x, h, j);
                Dual target =
                        switch (leaky.activation()) {
                            case TANH -> a.tanh();
                            case RELU -> a.relu();
                            case SIGMOID -> a.sigmoid();
                            default -> throw new IllegalArgumentException();
                        };
                return target.times(alpha).plus(h[j].times(1 - alpha));
            }
            if (layer.cell() instanceof StochasticCell) {
                return drawn(example, step, sum("", x, h, j), j);
            }
            if (layer.cell() instanceof GruCell) {
                Dual r = sum("reset.", x, h, j).sigmoid();
                Dual z = sum("update.", x, h, j).sigmoid();
                Dual q = recurrent("candidate.", h, j).plus(parameter("layer0.candidate.recurrent-biases", 0, j));
                Dual n = input("candidate.", x, j).plus(r.times(q)).tanh();
                return z.rest().times(n).plus(z.times(h[j]));
            }
            Dual i = sum("input.", x, h, j).sigmoid();
            Dual f = sum("forget.", x, h, j).sigmoid();
            Dual o = sum("output.", x, h, j).sigmoid();
            Dual n = sum("candidate.", x, h, j).tanh();
            c[j] = f.times(c[j]).plus(i.times(n));
            return o.times(c[j].tanh());
        }

        /** The state that was drawn, and as a function of its logit what the estimator takes it for. */
        private Dual drawn(int example, int step, Dual a, int j) {
            StochasticCell cell = (StochasticCell) layer.cell();
            float sample = states.get(example, step * UNITS + j);
            Dual slope;
            if (cell.estimator() instanceof StraightThrough through) {
                Dual p = a.sigmoid();
                slope = through.derivative() == StraightThrough.Derivative.SIGMOID ? p.times(p.rest()) : constant(1);
            } else if (cell.law() instanceof NoisyRectifier) {
                slope = constant(sample > 0 ? 1 : 0);
            } else {
                double ratio = ((StochasticTimesSmooth) cell.law()).ratio();
                slope = a.sigmoid().rest().times((1 - ratio) * sample);
            }
            return constant(sample).plus(a.minus(a.detached()).times(slope.detached()));
        }

        /** u as it was, and straight through as a function of its logit. */
        private Dual opened(int example, int step, Dual[] x, Dual[] h) {
            SkipGate gate = layer.skip().orElseThrow();
            double slope = gate.slope().from();
            Dual g = dot(x, "layer0.skip.weights")
                    .plus(dot(h, "layer0.skip.recurrent-weights"))
                    .plus(parameter("layer0.skip.biases", 0, 0));
            Dual p = g.times(slope).sigmoid();
            Dual rise =
                    g.minus(g.detached()).times(p.times(p.rest()).detached()).times(slope);
            return constant(open.get(example, step)).plus(rise);
        }

        /** The loss of an example with cross-entropy. */
        Dual loss(int example, float[] features, int label) {
            int steps = STEPS;
            while (layer.padded()
                    && steps > 0
                    && features[steps * FEATURES - 1] == 0
                    && features[steps * FEATURES - 2] == 0) {
                steps--;
            }
            boolean all = layer.output() == RecurrentLayer.Output.ALL;
            Dual[] shown = new Dual[all ? STEPS * UNITS : UNITS];
            Arrays.fill(shown, constant(0));
            Dual[] h = new Dual[UNITS];
            Arrays.fill(h, constant(0));
            Dual[] c = h.clone();
            Dual total = constant(0);
            for (int t = 0; t < steps; t++) {
                if (layer.truncation() > 0 && t % layer.truncation() == 0) {
                    h = Arrays.stream(h).map(Dual::detached).toArray(Dual[]::new);
                    c = Arrays.stream(c).map(Dual::detached).toArray(Dual[]::new);
                }
                Dual[] x = {constant(features[t * FEATURES]), constant(features[t * FEATURES + 1])};
                Dual[] next = new Dual[UNITS];
                for (int j = 0; j < UNITS; j++) {
                    next[j] = next(example, t, x, h, c, j);
                }
                if (open != null) {
                    Dual u = opened(example, t, x, h);
                    for (int j = 0; j < UNITS; j++) {
                        next[j] = u.times(next[j]).plus(u.rest().times(h[j]));
                    }
                    total = total.plus(u.minus(u.detached())
                            .times(layer.skip().orElseThrow().cost() / STEPS));
                }
                h = next;
                System.arraycopy(h, 0, shown, all ? t * UNITS : 0, UNITS);
            }
            Dual odds = constant(0);
            Dual[] logits = new Dual[CLASSES];
            for (int k = 0; k < CLASSES; k++) {
                logits[k] = product(shown, "layer1.weights", k).plus(parameter("layer1.biases", 0, k));
                odds = odds.plus(logits[k].exp());
            }
            return total.plus(odds.log()).minus(logits[label]);
        }

        /** The mean loss of a batch, and then its gradient. */
        double[] lossAndGradient(float[][] features, int[] labels) {
            Dual sum = constant(0);
            for (int i = 0; i < features.length; i++) {
                sum = sum.plus(loss(i, features[i], labels[i]));
            }
            double[] all = new double[1 + count];
            all[0] = sum.value() / features.length;
            double[] gradient = sum.derivatives();
            for (int i = 0; i < count; i++) {
                all[1 + i] = gradient[i] / features.length;
            }
            return all;
        }
    }

    /** Sequences of which the i-th has i mod 6 steps that are not zero. */
    private static float[][] sequences(boolean padded) {
        Random random = new Random(4);
        float[][] features = new float[BATCH][WIDTH];
        for (int i = 0; i < BATCH; i++) {
            for (int k = 0; k < (padded ? i % (STEPS + 1) * FEATURES : WIDTH); k++) {
                features[i][k] = (float) random.nextGaussian();
            }
        }
        return features;
    }

    private static Examples examples(float[][] features, int[] labels) {
        float[] all = new float[features.length * WIDTH];
        long[] ids = new long[features.length];
        for (int i = 0; i < features.length; i++) {
            System.arraycopy(features[i], 0, all, i * WIDTH, WIDTH);
            ids[i] = i;
        }
        return Examples.ofFloats(WIDTH, CLASSES, ids, labels, all);
    }

    private static Network network(String keys) {
        return Networks.of(WIDTH, "{ steps = 5, units = 4, " + keys + " }", OUTPUT);
    }

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
        double[] exact = new Equations(network, state, open, states, null).lossAndGradient(features, labels);
        double[] bounds = Rounding.conditioning(
                exact, random -> new Equations(network, state, open, states, random).lossAndGradient(features, labels));
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

    /** What an update costs is paid once an example, however many samples of it come up. */
    @ParameterizedTest
    @ValueSource(strings = {"straight-through", "{ type = rloo, samples = 4 }"})
    void anUpdateCostsTheSameAboveSeveralSamples(String below) {
        double[] slopes = new double[2];
        for (int cost = 0; cost < 2; cost++) {
            Network network = Networks.of(
                    4,
                    "{ type = stochastic, units = 10, estimator = " + below + " }",
                    "{ type = recurrent, steps = 5, units = 4, skip { initial-bias = 0.4, cost = " + 3 * cost + " } }",
                    OUTPUT);
            State state = new State(network.layout());
            network.initialise(state, 5);
            GradientSink gradient = new GradientSink(network.layout());
            Pass pass = network.bind(state, gradient, BACKEND, BATCH);
            pass.load(Networks.random(BATCH, 4, CLASSES, 8), Networks.places(BATCH), BATCH);
            pass.context().setNoise(Mode.TRAIN, 1, 0, 0);
            pass.forward();
            pass.backward();
            pass.accumulate();
            slopes[cost] = gradient.target(network.layout().segment("layer1.skip.biases"))
                    .get(0);
        }
        // w and r begin at 0: every gate has the same probability
        double p = 1 / (1 + Math.exp(-0.4));
        assertEquals(3 * p * (1 - p), slopes[1] - slopes[0], Rounding.of(4 * BATCH * STEPS, 4));
    }

    /** What a sequence comes out as is a function of it alone: not of its place, nor of how long the others are. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "type = gru | MEANS",
                "type = gru, padded = true | MEANS",
                "type = lstm, padded = true | MEANS",
                "type = recurrent, padded = true | MEANS",
                "type = gru, padded = true, skip {} | MEANS",
                "type = gru, padded = true, skip {} | THRESHOLDS",
                "type = recurrent, skip { initial-bias = 0 } | SAMPLES",
                "type = recurrent, law = bernoulli, padded = true | SAMPLES",
                "type = recurrent, law = stochastic-times-smooth, padded = true | MEANS"
            })
    void anExampleHasTheSameBitsInAnyBatch(String keys, Mode mode) {
        Network network = network(keys);
        State state = Networks.state(network, 3, 0.7);
        Examples examples = examples(sequences(true), new int[BATCH]);
        EvaluationSpec spec = new EvaluationSpec(mode, 1);
        Matrix together = new Evaluator(network, state, spec, BACKEND, BATCH, 1).predict(examples, 0, BATCH);
        for (int i = 0; i < BATCH; i++) {
            Matrix alone = new Evaluator(network, state, spec, BACKEND, BATCH, 1).predict(examples, i, 1);
            for (int k = 0; k < CLASSES; k++) {
                assertEquals(together.get(i, k), alone.get(0, k), "example " + i);
            }
        }
    }

    /** Steps of zeros at the end are none, and steps of zeros between others are some. */
    @Test
    void paddingIsAtTheEndAlone() {
        Network network = network("type = gru, padded = true");
        State state = Networks.state(network, 3, 0.7);
        float[][] features = new float[3][WIDTH];
        features[0][0] = 1;
        features[1][WIDTH - 1] = 1e-30f;
        features[1][0] = 1;
        Pass pass = network.bind(state, null, BACKEND, 3);
        pass.load(examples(features, new int[3]), Networks.places(3), 3);
        pass.context().setNoise(Mode.MEANS, 1, 0, 0);
        pass.forward();
        Matrix states = pass.output(0);
        for (int j = 0; j < UNITS; j++) {
            assertNotEquals(states.get(0, j), states.get(1, j));
            assertEquals(0f, states.get(2, j), "no step at all");
        }
    }

    /** The gradient of the expected loss, by enumeration of all that two units may be in three steps. */
    private static double[] enumerated(Network network, State state, float[] x, int label) {
        int count = network.layout().parameters();
        Equations equations = new Equations(network, state, null, null, null);
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

    /** Counts the rows that are multiplied by matrices of so many columns. */
    private static final class CountingBlas implements Blas {
        private final Blas blas = BACKEND.blas();
        private final int columns;
        private long rows;

        CountingBlas(int columns) {
            this.columns = columns;
        }

        @Override
        public void gemm(
                boolean transposeA,
                boolean transposeB,
                int m,
                int n,
                int k,
                float alpha,
                Matrix a,
                Matrix b,
                float beta,
                Matrix c) {
            rows += n == columns ? m : 0;
            blas.gemm(transposeA, transposeB, m, n, k, alpha, a, b, beta, c);
        }

        @Override
        public void axpy(float alpha, Floats x, Floats y) {
            blas.axpy(alpha, x, y);
        }

        @Override
        public String name() {
            return "counting";
        }
    }

    /** In use states of closed gates are as they were, and what would have become of them is not computed. */
    @ParameterizedTest
    @ValueSource(strings = {"SAMPLES", "THRESHOLDS"})
    void closedGatesAreNotComputed(Mode mode) {
        Network network = network("type = gru, padded = true, output = all, skip { initial-bias = 0 }");
        State state = Networks.state(network, 3, 0.7);
        float[][] features = sequences(true);
        CountingBlas blas = new CountingBlas(UNITS);
        Pass pass = network.bind(state, null, BACKEND.with(blas), BATCH);
        pass.load(examples(features, new int[BATCH]), Networks.places(BATCH), BATCH);
        pass.context().setNoise(mode, 12, 3, 0);
        pass.forward();
        Matrix states = pass.output(0);
        Matrix gates = pass.gates(0);
        int open = 0;
        int closed = 0;
        for (int i = 0; i < BATCH; i++) {
            int length = i % (STEPS + 1);
            for (int t = 0; t < STEPS; t++) {
                boolean isOpen = gates.get(i, t) == 1f;
                open += isOpen ? 1 : 0;
                closed += !isOpen && t < length ? 1 : 0;
                assertTrue(isOpen || gates.get(i, t) == 0f, "open or closed");
                assertTrue(!isOpen || t < length, "no step, no gate");
                for (int j = 0; j < UNITS && t < length; j++) {
                    float before = t == 0 ? 0f : states.get(i, (t - 1) * UNITS + j);
                    assertEquals(!isOpen, states.get(i, t * UNITS + j) == before, "sequence " + i + ", step " + t);
                }
            }
        }
        assertTrue(open > 3 && closed > 3, open + " open, " + closed + " closed");
        assertEquals(6L * open, blas.rows, "two products of three gates for each state that is updated");
    }

    /** With a frequency of its logit's logistic function, slope included. */
    @Test
    void gatesAreOpenAsOftenAsTheirLogitsSay() {
        Network network = network("type = recurrent, skip { slope = 2 }");
        State state = Networks.state(network, 3, 0);
        state.view("layer0.skip.biases").set(0, -0.4f);
        int many = 4000;
        long[] ids = new long[many];
        Arrays.setAll(ids, i -> i);
        Examples examples = Examples.ofFloats(WIDTH, CLASSES, ids, new int[many], new float[many * WIDTH]);
        Pass pass = network.bind(state, null, BACKEND, many);
        pass.load(examples, Networks.places(many), many);
        pass.context().setNoise(Mode.TRAIN, 5, 0, 0);
        pass.forward();
        double p = 1 / (1 + Math.exp(0.8));
        for (int t = 0; t < STEPS; t++) {
            double mean = 0;
            for (int i = 0; i < many; i++) {
                mean += pass.gates(0).get(i, t) / many;
            }
            // five standard deviations at each of five steps: wrong once in 300,000 seeds
            assertEquals(p, mean, 5 * Math.sqrt(p * (1 - p) / many), "step " + t);
        }
    }

    @Test
    void biasesOfForgetGatesStartAtOne() {
        Network lstm = network("type = lstm");
        State state = new State(lstm.layout());
        lstm.initialise(state, 1);
        for (String gate : new String[] {"input", "forget", "output", "candidate"}) {
            for (float bias : state.view("layer0." + gate + ".biases").toArray()) {
                assertEquals(gate.equals("forget") ? 1f : 0f, bias, gate);
            }
        }
        Network gru = network("type = gru, initial-bias = 2");
        state = new State(gru.layout());
        gru.initialise(state, 1);
        assertEquals(2f, state.view("layer0.update.biases").get(0));
        assertEquals(0f, state.view("layer0.reset.biases").get(0));
    }
}
