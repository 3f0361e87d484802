package org.coinflip.model.unit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.Stream;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.noise.Draws;
import org.coinflip.model.oracle.Draw;
import org.coinflip.model.oracle.Outcomes;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Count laws against their probabilities in closed form, which {@link Outcomes} has by another route. */
@Tag("numerical")
class CountLawTest {
    private static final double[] LOGITS = {-6, -2, -0.3, 0, 0.9, 2.5, 4};

    static Stream<CountLaw> laws() {
        return Stream.of(
                new Poisson(),
                new Binomial(1),
                new Binomial(2),
                new Binomial(8),
                new Binomial(200),
                new NegativeBinomial(0.5),
                new NegativeBinomial(1),
                new NegativeBinomial(8));
    }

    private static double mean(List<Outcomes.Outcome> outcomes, DoubleBinaryOperator of) {
        double sum = 0;
        for (Outcomes.Outcome outcome : outcomes) {
            sum += of.applyAsDouble(outcome.probability(), outcome.sample()[0]);
        }
        return sum;
    }

    /** E[of(h)]. */
    private static double expected(CountLaw law, double a, java.util.function.DoubleUnaryOperator of) {
        return mean(Outcomes.of(law, new double[] {a}), (p, h) -> p * of.applyAsDouble(h));
    }

    /** P(h) is the length of the stretch of uniform numbers that give h: the ends are found by bisection. */
    @ParameterizedTest
    @MethodSource("laws")
    void everyCountHasItsProbabilityOfTheUniformNumbers(CountLaw law) {
        for (double a : LOGITS) {
            double below = 0;
            for (Outcomes.Outcome outcome : Outcomes.of(law, new double[] {a})) {
                double h = outcome.sample()[0];
                double least = below;
                double most = 1;
                for (int i = 0; i < 60; i++) {
                    double middle = (least + most) / 2;
                    if (law.draw(a, middle) > h) {
                        most = middle;
                    } else {
                        least = middle;
                    }
                }
                // Some hundred roundings in double precision of numbers up to 1.
                assertEquals(outcome.probability(), least - below, 1e-12, law + " at " + a + ", h = " + h);
                below = least;
            }
            assertEquals(1, below, 1e-12);
        }
    }

    @ParameterizedTest
    @MethodSource("laws")
    void meanVarianceAndScoreAreThoseOfTheProbabilities(CountLaw law) {
        for (double a : LOGITS) {
            double mean = law.mean(a);
            double variance = mean + law.curvature() * mean * mean;
            assertEquals(expected(law, a, h -> h), mean, 1e-11 * (1 + mean));
            assertEquals(expected(law, a, h -> (h - mean) * (h - mean)), variance, 1e-9 * (1 + variance));
            // ∂E[h]/∂a = E[h · score] = Var h ∂η/∂a
            double step = 1e-5;
            double slope = (law.mean(a + step) - law.mean(a - step)) / (2 * step);
            assertEquals(slope, variance * law.naturalSlope(a), 1e-6 * (1 + slope));
        }
    }

    /** E[w(h) f'(h)] = ∂E[f(h)]/∂a for f = h, h², h³ up to the degree, and not for the next one. */
    @ParameterizedTest
    @MethodSource("laws")
    void slopeWeightsAreExactForTheirDegreeAndNoFurther(CountLaw law) {
        for (double a : new double[] {-4, -1, 0, 0.7, 2}) {
            for (int degree = 1; degree <= 3; degree++) {
                if (!law.hasWeight(degree)) {
                    continue;
                }
                int by = degree;
                for (int d = 1; d <= degree + 1; d++) {
                    int power = d;
                    double weighed =
                            expected(law, a, h -> law.slopeWeight(by, a, h) * power * Math.pow(h, power - 1.0));
                    // ∂E[f]/∂a = E[f(h) score]
                    double mean = law.mean(a);
                    double exact = expected(law, a, h -> Math.pow(h, power) * (h - mean)) * law.naturalSlope(a);
                    double scale = 1 + expected(law, a, h -> Math.pow(h, power + 1.0));
                    if (d <= degree) {
                        assertEquals(exact, weighed, 1e-9 * scale, law + " at " + a + ", degree " + degree);
                    } else if (!(law instanceof Binomial binomial && (binomial.trials() < d || a == 0))) {
                        // not where all of the law's values, or its symmetry, make more of it exact
                        assertTrue(
                                Math.abs(exact - weighed) > 1e-10 * Math.abs(exact),
                                law + " at " + a + ": degree " + degree + " is exact for h to the " + d);
                    }
                }
            }
        }
    }

