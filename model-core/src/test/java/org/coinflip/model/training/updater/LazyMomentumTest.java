package org.coinflip.model.training.updater;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.kernel.operation.Gating;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.network.Network;
import org.coinflip.model.oracle.Networks;
import org.coinflip.model.oracle.Rounding;
import org.coinflip.model.training.Learner;
import org.coinflip.model.training.LearnerTest;
import org.coinflip.model.training.TrainingSpec;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Steps that are taken when a unit is next used, against steps taken at once in double precision. */
@Tag("numerical")
class LazyMomentumTest {
    private static final int UNITS = 40;
    private static final int INPUTS = 19;
    private static final Gating KERNELS = Backend.detect().gating();

    private static Matrix dense() {
        return Matrix.dense(Floats.allocate(UNITS * INPUTS), UNITS, INPUTS);
    }

    /** Units of growing rarity, some of which wait longer than the most that may be owed; rates change from step to step. */
    @ParameterizedTest
    @CsvSource({"0, 40", "0.5, 100", "0.9, 700", "0.99, 1100"})
    void stepsAreThoseTakenAtOnce(double momentum, int steps) {
        Matrix weights = dense();
        Matrix velocity = dense();
        LazyMomentum lazy = new LazyMomentum(weights, velocity, momentum, 0f, KERNELS);
        double[][] w = new double[UNITS][INPUTS];
        double[][] v = new double[UNITS][INPUTS];
        Random random = new Random(1);
        Matrix gates = Matrix.padded(1, UNITS);
        int[] open = new int[Gating.marks(1, UNITS)];
        // what w and v may be off by so far: three roundings a step, fewer where steps are owed, and what they were off
        // by before
        double[][] ofW = new double[UNITS][INPUTS];
        double[][] ofV = new double[UNITS][INPUTS];
        double moved = 0;
        for (int step = 0; step < steps; step++) {
            double rate = 0.1 / (1 + step % 7);
            for (int j = 0; j < UNITS; j++) {
                gates.set(0, j, random.nextInt(1 + j * j) == 0 ? 1f : 0f);
            }
            KERNELS.mark(gates, 1, open);
            lazy.use(open, 1);
            for (int j = 0; j < UNITS; j++) {
                for (int k = 0; k < INPUTS; k++) {
                    v[j][k] *= momentum;
                    if (gates.get(0, j) != 0f) {
                        assertEquals(w[j][k], weights.get(j, k), ofW[j][k], "step " + step);
                        float g = (float) random.nextGaussian();
                        v[j][k] += g;
                        velocity.set(j, k, velocity.get(j, k) + g);
                    }
                    w[j][k] -= rate * v[j][k];
                    ofV[j][k] = momentum * ofV[j][k] + Rounding.of(3, v[j][k]);
                    ofW[j][k] += rate * ofV[j][k] + Rounding.of(3, Math.abs(w[j][k]) + Math.abs(rate * v[j][k]));
                    moved += Math.abs(rate * v[j][k]);
                }
            }
            lazy.step(rate);
        }
        lazy.use(null, 0);
        for (int j = 0; j < UNITS; j++) {
            for (int k = 0; k < INPUTS; k++) {
                assertEquals(w[j][k], weights.get(j, k), ofW[j][k]);
                // below 10⁻¹⁰ a velocity is made 0
                assertEquals(momentum * v[j][k], velocity.get(j, k), ofV[j][k] + 1e-8);
            }
        }
        assertTrue(moved > 10, "weights that hardly move prove nothing: " + moved);
    }

    /** The limit on norms is active, and every expert is open for some example of a batch, so that none owes more than a step. */
    @ParameterizedTest
    @CsvSource({"30, 1, 0, 0.05", "30, 1, 1.5, 1", "6, 5, 0, 0.05", "6, 5, 1.5, 1"})
    void sparseTrainingIsDenseTraining(int experts, int units, String norm, String density) {
        String shape = "experts = " + experts + ", units = " + units;
        float[] dense = trained(shape, "dense", norm, density);
        float[] sparse = trained(shape, "sparse", norm, density);
        double distance = 0;
        double size = 0;
        for (int i = 0; i < dense.length; i++) {
            distance += Math.pow(dense[i] - sparse[i], 2);
            size += Math.pow(dense[i], 2);
        }
        // 40 steps of two ways, each with gradients of a batch of 4
        double part = 2 * Rounding.gamma(40 * Rounding.gradient(4, 6, 30, 3));
        assertTrue(Math.sqrt(distance) <= part * Math.sqrt(size), Math.sqrt(distance / size) + " of the norm");
    }

    private static float[] trained(String shape, String compute, String mostNorm, String density) {
        double bias = density.equals("1") ? 100 : Math.log(0.05 / 0.95);
        Network network = Networks.of(
                6,
                "{ type = gated-experts, " + shape + ", compute = " + compute
                        + ", gate { law = stochastic-times-smooth, initial-scale = 0.01, learning-rate-scale = 0,"
                        + " initial-bias = " + bias + " } }",
                "{ type = output, units = 3 }");
        TrainingSpec spec = LearnerTest.training("batch = 4, max-column-norm = " + mostNorm
                + ", updater { type = Momentum, learning-rate = 0.3 }, schedule { type = linear }");
        Learner learner = new Learner(network, spec, Backend.detect(), 1);
        network.initialise(learner.state(), 1);
        float[] before = learner.state().parameters().toArray();
        Progress progress = new Progress(40, 1);
        for (int step = 0; step < 40; step++) {
            learner.step(Networks.random(4, 6, 3, step), Networks.places(4), 4, progress.at(step));
        }
        float[] after = learner.state().parameters().toArray();
        int first = learner.state().layout().segment("layer1.weights").offset();
        assertTrue(Math.abs(after[first] - before[first]) > 1e-3, "nothing was learnt");
        return after;
    }
}
