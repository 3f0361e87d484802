package org.coinflip.model.unit;

import static org.coinflip.model.oracle.Enumeration.sigmoid;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.DoubleUnaryOperator;
import org.apache.commons.math3.special.Erf;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.noise.Draws;
import org.coinflip.model.oracle.Draw;
import org.coinflip.model.oracle.Rounding;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The laws' moments against closed forms: means over 2^17 samples, each within 4.5 standard errors, so that a comparison errs with a
 * probability of 7e-6.
 */
@Tag("numerical")
@Tag("statistical")
class UnitLawTest {
    private static final int WIDTH = 256;
    private static final int ROWS = 64;
    private static final Backend BACKEND = Backend.detect();

    /** Of numbers of at most 1 that two of the kernels' functions, one after another, and four operations give. */
    private static final double ROUNDING = Rounding.of(2 * Rounding.FUNCTION + 4, 1);

    /** Samples of one logit, with what the law writes besides. */
    private record Sampled(float[] samples, float[] probabilities, float[] derivatives) {
        void assertMean(DoubleUnaryOperator of, double expected, String what) {
            Draw draw = new Draw(1);
            for (float h : samples) {
                draw.add(new double[] {of.applyAsDouble(h)});
            }
            draw.assertAgrees(new double[] {expected}, what);
        }
    }

    private static Sampled sample(UnitLaw law, double logit) {
        int n = 8 * ROWS * WIDTH;
        Sampled all = new Sampled(new float[n], new float[n], new float[n]);
        Matrix logits = Matrix.padded(ROWS, WIDTH);
        Matrix probabilities = Matrix.padded(ROWS, WIDTH);
        Matrix samples = Matrix.padded(ROWS, WIDTH);
        Matrix derivative = Matrix.padded(ROWS, WIDTH);
        Floats biases = Floats.allocate(WIDTH);
        biases.fill(0.5f);
        long[] ids = new long[ROWS];
        for (int r = 0; r < ROWS; r++) {
            ids[r] = r;
        }
        Draws draws = new Draws(WIDTH).of(99, 0, 1, ids, ROWS, row -> row);
        int at = 0;
        for (int draw = 0; draw < 8; draw++) {
            logits.floats().fill((float) (logit - 0.5));
            law.sample(BACKEND, 0.5, logits, biases, draws, draw, ROWS, probabilities, samples, derivative);
            for (int r = 0; r < ROWS; r++) {
                for (int j = 0; j < WIDTH; j++) {
                    assertEquals(logit, logits.get(r, j), Rounding.of(2, 1 + Math.abs(logit)), "the bias is added");
                    all.samples[at] = samples.get(r, j);
                    all.probabilities[at] = probabilities.get(r, j);
                    all.derivatives[at++] = derivative.get(r, j);
                }
            }
        }
        return all;
    }

    @ParameterizedTest
    @ValueSource(doubles = {-4, -1, 0, 0.5, 3})
    void bernoulliFiresWithTheSigmoid(double a) {
        Sampled all = sample(new Bernoulli(), a);
        all.assertMean(h -> h, sigmoid(a), "P(h = 1)");
        all.assertMean(h -> h * h - h, 0, "h is 0 or 1");
        assertEquals(sigmoid(a), all.probabilities[7], ROUNDING);
    }

    @ParameterizedTest
    @ValueSource(doubles = {-4, -1, 0, 0.5, 3})
    void stochasticTimesSmoothHasTheMomentsOfItsSplit(double a) {
        double p = sigmoid(a);
        for (double r : new double[] {0.5, 0.2, 0.9}) {
            Sampled all = sample(new StochasticTimesSmooth(r), a);
            double fires = Math.pow(p, r);
            double smooth = Math.pow(p, 1 - r);
            all.assertMean(h -> h, p, "E[h]");
            all.assertMean(h -> h > 0 ? 1 : 0, fires, "P(h > 0)");
            all.assertMean(h -> h * h, Math.pow(p, 2 - r), "E[h²]");
            all.assertMean(Math::cos, fires * Math.cos(smooth) + (1 - fires), "E[f(h)]");
            assertEquals(fires, all.probabilities[3], ROUNDING);
            for (int i = 0; i < 1000; i++) {
                assertEquals((1 - r) * (1 - p) * all.samples[i], all.derivatives[i], ROUNDING);
            }
            Sampled slopes = new Sampled(all.derivatives, null, null);
            slopes.assertMean(d -> d, (1 - r) * p * (1 - p), "E[∂h/∂a]: the part 1 − r of dE[h]/da");
        }
    }