    /** As the papers write them. */
    @Test
    void slopeWeightsAreTheClosedForms() {
        for (double a : LOGITS) {
            double p = 1 / (1 + Math.exp(-a));
            double q = 1 - p;
            double lambda = Math.exp(a);
            for (int z = 0; z <= 8; z++) {
                assertEquals((z + lambda) / 2, new Poisson().slopeWeight(2, a, z), 1e-12 * (1 + lambda));
                double third = 5 * lambda / 12 + (8 * lambda + 1) * z / (12 * lambda) - z * z / (12 * lambda);
                assertEquals(third, new Poisson().slopeWeight(3, a, z), 1e-9 * (1 + lambda + z * z / lambda));
                double n = 8;
                assertEquals(n * p / 2 + (1 - 2 * p) * z / 2, new Binomial(8).slopeWeight(2, a, z), 1e-12 * n);
                double w = n * p * (5 - 6 * p) / (12 * q)
                        + ((1 - 2 * p) / 2 + (2 * n * p + 1 - 2 * p) / (12 * (n - 1) * p * q)) * z
                        - z * z / (12 * (n - 1) * p * q);
                assertEquals(w, new Binomial(8).slopeWeight(3, a, z), 1e-9 * (1 + n / (p * q)));
                assertEquals(
                        8 * p / 2 + (1 + p) * z / 2, new NegativeBinomial(8).slopeWeight(2, a, z), 1e-12 * (1 + z));
            }
        }
    }

    private static float[] sampled(CountLaw law, Backend backend, int draw) {
        int rows = 64;
        int width = 67;
        Matrix logits = Matrix.padded(rows, width);
        Floats biases = Floats.allocate(width);
        long[] ids = new long[rows];
        for (int r = 0; r < rows; r++) {
            ids[r] = r;
            for (int j = 0; j < width; j++) {
                logits.set(r, j, (float) LOGITS[(r + j) % LOGITS.length] / 2);
            }
        }
        Matrix probabilities = Matrix.padded(rows, width);
        Matrix samples = Matrix.padded(rows, width);
        Draws draws = new Draws(width).of(99, 0, 1, ids, rows, row -> row);
        law.sample(backend, 0, logits, biases, draws, draw, rows, probabilities, samples, null);
        float[] all = new float[rows * width];
        for (int i = 0; i < all.length; i++) {
            all[i] = samples.get(i / width, i % width);
            assertEquals(law.mean(logits.get(i / width, i % width)), probabilities.get(i / width, i % width), 1e-4);
        }
        return all;
    }

    /** A comparison errs with a probability of 7e-6. */
    @ParameterizedTest
    @MethodSource("laws")
    void samplesHaveTheMomentsOfTheLaw(CountLaw law) {
        Draw[] draws = new Draw[LOGITS.length];
        for (int i = 0; i < draws.length; i++) {
            draws[i] = new Draw(2);
        }
        for (int draw = 0; draw < 8; draw++) {
            float[] all = sampled(law, Backend.detect(), draw);
            for (int i = 0; i < all.length; i++) {
                draws[(i / 67 + i % 67) % LOGITS.length].add(new double[] {all[i], (double) all[i] * all[i]});
            }
        }
        for (int i = 0; i < draws.length; i++) {
            double a = LOGITS[i] / 2;
            draws[i].assertAgrees(
                    new double[] {expected(law, a, h -> h), expected(law, a, h -> h * h)}, law + " at " + a);
        }
    }

    @Test
    void farLogitsGiveNoMoreThanTheGreatestMean() {
        for (double a : new double[] {20, 200, 1e30, Double.POSITIVE_INFINITY}) {
            assertEquals(512, new Poisson().mean(a), 1e-9);
            assertEquals(512, new NegativeBinomial(3).mean(a));
            assertEquals(8, new Binomial(8).draw(a, 0.3));
            assertTrue(new Poisson().draw(a, 0.999999) < 700);
            assertTrue(Double.isFinite(new NegativeBinomial(0.001).draw(a, 1 - 0x1p-53)));
        }
        for (CountLaw law : laws().toList()) {
            assertEquals(0, law.draw(-200, 1 - 0x1p-53));
            assertEquals(0, law.draw(Double.NaN, 0.5), "no loop without an end");
            assertTrue(Double.isFinite(law.slopeWeight(2, -1e30, 0)));
        }
    }

    @Test
    void thresholdsAreTheLikeliestCounts() {
        for (CountLaw law : laws().toList()) {
            for (double a : new double[] {-2, -0.3, 0.9, 2.5}) {
                Outcomes.Outcome likeliest = Outcomes.of(law, new double[] {a}).stream()
                        .max(java.util.Comparator.comparingDouble(Outcomes.Outcome::probability))
                        .orElseThrow();
                Matrix values = Matrix.padded(1, 1);
                values.set(0, 0, (float) a);
                law.thresholds(Backend.detect(), values, Floats.of(0f), 1);
                assertEquals(likeliest.sample()[0], values.get(0, 0), law + " at " + a);
            }
        }
    }
}
