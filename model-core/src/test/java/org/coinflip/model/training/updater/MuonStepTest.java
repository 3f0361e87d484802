package org.coinflip.model.training.updater;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.memory.Layout;
import org.coinflip.model.memory.LayoutBuilder;
import org.coinflip.model.memory.Segment;
import org.coinflip.model.memory.State;
import org.coinflip.model.oracle.Rounding;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Muon against its spectrum: of gradients {@code G = P diag(s) Qᵀ} with the same P and Q the orthogonalised step is {@code P diag(φ⁵(u / ‖u‖)) Qᵀ}, u what momentum
 * makes of the singular values s, and {@code φ(x) = 3.4445 x − 4.7750 x³ + 2.0315 x⁵} of numbers.
 */
@Tag("numerical")
class MuonStepTest {
    private static final double MOMENTUM = 0.95;
    private static final double RATE = 0.02;
    private static final double DECAY = 0.1;

    /** Five times: its slope is at most 3.4445, so an error in X is at most so many times as large after them. */
    private static final double GROWTH = Math.pow(3.4445, 5);

    @ParameterizedTest
    @CsvSource({
        "WEIGHTS, 7, 12",
        "WEIGHTS, 12, 7",
        "WEIGHTS, 9, 9",
        "WEIGHTS_BY_UNIT, 7, 12",
        "BIASES, 1, 8",
        "WEIGHTS, 8, 1"
    })
    void takesTheStepOfItsSpectrum(Segment.Role role, int rows, int columns) {
        Layout layout = new LayoutBuilder()
                .add("layer0.weights", role, rows, columns, 1)
                .build()
                .withUpdaterMemory(1);
        Random random = new Random(1);
        State state = new State(layout);
        int rank = Math.min(rows, columns);
        double[][] p = orthonormal(rows, rank, random);
        double[][] q = orthonormal(columns, rank, random);
        double[] velocity = new double[rank];
        double[] expected = new double[rows * columns];
        for (int i = 0; i < expected.length; i++) {
            state.values().set(i, (float) random.nextGaussian());
            expected[i] = state.values().get(i);
        }
        UpdaterSpec spec = new UpdaterSpec(UpdaterSpec.Kind.Muon, RATE, MOMENTUM, 0, 0, 0);
        Updater updater = spec.bind(state, Backend.detect(), Schedule.CONSTANT, DECAY, 0f, 0);
        int outputs = role == Segment.Role.WEIGHTS_BY_UNIT ? rows : columns;
        int inputs = role == Segment.Role.WEIGHTS_BY_UNIT ? columns : rows;
        double scale = Math.sqrt(Math.max(1, (double) outputs / inputs));
        double bound = 0;
        for (int step = 0; step < 3; step++) {
            double[] values = new double[rank];
            double[] step1 = new double[rank];
            double norm = 0;
            for (int k = 0; k < rank; k++) {
                values[k] = Math.abs(random.nextGaussian()) + 0.05;
                velocity[k] = MOMENTUM * velocity[k] + values[k];
                step1[k] = values[k] + MOMENTUM * velocity[k];
                norm += step1[k] * step1[k];
            }
            updater.begin(new Progress(7, 3).at(step));
            double[] gradient = product(p, values, q);
            for (int i = 0; i < gradient.length; i++) {
                updater.target().set(i, (float) gradient[i]);
            }
            updater.finish();
            for (int k = 0; k < rank; k++) {
                step1[k] /= Math.sqrt(norm);
                for (int i = 0; i < 5 && rank > 1; i++) {
                    double x = step1[k];
                    step1[k] = 3.4445 * x - 4.7750 * x * x * x + 2.0315 * x * x * x * x * x;
                }
            }
            double[] taken = product(p, step1, q);
            double kept = role == Segment.Role.BIASES ? 1 : 1 - RATE * DECAY;
            // each of the products sums at most 12 numbers, three of them an iteration, of matrices of norm at most 1.3
            bound = bound + Rounding.of(4, 4) + RATE * scale * GROWTH * Rounding.of(3 * 5 * 14, 1.3);
            for (int i = 0; i < expected.length; i++) {
                expected[i] = kept * expected[i] - RATE * scale * taken[i];
                assertEquals(expected[i], state.values().get(i), bound, "step " + step);
            }
        }
    }

