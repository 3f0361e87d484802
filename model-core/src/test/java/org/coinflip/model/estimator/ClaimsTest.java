package org.coinflip.model.estimator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Stream;
import org.coinflip.model.estimator.registry.Estimators;
import org.coinflip.model.oracle.Networks;
import org.coinflip.model.oracle.Toy;
import org.coinflip.model.unit.Annealed;
import org.coinflip.model.unit.Bernoulli;
import org.coinflip.model.unit.Concrete;
import org.coinflip.model.unit.StochasticTimesSmooth;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What estimators claim; the study of estimators holds the claims on bias to enumeration. */
@Tag("numerical")
@Tag("statistical")
class ClaimsTest {
    static Stream<String> configurations() {
        return Stream.concat(
                Estimators.names().stream(),
                Stream.of(
                        "{ type = reinforce, baseline = none }",
                        "{ type = reinforce, baseline = none, scale = 0.5 }",
                        "{ type = rloo, samples = 2 }",
                        "{ type = rloo, samples = 5 }",
                        "{ type = arms, samples = 2 }",
                        "{ type = spsa, size = 0.1 }",
                        "{ type = straight-through, derivative = sigmoid }",
                        "{ type = straight-through, derivative = clipped }",
                        "{ type = straight-through, derivative = hard-sigmoid }",
                        "{ type = surrogate, shape = arctan, scale = 2 }"));
    }

    static Stream<String> withClosedForm() {
        return configurations()
                .filter(estimator ->
                        Networks.estimator(estimator).claims().variance().isPresent());
    }

    @ParameterizedTest
    @MethodSource("configurations")
    void areWhole(String estimator) {
        Claims claims = Networks.estimator(estimator).claims();
        assertFalse(claims.formula().isBlank());
        assertFalse(claims.use().isBlank());
        assertFalse(claims.source().isBlank());
        assertTrue(claims.cost().evaluations(3) >= 1);
    }

    /** For (b − 0.2)²; the mean of (g − E g)² over 16,000 rows errs with a probability of 7e-6 a comparison. */
    @ParameterizedTest
    @MethodSource("withClosedForm")
    void claimedVarianceIsThatOfTheEstimates(String estimator) {
        for (double a : new double[] {-2.5, 0, 0.7}) {
            double t = 0.2;
            OneUnit unit = new OneUnit(a, h -> (h - t) * (h - t), h -> 2 * (h - t));
            double claimed =
                    Networks.estimator(estimator).claims().varianceOf(unit).orElseThrow();
            Toy toy = new Toy(estimator, a, t);
            double mean = toy.draw(250, g -> g).mean(0);
            // The mean that was found takes one row's worth from the variance of 16,000.
            toy.draw(250, g -> (g - mean) * (g - mean)).assertAgrees(new double[] {claimed}, estimator + " at " + a);
        }
    }

    @Test
    void biasIsAClaimOnALawAndADegree() {
        Bernoulli bits = new Bernoulli();
        assertTrue(Bias.NONE.isNone(bits, Bias.ANY_DEGREE));
        assertTrue(Bias.BEYOND_QUADRATIC.isNone(bits, 2));
        assertFalse(Bias.BEYOND_QUADRATIC.isNone(bits, 3));
        assertTrue(Bias.BEYOND_LINEAR.isNone(bits, 1));
        assertFalse(Bias.BEYOND_LINEAR.isNone(bits, 2));
        assertTrue(Bias.BY_LAW.isNone(new Concrete(Annealed.constant(1)), Bias.ANY_DEGREE));
        assertFalse(Bias.BY_LAW.isNone(new StochasticTimesSmooth(0.5), 1));
        assertFalse(Bias.PRESENT.isNone(bits, 1));
        assertFalse(Bias.UP_TO_A_FACTOR.isNone(bits, 1));
        assertTrue(Bias.OF_THE_BOUND.isNone(bits, 2));
    }

    @Test
    void costIsAFormulaInTheWidth() {
        assertEquals("2^D + 1", Networks.estimator("exact").claims().cost().formula());
        assertEquals(9, Networks.estimator("exact").claims().cost().evaluations(3));
        assertEquals(
                "D + 1", Networks.estimator("local-expectation").claims().cost().formula());
        assertEquals(4, Networks.estimator("rloo").claims().cost().evaluations(200));
        assertEquals(
                "3",
                Networks.estimator("{ type = rebar, learning-rate = 0 }")
                        .claims()
                        .cost()
                        .formula());
    }
}
