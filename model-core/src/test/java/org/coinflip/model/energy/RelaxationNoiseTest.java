package org.coinflip.model.energy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.kernel.operation.FiringRate;
import org.coinflip.model.layer.Mode;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.network.Pass;
import org.coinflip.model.oracle.Networks;
import org.coinflip.model.oracle.Rounding;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Noise of the relaxation: its law, what its numbers are a function of, and where it is. */
@Tag("numerical")
class RelaxationNoiseTest {
    private static final int ROWS = 64;
    private static final int UNITS = 100;
    private static final double DEVIATION = 0.04;

    /** Two layers that nothing connects, each of which receives ½. */
    private static Relaxation unconnected(RelaxationOrder order, float step) {
        Matrix drive = Matrix.padded(ROWS, UNITS);
        Floats biases = Floats.allocate(UNITS);
        for (int j = 0; j < UNITS; j++) {
            biases.set(j, 0.5f);
            for (int r = 0; r < ROWS; r++) {
                drive.set(r, j, 0.5f);
            }
        }
        Matrix[] weights = {Matrix.dense(Floats.allocate(UNITS * UNITS), UNITS, UNITS)};
        LayeredEnergy energy = new LayeredEnergy(FiringRate.HARD_SIGMOID, weights, new Floats[] {biases});
        return new Relaxation(energy, drive, Matrix.padded(ROWS, UNITS), null, order, step, Backend.detect());
    }

    private static FieldNoise noise(long[] ids) {
        FieldNoise noise = new FieldNoise(DEVIATION, 2, UNITS, Backend.detect().sampling());
        noise.begin(1, 0, 1, ids, ids.length, IntUnaryOperator.identity());
        return noise;
    }

    private static long[] ids(long first) {
        long[] ids = new long[ROWS];
        Arrays.setAll(ids, r -> first + r);
        return ids;
    }

    /**
     * A state is {@code s ← (1−ε) s + ε (½ + σ n)}: variance {@code σ² ε / (2−ε)} when many steps are taken, at a correlation of (1−ε)ᵗ with the state t
     * steps before, and of 0 with any other unit's. Of 6,400 numbers; each of the eleven assertions fails wrongly with a probability below 10⁻⁵ (4.5
     * standard errors), the seed is fixed. Clipping is 12 σ away.
     */
    @ParameterizedTest
    @CsvSource({"SYNCHRONOUS, 0.5", "LAYERS, 1"})
    void isAnAutoregressionOfIndependentNumbers(RelaxationOrder order, float step) {
        Relaxation relaxation = unconnected(order, step);
        relaxation.start(ROWS);
        relaxation.relax(100);
        relaxation.disturb(noise(ids(0)));
        relaxation.relax(50);
        double[] lower = deviations(relaxation, 0);
        double[] upper = deviations(relaxation, 1);
        relaxation.relax(1);
        double[] later = deviations(relaxation, 0);
        double n = lower.length;
        double variance = DEVIATION * DEVIATION * step / (2 - step);
        for (double[] layer : new double[][] {lower, upper}) {
            assertEquals(0, mean(layer, null), 4.5 * Math.sqrt(variance / n));
            assertEquals(variance, mean(layer, layer), 4.5 * variance * Math.sqrt(2 / n));
        }
        assertEquals(0, mean(lower, upper), 4.5 * variance / Math.sqrt(n));
        assertEquals((1 - step) * variance, mean(lower, later), 4.5 * variance * Math.sqrt(2 / n));
        double[] nextUnit = new double[lower.length];
        for (int i = 0; i < nextUnit.length; i++) {
            nextUnit[i] = lower[(i + 1) % nextUnit.length];
        }
        assertEquals(0, mean(lower, nextUnit), 4.5 * variance / Math.sqrt(n));
    }

    private static double[] deviations(Relaxation relaxation, int layer) {
        double[] all = new double[ROWS * UNITS];
        for (int i = 0; i < all.length; i++) {
            all[i] = relaxation.states(layer).get(i / UNITS, i % UNITS) - 0.5;
        }
        return all;
    }

