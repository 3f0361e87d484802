package org.coinflip.model.estimator.relaxation;

import static org.coinflip.model.oracle.Enumeration.sigmoid;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.coinflip.model.oracle.Draw;
import org.coinflip.model.oracle.Toy;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The relaxed sample that is drawn again given the bit, and unbiasedness at any λ and η. */
@Tag("numerical")
@Tag("statistical")
class RebarTest {
    private static final double[] LOGITS = {-40, -6, -1.2, 0, 0.3, 2, 9, 40};
    private static final double[] UNIFORMS = {0x1p-24, 0.01, 0.3, 0.5, 0.77, 0.99, 1 - 0x1p-24};

    private interface Case {
        void check(boolean fires, double a, double p, double q, double v);
    }

    private static void each(Case check) {
        for (double a : LOGITS) {
            for (double v : UNIFORMS) {
                check.check(true, a, sigmoid(a), sigmoid(-a), v);
                check.check(false, a, sigmoid(a), sigmoid(-a), v);
            }
        }
    }

    @Test
    void conditionalSampleHasTheSignOfTheBit() {
        each((fires, a, p, q, v) -> {
            double z = RelaxedPair.conditional(fires, p, q, v);
            assertTrue(fires ? z > 0 : z < 0, "bit " + fires + ", logit " + a + ", v " + v + ": " + z);
        });
    }

    /** v is the distribution function of z given its sign, at z̃. */
    @Test
    void conditionalSampleHasTheConditionalLaw() {
        each((fires, a, p, q, v) -> {
            double z = RelaxedPair.conditional(fires, p, q, v);
            double below = fires ? (sigmoid(z - a) - q) / p : sigmoid(z - a) / q;
            if ((fires ? p : q) > 1e-4) {
                // σ(z − a) − q cancels: in double precision, of numbers of at most 1, over p or q
                assertEquals(v, below, 40 * 0x1p-53 / (fires ? p : q), "bit " + fires + ", logit " + a);
            }
        });
    }

    @Test
    void conditionalSlopeIsTheDerivative() {
        double step = 1e-5;
        each((fires, a, p, q, v) -> {
            double above = RelaxedPair.conditional(fires, sigmoid(a + step), sigmoid(-a - step), v);
            double below = RelaxedPair.conditional(fires, sigmoid(a - step), sigmoid(step - a), v);
            double slope = (above - below) / (2 * step);
            assertEquals(slope, RelaxedPair.conditionalSlope(fires, p, q, v), 1e-5, "bit " + fires + ", logit " + a);
        });
    }

    @ParameterizedTest
    @CsvSource({"0, 0.5, 1", "1.3, 0.1, 0.5", "-2, 2, 1.5", "0.6, 0.05, 3", "-1, 0.3, 0"})
    void isUnbiasedAtAnyTemperatureAndScale(double a, double temperature, double scale) {
        Toy toy = new Toy("{ type = rebar, temperature = " + temperature + ", scale = " + scale + " }", a, 0.45);
        Draw draw = toy.draw(1500, g -> g);
        assertTrue(draw.agrees(0, toy.exact()), draw.mean(0) + " ± " + draw.standardError(0) + ", " + toy.exact());
    }
}
