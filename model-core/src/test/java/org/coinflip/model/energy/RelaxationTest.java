package org.coinflip.model.energy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.Stream;
import org.coinflip.model.error.DivergenceException;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.kernel.operation.FiringRate;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.oracle.Rounding;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The relaxation in single precision, held against the network of double precision. */
@Tag("numerical")
class RelaxationTest {
    private static final int[] SIZES = {3, 5, 4, 2};

    /**
     * What rounding leaves of a force, the sum of a unit's state and of what at most 5 + 2 others and a bias send, of less than 2 in all. States are
     * off by that and by the residual, four times over: a step towards the fixed point leaves at most ¾ of the way with weights of this size.
     */
    private static final double RESIDUAL = Rounding.of(9 + Rounding.FUNCTION, 2);

    private static Relaxation relaxation(Nets net) {
        return relaxation(net, RelaxationOrder.SYNCHRONOUS, 0.5f);
    }

    private static Relaxation relaxation(Nets net, RelaxationOrder order, float step) {
        Matrix[] weights = new Matrix[2];
        Floats[] biases = new Floats[2];
        for (int l = 1; l < 3; l++) {
            weights[l - 1] = Matrix.dense(Floats.allocate(SIZES[l] * SIZES[l + 1]), SIZES[l], SIZES[l + 1]);
            biases[l - 1] = Floats.allocate(SIZES[l + 1]);
            for (int j = 0; j < SIZES[l + 1]; j++) {
                biases[l - 1].set(j, (float) net.biases[net.first(l + 1) + j]);
                for (int i = 0; i < SIZES[l]; i++) {
                    weights[l - 1].set(i, j, (float) net.weights[l][i][j]);
                }
            }
        }
        Matrix drive = Matrix.padded(1, SIZES[1]);
        for (int j = 0; j < SIZES[1]; j++) {
            double sum = net.biases[net.first(1) + j];
            for (int i = 0; i < SIZES[0]; i++) {
                sum += net.rho.rate(net.input[i]) * net.weights[0][i][j];
            }
            drive.set(0, j, (float) sum);
        }
        LayeredEnergy energy = new LayeredEnergy(net.rho, weights, biases);
        return new Relaxation(energy, drive, Matrix.padded(1, SIZES[3]), null, order, step, Backend.detect());
    }

    static Stream<Arguments> ratesAndOrders() {
        return Arrays.stream(FiringRate.values())
                .flatMap(rho -> Arrays.stream(RelaxationOrder.values()).map(order -> Arguments.of(rho, order)));
    }

    @ParameterizedTest
    @MethodSource("ratesAndOrders")
    void settlesWhereTheDoubleNetworkDoesWithItsEnergy(FiringRate rho, RelaxationOrder order) {
        Nets net = new Nets(6, rho, SIZES);
        double[] expected = net.settle(0);
        Relaxation relaxation = relaxation(net, order, 0.5f);
        relaxation.start(1);
        double before = relaxation.energy(0);
        relaxation.settle(RESIDUAL, 500);
        double clamped = 0;
        for (int i = 0; i < SIZES[0]; i++) {
            clamped += net.input[i] * net.input[i] / 2 - net.biases[i] * rho.rate(net.input[i]);
        }
        assertEquals(
                net.network().energy(expected) - clamped, relaxation.energy(0), Rounding.of(3 * 5 + 5 * 4 + 4 * 2, 4));
        assertTrue(relaxation.energy(0) < before);
        for (int l = 1; l <= 3; l++) {
            for (int j = 0; j < SIZES[l]; j++) {
                assertEquals(
                        expected[net.first(l) + j], relaxation.states(l - 1).get(0, j), 4 * 2 * RESIDUAL);
            }
        }
    }

    /** With the others held, a layer of clipped rates goes to its minimum: no step goes up, but by rounding. */
    @Test
    void layersInTurnDescendAtEveryStep() {
        for (long seed = 1; seed <= 20; seed++) {
            Relaxation relaxation =
                    relaxation(new Nets(seed, FiringRate.HARD_SIGMOID, SIZES), RelaxationOrder.LAYERS, 1f);
            relaxation.start(1);
            double before = relaxation.energy(0);
            for (int step = 0; step < 10; step++) {
                relaxation.relax(1);
                double after = relaxation.energy(0);
                assertTrue(after <= before + Rounding.of(3 * 5 + 5 * 4 + 4 * 2, 4), "seed " + seed + ", step " + step);
                before = after;
            }
        }
    }

    /** Every unit takes one step an iteration in either order; counted over twenty networks. */
    @Test
    void layersInTurnSettleInAThirdOfTheIterations() {
        int atOnce = 0;
        int inTurn = 0;
        for (long seed = 1; seed <= 20; seed++) {
            Nets net = new Nets(seed, FiringRate.HARD_SIGMOID, SIZES);
            atOnce += iterations(relaxation(net, RelaxationOrder.SYNCHRONOUS, 0.5f));
            inTurn += iterations(relaxation(net, RelaxationOrder.LAYERS, 1f));
        }
        assertTrue(3 * inTurn <= atOnce, inTurn + " and " + atOnce);
    }

    private static int iterations(Relaxation relaxation) {
        relaxation.start(1);
        int taken = 0;
        while (relaxation.residual() > 1e-3 && taken < 1000) {
            relaxation.relax(1);
            taken++;
        }
        return taken;
    }

    /** Under a nudge of the outputs the fixed point is that of the synchronous steps. */
    @ParameterizedTest
    @EnumSource(FiringRate.class)
    void layersInTurnEndUnderANudgeWhereAllAtOnceDo(FiringRate rho) {
        Nets net = new Nets(8, rho, SIZES);
        Matrix targets = Matrix.padded(1, SIZES[3]);
        targets.set(0, 0, 1);
        Relaxation one = relaxation(net, RelaxationOrder.SYNCHRONOUS, 0.5f);
        Relaxation other = relaxation(net, RelaxationOrder.LAYERS, 1f);
        one.start(1);
        other.start(1);
        one.nudge(400, 0.5f, targets);
        other.nudge(200, 0.5f, targets);
        for (int l = 0; l < 3; l++) {
            for (int j = 0; j < SIZES[l + 1]; j++) {
                assertEquals(one.states(l).get(0, j), other.states(l).get(0, j), 2 * 4 * 2 * RESIDUAL);
            }
        }
    }

    @Test
    void refusesToGoOnForEver() {
        Relaxation relaxation = relaxation(new Nets(6, FiringRate.TANH, SIZES));
        relaxation.start(1);
        String message = assertThrows(DivergenceException.class, () -> relaxation.settle(1e-6, 2))
                .getMessage();
        assertTrue(message.contains(" after 2 steps, expected at most 1.00e-06: take more steps"), message);
    }
}