    /** E f(h) − f(p) = ½ p^{3/2} f''(0) + p² (f'''(0)/6 − f''(0)/2) + … at r = ½, of the law's own values; f = eˣ. */
    @Test
    void remainderOfStochasticTimesSmoothFallsAsThreeHalvesOfP() {
        for (double a : new double[] {-6, -8, -10}) {
            double p = sigmoid(a);
            Sampled all = sample(new StochasticTimesSmooth(0.5), a);
            double smooth = 0;
            for (float h : all.samples) {
                smooth = Math.max(smooth, h);
            }
            assertEquals(Math.sqrt(p), smooth, ROUNDING * (1 + Math.abs(a)) * Math.sqrt(p));
            double fires = all.probabilities[0];
            double remainder = fires * Math.expm1(smooth) - Math.expm1(p);
            assertEquals(0.5 - Math.sqrt(p) / 3, remainder / Math.pow(p, 1.5), p + 1e-3);
        }
    }

    /** −Li₂(−e^a) by its series where e^a ≤ 1, by Landen's inversion above. */
    private static double minusDilogarithm(double a) {
        if (a > 0) {
            return Math.PI * Math.PI / 6 + a * a / 2 - minusDilogarithm(-a);
        }
        double sum = 0;
        for (int k = 1; k < 200_000; k++) {
            sum -= Math.pow(-Math.exp(a), k) / ((double) k * k);
        }
        return sum;
    }

    @ParameterizedTest
    @ValueSource(doubles = {-4, -1, 0, 0.5, 3})
    void logisticRectifierHasTheSigmoidTheSoftplusAndTheDilogarithm(double a) {
        Sampled all = sample(new NoisyRectifier(NoisyRectifier.Noise.LOGISTIC, 1), a);
        all.assertMean(h -> h > 0 ? 1 : 0, sigmoid(a), "P(h > 0)");
        all.assertMean(h -> h, Math.log1p(Math.exp(a)), "E[h]");
        all.assertMean(h -> h * h, 2 * minusDilogarithm(a), "E[h²]");
        assertEquals(Math.PI * Math.PI / 6, 2 * minusDilogarithm(0), 1e-9);
        Sampled wide = sample(new NoisyRectifier(NoisyRectifier.Noise.LOGISTIC, 2.5), a);
        wide.assertMean(h -> h > 0 ? 1 : 0, sigmoid(a / 2.5), "P(h > 0)");
        wide.assertMean(h -> h, 2.5 * Math.log1p(Math.exp(a / 2.5)), "E[h]");
    }

    @ParameterizedTest
    @ValueSource(doubles = {-2, -1, 0, 0.5, 3})
    void gaussianRectifierHasTheNormalsMoments(double a) {
        for (double s : new double[] {1, 0.4}) {
            Sampled all = sample(new NoisyRectifier(NoisyRectifier.Noise.GAUSSIAN, s), a);
            double below = 0.5 * Erf.erfc(-a / s / Math.sqrt(2));
            double density = Math.exp(-a * a / (2 * s * s)) / Math.sqrt(2 * Math.PI);
            all.assertMean(h -> h > 0 ? 1 : 0, below, "P(h > 0)");
            all.assertMean(h -> h, a * below + s * density, "E[h]");
            all.assertMean(h -> h * h, (a * a + s * s) * below + a * s * density, "E[h²]");
        }
    }

    /** The noise that gives a bit gives a relaxed unit on the same side of ½. */
    @ParameterizedTest
    @ValueSource(doubles = {-4, -1, 0, 0.5, 3})
    void concreteIsOnTheSideOfTheBernoulliOfTheSameNoise(double a) {
        Sampled bits = sample(new Bernoulli(), a);
        for (double temperature : new double[] {0.1, 0.5, 1, 3}) {
            Sampled all = sample(new Concrete(Annealed.constant(temperature)), a);
            all.assertMean(y -> y > 0.5 ? 1 : 0, sigmoid(a), "P(y > ½)");
            for (int i = 0; i < 10_000; i++) {
                double y = all.samples[i];
                double odds = (y - 0.5) * (bits.samples[i] - 0.5);
                assertTrue(
                        odds > 0 || Math.abs(y - 0.5) < ROUNDING * (1 + Math.abs(a)) / temperature,
                        "bit " + bits.samples[i] + ", relaxed " + y);
                assertEquals(y * (1 - y) / temperature, all.derivatives[i], ROUNDING / temperature);
            }
        }
    }

    /** E[y] at temperature 1: with w = (1−u)/u and k = eᵃ, the mean of k/(k + w) is (1 − log(k) / (k − 1)) k / (k − 1). */
    @ParameterizedTest
    @ValueSource(doubles = {-4, -1, 0.5, 3})
    void concreteOfTemperatureOneHasItsClosedMean(double a) {
        double k = Math.exp(a);
        double mean = k / (k - 1) * (1 - a / (k - 1));
        sample(new Concrete(Annealed.constant(1)), a).assertMean(y -> y, mean, "E[y]");
    }

    private static double normalDensity(double n) {
        return Math.exp(-n * n / 2) / Math.sqrt(2 * Math.PI);
    }