    /** Each of a segment's matrices takes the step that it takes by itself. */
    @Test
    void matricesThatLieTogetherTakeTheirSteps() {
        int each = 4 * 6;
        float[][] ended = new float[3][];
        for (int which = -1; which < 2; which++) {
            LayoutBuilder builder = new LayoutBuilder();
            Layout layout = (which < 0
                            ? builder.add("layer0.weights", Segment.Role.WEIGHTS, 8, 6, 1, 2)
                            : builder.add("layer0.weights", Segment.Role.WEIGHTS, 4, 6, 1))
                    .build()
                    .withUpdaterMemory(1);
            State state = new State(layout);
            UpdaterSpec spec = new UpdaterSpec(UpdaterSpec.Kind.Muon, RATE, MOMENTUM, 0, 0, 0);
            Updater updater = spec.bind(state, Backend.detect(), Schedule.CONSTANT, 0, 0f, 0);
            Random random = new Random(5);
            float[] all = new float[2 * each];
            for (int i = 0; i < all.length; i++) {
                all[i] = (float) random.nextGaussian();
            }
            updater.begin(new Progress(7, 3).at(0));
            for (int i = 0; i < layout.parameters(); i++) {
                updater.target().set(i, all[Math.max(0, which) * each + i]);
            }
            updater.finish();
            ended[which + 1] = state.parameters().toArray();
        }
        for (int i = 0; i < each; i++) {
            assertEquals(ended[1][i], ended[0][i]);
            assertEquals(ended[2][i], ended[0][each + i]);
        }
    }

    /** Without a gradient nothing moves, whatever the velocity. */
    @Test
    void standsStillWhereNothingIsToBeLearnt() {
        Layout layout = new LayoutBuilder()
                .add("layer0.weights", Segment.Role.WEIGHTS, 4, 6, 1)
                .build()
                .withUpdaterMemory(1);
        State state = new State(layout);
        UpdaterSpec spec = new UpdaterSpec(UpdaterSpec.Kind.Muon, RATE, MOMENTUM, 0, 0, 0);
        Updater updater = spec.bind(state, Backend.detect(), Schedule.CONSTANT, 0, 0f, 0);
        updater.begin(new Progress(7, 3).at(0));
        updater.target().fill(0.5f);
        updater.finish();
        float[] moved = state.parameters().toArray();
        float velocity = state.view("updater0").get(0);
        updater.begin(new Progress(7, 3).at(1));
        updater.target().fill(0f);
        updater.finish();
        assertArrayEquals(moved, state.parameters().toArray());
        assertEquals((float) (MOMENTUM * velocity), state.view("updater0").get(0));
    }

    private static double[] product(double[][] p, double[] values, double[][] q) {
        double[] all = new double[p.length * q.length];
        for (int i = 0; i < p.length; i++) {
            for (int j = 0; j < q.length; j++) {
                for (int k = 0; k < values.length; k++) {
                    all[i * q.length + j] += p[i][k] * values[k] * q[j][k];
                }
            }
        }
        return all;
    }

    /** Columns that are orthonormal, by Gram and Schmidt. */
    private static double[][] orthonormal(int rows, int columns, Random random) {
        double[][] basis = new double[rows][columns];
        for (int k = 0; k < columns; k++) {
            double[] v = random.doubles(rows, -1, 1).toArray();
            for (int pass = 0; pass < 2; pass++) {
                for (int j = 0; j < k; j++) {
                    double along = 0;
                    for (int i = 0; i < rows; i++) {
                        along += v[i] * basis[i][j];
                    }
                    for (int i = 0; i < rows; i++) {
                        v[i] -= along * basis[i][j];
                    }
                }
            }
            double norm = 0;
            for (double each : v) {
                norm += each * each;
            }
            for (int i = 0; i < rows; i++) {
                basis[i][k] = v[i] / Math.sqrt(norm);
            }
        }
        return basis;
    }
}
