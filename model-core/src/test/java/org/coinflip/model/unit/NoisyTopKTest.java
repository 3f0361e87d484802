package org.coinflip.model.unit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.IntStream;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.kernel.Categories;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.noise.Draws;
import org.coinflip.model.oracle.Networks;
import org.coinflip.model.oracle.Rounding;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Gates of the k greatest noisy logits, held to their definition in double precision. */
@Tag("numerical")
class NoisyTopKTest {
    private static final Backend BACKEND = Backend.detect();
    private static final double[] LOGITS = {0.3, -1.2, 2, -0.5, 0.7, -3, 1.1};
    private static final double[] BIASES = {0.2, 0.9, -1.4, 0, 0.1, 2.5, -0.2};
    private static final int ROWS = 1000;
    /** A bias, a difference and an exponential of numbers below 10, a sum of three and a quotient. */
    private static final double ROUNDING = Rounding.of(2 * 10 + Rounding.FUNCTION + 3 + 1, 1);

    /** Units as they are drawn, and what they are drawn from. */
    private record Drawn(Matrix logits, Matrix samples, Matrix derivative) {
        /** @param moved what is added to the logits */
        static Drawn of(UnitLaw law, double[] moved) {
            int width = LOGITS.length;
            Matrix logits = Matrix.padded(ROWS, width);
            Floats biases = Floats.allocate(width);
            for (int j = 0; j < width; j++) {
                biases.set(j, (float) BIASES[j]);
                for (int r = 0; r < ROWS; r++) {
                    logits.set(r, j, (float) (LOGITS[j] + moved[j]));
                }
            }
            Drawn drawn = new Drawn(logits, Matrix.padded(ROWS, width), Matrix.padded(ROWS, width));
            long[] ids = IntStream.range(0, ROWS).asLongStream().toArray();
            Draws draws = new Draws(width).of(7, 1, 1, ids, ROWS, row -> row);
            Matrix probabilities = Matrix.padded(ROWS, width);
            law.sample(BACKEND, 0, logits, biases, draws, 0, ROWS, probabilities, drawn.samples, drawn.derivative);
            return drawn;
        }
    }

    /** The softmax of the k greatest, else 0. */
    private static double[] definition(double[] logits, int k) {
        int[] order = IntStream.range(0, logits.length)
                .boxed()
                .sorted((i, j) -> Double.compare(logits[j], logits[i]))
                .mapToInt(i -> i)
                .toArray();
        double[] h = new double[logits.length];
        double sum = 0;
        for (int t = 0; t < k; t++) {
            h[order[t]] = Math.exp(logits[order[t]]);
            sum += h[order[t]];
        }
        for (int i = 0; i < h.length; i++) {
            h[i] /= sum;
        }
        return h;
    }

    @ParameterizedTest
    @CsvSource({"1, 0", "2, 0", "6, 0", "1, 0.7", "3, 0.7"})
    void gatesAreTheSoftmaxOfTheGreatestNoisyLogits(int k, double noise) {
        Drawn drawn = Drawn.of(new NoisyTopK(7, k, noise), new double[7]);
        // the same draws, which the sampling kernels are held to elsewhere
        Matrix noisy = Matrix.padded(ROWS, 7);
        long[] ids = IntStream.range(0, ROWS).asLongStream().toArray();
        Draws draws = new Draws(7).of(7, 1, 1, ids, ROWS, row -> row);
        BACKEND.sampling().addGaussian(drawn.logits, (float) noise, draws, 0, ROWS, noisy);
        for (int r = 0; r < ROWS; r++) {
            double[] logits = new double[7];
            for (int j = 0; j < 7; j++) {
                logits[j] = noisy.get(r, j);
                assertEquals(LOGITS[j] + BIASES[j], drawn.logits.get(r, j), Rounding.of(3, 10));
            }
            double[] expected = definition(logits, k);
            for (int j = 0; j < 7; j++) {
                assertEquals(expected[j], drawn.samples.get(r, j), ROUNDING);
                assertEquals(expected[j] == 0, drawn.samples.get(r, j) == 0, "open where it is to be");
            }
        }
    }