    /** E of(n) over normal noise, by Simpson's rule. */
    private static double overNormal(DoubleUnaryOperator of) {
        int intervals = 20_000;
        double width = 20.0 / intervals;
        double sum = 0;
        for (int i = 0; i <= intervals; i++) {
            double n = -10 + i * width;
            sum += width
                    / 3
                    * (i == 0 || i == intervals ? 1 : i % 2 == 1 ? 4 : 2)
                    * normalDensity(n)
                    * of.applyAsDouble(n);
        }
        return sum;
    }

    @ParameterizedTest
    @ValueSource(doubles = {-12, -4, -1, 0, 0.5, 3})
    void semanticHashingHasTheMomentsOfItsQuadrature(double a) {
        for (double s : new double[] {0, 0.3, 1, 4, 30}) {
            UnitLaw law = new SemanticHashing(s);
            Sampled all = sample(law, a);
            double mean = overNormal(n -> sigmoid(a + s * n));
            all.assertMean(h -> h, mean, "E[h]");
            all.assertMean(h -> h * h, overNormal(n -> Math.pow(sigmoid(a + s * n), 2)), "E[h²]");
            assertEquals(mean, given(law, a, false), 1e-6, "the mean that is given");
            assertEquals(a > 0 ? 1 : 0, given(law, a, true));
            for (int i = 0; i < 1000; i++) {
                double h = all.samples[i];
                assertEquals(h * (1 - h), all.derivatives[i], ROUNDING);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {-4, -1, 0, 0.5, 3, 20})
    void nreluHasTheMomentsOfItsNoiseAndTheExactDerivative(double a) {
        Sampled all = sample(new Nrelu(), a);
        double s = Math.sqrt(sigmoid(a));
        DoubleUnaryOperator h = n -> Math.max(0, a + s * n);
        all.assertMean(y -> y > 0 ? 1 : 0, 0.5 * Erf.erfc(-a / s / Math.sqrt(2)), "P(h > 0)");
        double mean = overNormal(h);
        all.assertMean(y -> y, mean, "E[h]");
        all.assertMean(y -> y * y, overNormal(n -> Math.pow(h.applyAsDouble(n), 2)), "E[h²]");
        assertEquals(mean, given(new Nrelu(), a, false), ROUNDING * (1 + Math.abs(a)), "the mean that is given");
        assertEquals(Math.max(0, a), given(new Nrelu(), a, true), Rounding.of(2, 1 + Math.abs(a)));
        double step = 1e-5;
        for (int i = 0; i < 1000; i++) {
            double y = all.samples[i];
            // The noise that this sample tells.
            double n = (y - a) / s;
            double above = a + step + Math.sqrt(sigmoid(a + step)) * n;
            double below = a - step + Math.sqrt(sigmoid(a - step)) * n;
            // the noise is off by the sample's rounding, and half of that enters the derivative
            double bound = ROUNDING * (1 + Math.abs(a) + y);
            assertEquals(y > 0 ? (above - below) / (2 * step) : 0, all.derivatives[i], bound);
        }
    }

    private static double given(UnitLaw law, double a, boolean thresholds) {
        Matrix values = Matrix.padded(2, 3);
        Floats biases = Floats.of(0f, 0.25f, -0.5f);
        values.set(1, 1, (float) (a - 0.25));
        if (thresholds) {
            law.thresholds(BACKEND, values, biases, 2);
        } else {
            law.means(BACKEND, values, biases, 2);
        }
        return values.get(1, 1);
    }

    @ParameterizedTest
    @ValueSource(doubles = {-4, -1, -0.2, 0.5, 3})
    void meansAndThresholdsAreTheClosedForms(double a) {
        double p = sigmoid(a);
        assertEquals(p, given(new Bernoulli(), a, false), ROUNDING);
        assertEquals(a > 0 ? 1 : 0, given(new Bernoulli(), a, true));
        assertEquals(p, given(new Concrete(Annealed.constant(0.3)), a, false), ROUNDING);
        assertEquals(a > 0 ? 1 : 0, given(new Concrete(Annealed.constant(0.3)), a, true));
        for (double r : new double[] {0.5, 0.2}) {
            UnitLaw law = new StochasticTimesSmooth(r);
            assertEquals(p, given(law, a, false), ROUNDING);
            assertEquals(Math.pow(p, r) > 0.5 ? Math.pow(p, 1 - r) : 0, given(law, a, true), ROUNDING);
        }
        for (NoisyRectifier.Noise noise : NoisyRectifier.Noise.values()) {
            assertEquals(Math.max(0, a), given(new NoisyRectifier(noise, 2), a, true), Rounding.of(2, 1 + Math.abs(a)));
            assertEquals(
                    Math.max(0, a), given(new NoisyRectifier(noise, 0), a, false), Rounding.of(2, 1 + Math.abs(a)));
            UnitLaw law = new NoisyRectifier(noise, 0.7);
            sample(law, a).assertMean(h -> h, given(law, a, false), "the mean of samples");
        }
    }
}
