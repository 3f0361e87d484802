package org.coinflip.model.objective;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.apache.commons.math3.distribution.PoissonDistribution;
import org.apache.commons.math3.special.Gamma;
import org.coinflip.model.error.DataException;
import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.kernel.KernelChoice;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.oracle.Rounding;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PoissonReconstructionTest {
    private static final float[] COUNTS = {0, 1, 7, 300};
    private static final float[] OUTPUTS = {-1.25f, 0.5f, -7, 250};

    private static Matrix row(float[] numbers) {
        Matrix row = Matrix.padded(1, numbers.length);
        for (int j = 0; j < numbers.length; j++) {
            row.set(0, j, numbers[j]);
        }
        return row;
    }

    private static double logProbability(double y, double count) {
        return new PoissonDistribution(Math.log1p(Math.exp(y))).logProbability((int) count);
    }

    /** The loss is held to another library's probabilities, the slope to their central differences, whose error is some 1e-10 of the loss. */
    @Test
    void isTheProbabilityOfTheCounts() {
        Matrix outputs = row(OUTPUTS);
        Targets targets = new Targets(row(COUNTS), 0);
        targets.setExamples(1);
        float[] losses = new float[1];
        Objective.POISSON_RECONSTRUCTION.train(
                Backend.of(KernelChoice.PORTABLE), outputs, targets, 1, 0.5f, Floats.allocate(Matrix.ROW_UNIT), losses);
        Matrix predictions = row(OUTPUTS);
        Objective.POISSON_RECONSTRUCTION.predict(predictions, 1, 0);
        double sum = 0;
        for (int j = 0; j < COUNTS.length; j++) {
            double y = OUTPUTS[j];
            double loss = -logProbability(y, COUNTS[j]);
            double h = 1e-4;
            double slope = (logProbability(y - h, COUNTS[j]) - logProbability(y + h, COUNTS[j])) / (2 * h);
            sum += loss;
            assertEquals(slope / 2, outputs.get(0, j), Rounding.of(2, slope) + 1e-8 * (1 + loss));
            assertEquals(Math.log1p(Math.exp(y)), predictions.get(0, j), Rounding.of(1, 1 + Math.abs(y)));
        }
        assertEquals(sum, losses[0], Rounding.of(1, sum));
        Examples example = Examples.of(new float[][] {COUNTS});
        assertEquals(sum, Objective.POISSON_RECONSTRUCTION.loss(row(OUTPUTS), 0, example, 0), 1e-9 * sum);
    }

    /** log λ is y, where λ itself is no number any more. */
    @Test
    void ratesNextToNothingKeepTheirLogarithm() {
        assertEquals(3 * 1000 + Math.log(6), Objective.POISSON_RECONSTRUCTION.loss(-1000.0, 3), 1e-9);
        assertEquals(-3, Objective.POISSON_RECONSTRUCTION.slope(-1000, 3));
        double below = Objective.POISSON_RECONSTRUCTION.loss(Math.nextDown(-40.0), 3);
        assertEquals(Objective.POISSON_RECONSTRUCTION.loss(-40.0, 3), below, 1e-12 * below);
    }

    @Test
    void factorialsAreThoseOfTheGammaFunction() {
        for (double x = 0; x < 1e7; x = x < 300 ? x + 1 : Math.rint(1.3 * x)) {
            double expected = Gamma.logGamma(x + 1);
            assertEquals(expected, LogFactorial.of(x), 1e-13 * Math.max(1, expected), "log " + x + "!");
        }
    }

    @ParameterizedTest
    @ValueSource(floats = {-1, 0.5f})
    void refusesWhatIsNoCount(float value) {
        Examples wrong = Examples.of(new float[][] {{0, value, 0, 0}});
        DataException e = assertThrows(
                DataException.class, () -> Objective.POISSON_RECONSTRUCTION.loss(row(OUTPUTS), 0, wrong, 0));
        assertTrue(e.getMessage().startsWith("an example has the feature " + value), e.getMessage());
        assertTrue(e.getMessage().contains("objective = poisson-reconstruction"), e.getMessage());
    }
}
