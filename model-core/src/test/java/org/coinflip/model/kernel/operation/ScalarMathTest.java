package org.coinflip.model.kernel.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.function.DoubleUnaryOperator;
import org.coinflip.model.oracle.Rounding;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("numerical")
class ScalarMathTest {
    /** Three units in the last place of the result, or of 1 where the result is small against 1; what other tests count a function for. */
    private static final double ULPS = Rounding.FUNCTION * Rounding.UNIT;

    private interface Kernel {
        float of(float x);
    }

    private static void agree(Kernel kernel, DoubleUnaryOperator exact, double from, double to, double least) {
        for (int i = 0; i <= 20000; i++) {
            float x = (float) (from + (to - from) * i / 20000);
            double expected = exact.applyAsDouble(x);
            assertEquals(expected, kernel.of(x), ULPS * Math.max(least, Math.abs(expected)), "at " + x);
        }
    }

    @Test
    void expIsAccurateRelatively() {
        agree(ScalarMath::exp, Math::exp, -87, 88, 0);
    }

    @Test
    void logIsAccurateFromTheLeastUniformNumberToLargeOnes() {
        agree(ScalarMath::log, Math::log, 0x1p-24, 1, 1e-3);
        agree(ScalarMath::log, Math::log, 1, 4, 1e-3);
        agree(ScalarMath::log, Math::log, 4, 1e8, 1);
        agree(x -> ScalarMath.log((float) Math.exp(x)), x -> Math.log((float) Math.exp(x)), -60, 60, 1);
    }

    @Test
    void sigmoidTanhAndSoftplusAreAccurateToTheScaleOfOne() {
        agree(ScalarMath::sigmoid, x -> 1 / (1 + Math.exp(-x)), -80, 80, 0);
        agree(ScalarMath::tanh, Math::tanh, -20, 20, 1);
        agree(ScalarMath::softplus, x -> Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))), -30, 30, 1);
    }

    @Test
    void normalIsBoxAndMullers() {
        for (int i = 1; i < 200; i++) {
            for (int j = 1; j < 200; j++) {
                float u = i / 200f;
                float v = j / 200f;
                // of the radius: log's error halved by the root, the root; the sine and the two products
                double radius = Math.sqrt(-2 * Math.log(u));
                double expected = radius * Math.cos(2 * Math.PI * v);
                double off = Rounding.of(Rounding.FUNCTION / 2 + 1 + Rounding.FUNCTION + 2, radius);
                assertEquals(expected, ScalarMath.normal(u, v), off, u + ", " + v);
            }
        }
    }

    @Test
    void logisticIsTheInverseOfSigmoid() {
        agree(u -> ScalarMath.logistic(u), u -> Math.log(u / (1 - u)), 0x1p-23, 1 - 0x1p-23, 1);
    }
}
