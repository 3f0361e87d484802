package org.coinflip.model.unit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.coinflip.model.kernel.Backend;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.noise.Draws;
import org.coinflip.model.oracle.Draw;
import org.coinflip.model.oracle.Rounding;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Categorical units and their relaxation; a statistical comparison errs with a probability of 7e-6. */
@Tag("numerical")
class CategoricalTest {
    private static final int ROWS = 64;
    private static final Backend BACKEND = Backend.detect();
    private static final double[] LOGITS = {0.3, -1.2, 2, -0.5, 0.7};

    /** Units of k = 5 categories, side by side, with the logits above, a fifth of them in the biases. */
    private static final class Units {
        private static final int WIDTH = 100;
        private final Matrix logits = Matrix.padded(ROWS, WIDTH);
        private final Floats biases = Floats.allocate(WIDTH);
        private final Matrix probabilities = Matrix.padded(ROWS, WIDTH);
        private final Matrix samples = Matrix.padded(ROWS, WIDTH);
        private final Matrix derivative = Matrix.padded(ROWS, WIDTH);

        Units() {
            for (int j = 0; j < WIDTH; j++) {
                biases.set(j, (float) (0.2 * LOGITS[j % 5]));
                for (int r = 0; r < ROWS; r++) {
                    logits.set(r, j, (float) (0.8 * LOGITS[j % 5]));
                }
            }
        }

        Units sample(UnitLaw law, int epoch) {
            long[] ids = new long[ROWS];
            for (int r = 0; r < ROWS; r++) {
                ids[r] = r;
            }
            Draws draws = new Draws(WIDTH).of(99, epoch, 1, ids, ROWS, row -> row);
            law.sample(BACKEND, 0, logits, biases, draws, 0, ROWS, probabilities, samples, derivative);
            return this;
        }
    }

    private static double[] softmax() {
        double[] p = new double[5];
        double sum = 0;
        for (double a : LOGITS) {
            sum += Math.exp(a);
        }
        for (int i = 0; i < 5; i++) {
            p[i] = Math.exp(LOGITS[i]) / sum;
        }
        return p;
    }

    /** Of a softmax of five: logits below 10, an exponential, a sum of five and a quotient. */
    private static final double ROUNDING = Rounding.of(10 + Rounding.FUNCTION + 5 + 1, 1);

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.05, 0.5, 1, 5})
    void categoriesComeWithTheSoftmaxAtEveryTemperature(double temperature) {
        UnitLaw law =
                temperature == 0 ? new Categorical(5) : new CategoricalConcrete(5, Annealed.constant(temperature));
        Draw frequencies = new Draw(5);
        double[] counts = new double[5];
        for (int epoch = 0; epoch < 50; epoch++) {
            Units units = new Units().sample(law, epoch);
            for (int r = 0; r < ROWS; r++) {
                for (int from = 0; from < Units.WIDTH; from += 5) {
                    int greatest = 0;
                    for (int j = 0; j < 5; j++) {
                        greatest =
                                units.samples.get(r, from + j) > units.samples.get(r, from + greatest) ? j : greatest;
                    }
                    for (int j = 0; j < 5; j++) {
                        counts[j] = j == greatest ? 1 : 0;
                    }
                    frequencies.add(counts);
                }
            }
        }
        frequencies.assertAgrees(softmax(), "frequencies");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.05, 0.5, 1, 5})
    void relaxedUnitsAreThoseOfTheSameNoise(double temperature) {
        Units exact = new Units().sample(new Categorical(5), 3);
        Units relaxed = new Units().sample(new CategoricalConcrete(5, Annealed.constant(temperature)), 3);
        for (int r = 0; r < ROWS; r++) {
            for (int from = 0; from < Units.WIDTH; from += 5) {
                double sum = 0;
                double bits = 0;
                double greatest = 0;
                double atBit = 0;
                for (int j = from; j < from + 5; j++) {
                    double y = relaxed.samples.get(r, j);
                    double h = exact.samples.get(r, j);
                    assertTrue(h == 0 || h == 1);
                    assertEquals(
                            LOGITS[j % 5],
                            exact.logits.get(r, j),
                            Rounding.of(2, 1 + Math.abs(LOGITS[j % 5])),
                            "the bias is added");
                    assertEquals(softmax()[j % 5], exact.probabilities.get(r, j), ROUNDING);
                    assertEquals(y / temperature, relaxed.derivative.get(r, j), Rounding.of(2, y / temperature));
                    sum += y;
                    bits += h;
                    greatest = Math.max(greatest, y);
                    atBit += h * y;
                }
                assertEquals(1, sum, ROUNDING);
                assertEquals(1, bits);
                assertEquals(greatest, atBit);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void meansAreTheSoftmaxAndThresholdsTheGreatestLogit(boolean relaxed) {
        UnitLaw law = relaxed ? new CategoricalConcrete(5, Annealed.constant(0.3)) : new Categorical(5);
        Units means = new Units();
        law.means(BACKEND, means.logits, means.biases, ROWS);
        Units thresholds = new Units();
        law.thresholds(BACKEND, thresholds.logits, thresholds.biases, ROWS);
        for (int j = 0; j < Units.WIDTH; j++) {
            assertEquals(softmax()[j % 5], means.logits.get(7, j), ROUNDING);
            assertEquals(j % 5 == 2 ? 1 : 0, thresholds.logits.get(7, j));
        }
    }

    /** Far logits neither overflow nor lose the sum of 1. */
    @ParameterizedTest
    @ValueSource(floats = {-1e6f, 1e6f})
    void farLogitsStayFinite(float far) {
        Units units = new Units();
        for (int r = 0; r < ROWS; r++) {
            units.logits.set(r, 1, far);
        }
        units.sample(new Categorical(5), 0);
        for (int r = 0; r < ROWS; r++) {
            assertEquals(far > 0 ? 1 : 0, units.samples.get(r, 1));
            assertEquals(far > 0 ? 1 : 0, units.probabilities.get(r, 1), Float.MIN_NORMAL);
        }
    }
}