    private static double mean(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += b == null ? a[i] : a[i] * b[i];
        }
        return sum / a.length;
    }

    @Test
    void isTheExamplesWhateverRowAndBatchItIsIn() {
        Relaxation whole = unconnected(RelaxationOrder.SYNCHRONOUS, 0.5f);
        whole.disturb(noise(ids(10)));
        whole.start(ROWS);
        whole.relax(3);
        Relaxation part = unconnected(RelaxationOrder.SYNCHRONOUS, 0.5f);
        part.disturb(noise(new long[] {12, 10, 40}));
        part.start(3);
        part.relax(2);
        part.relax(1);
        int[] rows = {2, 0, 30};
        for (int layer = 0; layer < 2; layer++) {
            for (int r = 0; r < 3; r++) {
                for (int j = 0; j < UNITS; j++) {
                    assertEquals(
                            whole.states(layer).get(rows[r], j),
                            part.states(layer).get(r, j));
                }
            }
        }
    }

    /** Steps beyond 2¹⁵, which one purpose has no more draws for. */
    @Test
    void neverRepeatsItself() {
        FieldNoise noise = noise(ids(0));
        Matrix first = Matrix.padded(1, UNITS);
        noise.add(0, 1, first);
        for (int t = 0; t < 1 << 15; t++) {
            noise.next();
        }
        Matrix later = Matrix.padded(1, UNITS);
        noise.add(0, 1, later);
        Matrix above = Matrix.padded(1, UNITS);
        noise.add(1, 1, above);
        for (int j = 0; j < UNITS; j++) {
            assertNotEquals(first.get(0, j), later.get(0, j));
            assertNotEquals(above.get(0, j), later.get(0, j));
        }
    }

    @Test
    void isInTheFreePhaseOfTrainingAlone() {
        String quiet = outputs("", Mode.TRAIN);
        assertEquals(quiet, outputs("", Mode.MEANS));
        assertEquals(quiet, outputs("noise { std = 0.04, phases = both }", Mode.MEANS));
        assertEquals(quiet, outputs("noise { std = 0.04, phases = nudged }", Mode.TRAIN));
        assertEquals(quiet, outputs("noise { std = 0, phases = both }", Mode.TRAIN));
        String noisy = outputs("noise { std = 0.04, phases = both }", Mode.TRAIN);
        assertNotEquals(quiet, noisy);
        assertEquals(noisy, outputs("noise { std = 0.04, phases = free }", Mode.TRAIN));
    }

    private static String outputs(String noise, Mode mode) {
        Pass pass = forward(noise, mode);
        StringBuilder all = new StringBuilder();
        for (int r = 0; r < 4; r++) {
            all.append(pass.output().get(r, 0))
                    .append(' ')
                    .append(pass.output().get(r, 1))
                    .append('\n');
        }
        return all.toString();
    }

    private static Pass forward(String keys, Mode mode) {
        Network network = Networks.of(3, "{ type = energy, hidden = [5], units = 2, " + keys + " }");
        State state = new State(network.layout());
        network.initialise(state, 1);
        Pass pass = network.bind(state, null, Backend.detect(), 4);
        pass.load(Networks.random(4, 3, 2, 1), Networks.places(4), 4);
        pass.context().setNoise(mode, 1, 0, 0);
        pass.forward();
        return pass;
    }

    /** Where the nudged phase is without noise, its 200 steps forget that of the free phase; otherwise its last step is felt. */
    @ParameterizedTest
    @CsvSource({"free, false", "nudged, true", "both, true"})
    void isInTheNudgedPhaseWhereItIsAskedFor(String phases, boolean felt) {
        double[] quiet = nudged("");
        double[] noisy = nudged("noise { std = 0.04, phases = " + phases + " }");
        double greatest = 0;
        for (int i = 0; i < quiet.length; i++) {
            greatest = Math.max(greatest, Math.abs(noisy[i] - quiet[i]));
        }
        if (felt) {
            // the greatest of 20 normal numbers of deviation 0.02, of which more than half are not at an end of [0, 1]
            assertTrue(greatest > 0.005, "moved by " + greatest);
        } else {
            assertEquals(0, greatest, Rounding.of(100, 1));
        }
    }

    private static double[] nudged(String noise) {
        Pass pass = forward("gradient { side = one, beta = 0.5, steps = 200 }, " + noise, Mode.TRAIN);
        pass.energyStage().backward(pass.context());
        double[] states = new double[20];
        for (int i = 0; i < states.length; i++) {
            states[i] = pass.energyStage().relaxation().states(0).get(i / 5, i % 5);
        }
        return states;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "noise { std = -1 } | noise.std: got -1, expected a number in [0, ∞)",
                "noise { std = 0.1 }, tolerance = 0.01 | tolerance: got 0.01, expected 0 beside noise in the free phase, which does not come to"
                        + " rest",
                "noise { std = 0.1 }, gradient.type = recurrent-back-propagation | noise: got"
                        + " {\"std\":0.1}, expected phases = free with recurrent-back-propagation: it takes no steps of the relaxation"
            })
    void refusesWhatCannotBe(String written, String expected) {
        String message = assertThrows(
                        UsageException.class,
                        () -> Networks.of(3, "{ type = energy, hidden = [5], units = 2, " + written + " }"))
                .getMessage();
        assertEquals("layers[0]." + expected, message);
    }
}