    /** Of two logits the first is open with probability Φ((a₁ − a₂) / (s √2)): 4.5 standard errors, an error in 150,000 runs. */
    @Test
    @Tag("statistical")
    void theGreaterOfTwoIsOpenAsOftenAsTheNormalLawSays() {
        double s = 1.3;
        Matrix logits = Matrix.padded(ROWS, 2);
        for (int r = 0; r < ROWS; r++) {
            logits.set(r, 0, 0.4f);
            logits.set(r, 1, -0.5f);
        }
        Draws draws = new Draws(2);
        long[] ids = IntStream.range(0, ROWS).asLongStream().toArray();
        int open = 0;
        for (int epoch = 0; epoch < 20; epoch++) {
            Matrix samples = Matrix.padded(ROWS, 2);
            new NoisyTopK(2, 1, s)
                    .sample(
                            BACKEND,
                            0,
                            logits,
                            Floats.allocate(2),
                            draws.of(3, epoch, 1, ids, ROWS, row -> row),
                            0,
                            ROWS,
                            Matrix.padded(ROWS, 2),
                            samples,
                            Matrix.padded(ROWS, 2));
            for (int r = 0; r < ROWS; r++) {
                assertEquals(1f, samples.get(r, 0) + samples.get(r, 1));
                open += samples.get(r, 0) != 0f ? 1 : 0;
            }
        }
        // Φ(0.9 / (1.3 √2)) = Φ(0.489535), by the series of the normal law
        double p = 0.687769;
        assertEquals(p, open / (20.0 * ROWS), 4.5 * Math.sqrt(p * (1 - p) / (20.0 * ROWS)));
    }

    /** Where the noise is held fixed and the same columns stay open, differences are the reference: of third derivatives of at most 1. */
    @Test
    void theGradientIsThatOfDifferences() {
        UnitLaw law = new NoisyTopK(7, 3, 0.5);
        double[] upstream = {1, -2, 0.5, 0.3, -1.5, 2, 0.7};
        Drawn at = Drawn.of(law, new double[7]);
        Matrix gradient = Matrix.padded(ROWS, 7);
        for (int r = 0; r < ROWS; r++) {
            for (int j = 0; j < 7; j++) {
                gradient.set(r, j, (float) upstream[j]);
            }
        }
        Categories.multiplyByJacobian(at.derivative, at.samples, 7, ROWS, gradient);
        double step = 1.0 / 64;
        double total = 8;
        int compared = 0;
        for (int i = 0; i < 7; i++) {
            double[] moved = new double[7];
            moved[i] = step;
            Drawn above = Drawn.of(law, moved);
            moved[i] = -step;
            Drawn below = Drawn.of(law, moved);
            for (int r = 0; r < ROWS; r++) {
                double difference = 0;
                boolean alike = true;
                for (int j = 0; j < 7; j++) {
                    difference += upstream[j] * (above.samples.get(r, j) - below.samples.get(r, j)) / (2 * step);
                    alike &= (above.samples.get(r, j) == 0) == (below.samples.get(r, j) == 0);
                }
                if (alike) {
                    compared++;
                    double bound = total * (step * step / 6 + ROUNDING / step);
                    assertEquals(difference, gradient.get(r, i), bound);
                }
            }
        }
        assertTrue(compared > 6 * ROWS, "open columns changed too often: " + compared);
    }

    @Test
    void whatCannotWorkIsRefused() {
        for (String[] wrong : new String[][] {
            {"{ type = noisy-top-k, n = 4, k = 4 }", "k: got 4, expected less than n = 4"},
            {"{ type = noisy-top-k, n = 3, k = 2 }", "units: got 4, expected a multiple of 3"},
            {"{ type = noisy-top-k, std = -1 }", "std: got -1"}
        }) {
            UsageException e = assertThrows(
                    UsageException.class,
                    () -> Networks.of(
                            3,
                            "{ type = stochastic, units = 4, law = " + wrong[0] + " }",
                            "{ type = output, units = 2 }"));
            assertTrue(e.getMessage().contains(wrong[1]), e.getMessage());
        }
    }
}
