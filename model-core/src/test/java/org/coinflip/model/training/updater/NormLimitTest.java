package org.coinflip.model.training.updater;

import static org.coinflip.model.training.updater.GivenGradients.COLUMNS;
import static org.coinflip.model.training.updater.GivenGradients.ROWS;
import static org.coinflip.model.training.updater.GivenGradients.gradient;
import static org.coinflip.model.training.updater.GivenGradients.state;
import static org.coinflip.model.training.updater.GivenGradients.step;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.stream.Stream;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.kernel.operation.Updating;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.State;
import org.coinflip.model.oracle.Rounding;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Gradients that are clipped to a norm, columns of weights that are scaled to one, and the norms themselves. */
@Tag("numerical")
class NormLimitTest {
    static Stream<UpdaterSpec> withAdamW() {
        return Stream.concat(
                UpdaterTest.all(), Stream.of(new UpdaterSpec(UpdaterSpec.Kind.AdamW, 0.01, 0, 0.9, 0.999, 1e-8)));
    }

    /** A clipped step on g is a step on c g / ‖g‖; a gradient within the limit is left alone. */
    @ParameterizedTest
    @MethodSource("withAdamW")
    void clippingScalesTheGradientToItsNorm(UpdaterSpec spec) {
        State plain = state(spec);
        State clipped = state(spec);
        int parameters = plain.layout().parameters();
        Random random = new Random(5);
        double norm = 1;
        Updater without = spec.bind(plain, Backend.detect(), Schedule.CONSTANT, 0, 0f, 0);
        Updater with = spec.bind(clipped, Backend.detect(), Schedule.CONSTANT, 0, 0f, norm);
        for (int step = 0; step < 5; step++) {
            float[] gradient = gradient(random, parameters);
            double square = 0;
            for (float g : gradient) {
                square += (double) g * g;
            }
            double factor = Math.min(1, norm / Math.sqrt(square)) * (step == 3 ? 0.5 : 1);
            float[] scaled = new float[parameters];
            for (int i = 0; i < parameters; i++) {
                scaled[i] = (float) (gradient[i] * factor);
                gradient[i] *= step == 3 ? (float) (0.5 * norm / Math.sqrt(square)) : 1;
            }
            assertTrue(step == 3 || square > norm, "a gradient of the test is to be clipped");
            step(without, plain, scaled, new Progress(7, 3).at(step));
            step(with, clipped, gradient, new Progress(7, 3).at(step));
            for (int i = 0; i < parameters; i++) {
                double want = plain.values().get(i);
                // as many roundings of both; the first gradient of Adam enters as g / |g|, whatever its size
                assertEquals(want, clipped.values().get(i), 2 * Rounding.of(16 * (step + 1), 1 + Math.abs(want)));
            }
        }
    }

    @Test
    void squaredNormsAreSums() {
        Floats vector = Floats.of(gradient(new Random(7), 203));
        double sum = 0;
        for (float v : vector.toArray()) {
            sum += (double) v * v;
        }
        // squares of floats are exact in double: the order of 203 additions is all that differs
        double bound = 203 * Math.ulp(sum);
        assertEquals(sum, Backend.detect().updating().squaredNorm(vector, new double[Updating.SUMS]), bound);
        assertEquals(
                sum - square(vector.get(0)),
                Backend.detect().updating().squaredNorm(vector.view(1, 202), new double[Updating.SUMS]),
                bound);
    }

    private static double square(double x) {
        return x * x;
    }

    @Test
    void columnsAboveTheLimitAreScaledToIt() {
        State state = state(UpdaterSpec.sgd(1));
        float[] before = state.values().toArray();
        Backend.detect().updating().limitColumnNorms(state.matrix("layer0.weights"), 2f, Floats.allocate(COLUMNS));
        for (int j = 0; j < COLUMNS; j++) {
            double square = 0;
            for (int i = 0; i < ROWS; i++) {
                square += Math.pow(before[i * COLUMNS + j], 2);
            }
            double factor = Math.min(1, 2 / Math.sqrt(square));
            for (int i = 0; i < ROWS; i++) {
                int at = i * COLUMNS + j;
                // half the squares' rounding, a root, a quotient and a product
                double bound = Rounding.of(ROWS / 2 + 4, before[at] * factor);
                assertEquals(before[at] * factor, state.values().get(at), bound);
            }
        }
    }
}
