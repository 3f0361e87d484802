package org.coinflip.model.layer.recurrent;

import static org.coinflip.model.layer.recurrent.Sequences.BATCH;
import static org.coinflip.model.layer.recurrent.Sequences.CLASSES;
import static org.coinflip.model.layer.recurrent.Sequences.OUTPUT;
import static org.coinflip.model.layer.recurrent.Sequences.STEPS;
import static org.coinflip.model.layer.recurrent.Sequences.UNITS;
import static org.coinflip.model.layer.recurrent.Sequences.WIDTH;
import static org.coinflip.model.layer.recurrent.Sequences.examples;
import static org.coinflip.model.layer.recurrent.Sequences.network;
import static org.coinflip.model.layer.recurrent.Sequences.sequences;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.kernel.operation.Blas;
import org.coinflip.model.layer.Mode;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.network.Pass;
import org.coinflip.model.oracle.Networks;
import org.coinflip.model.oracle.Rounding;
import org.coinflip.model.training.GradientSink;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Gates that leave steps out: what an update costs, how often they are open, and that what is closed is not computed. */
@Tag("numerical")
class SkipGateTest {
    private static final Backend BACKEND = Backend.detect();

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
}
