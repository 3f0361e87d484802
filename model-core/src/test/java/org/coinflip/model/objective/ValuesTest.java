package org.coinflip.model.objective;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.coinflip.Model;
import org.coinflip.NetworkBuilder;
import org.coinflip.Trainer;
import org.coinflip.model.error.DataException;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.kernel.KernelChoice;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Objectives that hold outputs to several values of an example. */
class ValuesTest {
    private static final int TARGETS = 3;
    private static final float[][] OUTPUTS = {{0.3f, -2.5f, 1.75f}, {-0.2f, 0.9f, 0.25f}};
    private static final float[][] VALUES = {{1f, 0f, 0.5f}, {0f, 1f, 1f}};

    private static Examples examples() {
        return Examples.of(new float[][] {{0}, {1}}, VALUES);
    }

    private static Matrix outputs() {
        Matrix outputs = Matrix.padded(OUTPUTS.length, TARGETS);
        for (int r = 0; r < OUTPUTS.length; r++) {
            for (int j = 0; j < TARGETS; j++) {
                outputs.set(r, j, OUTPUTS[r][j]);
            }
        }
        return outputs;
    }

    private static Targets targets() {
        Targets targets = new Targets(Matrix.padded(OUTPUTS.length, 1), TARGETS);
        targets.setExamples(OUTPUTS.length);
        for (int r = 0; r < OUTPUTS.length; r++) {
            for (int j = 0; j < TARGETS; j++) {
                targets.values().set(r, j, VALUES[r][j]);
            }
        }
        return targets;
    }

    private static double written(Objective objective, double y, double t) {
        return switch (objective) {
            case REGRESSION -> (y - t) * (y - t) / 2;
            case HUBER -> Math.abs(y - t) <= 1 ? (y - t) * (y - t) / 2 : Math.abs(y - t) - 0.5;
            case POISSON -> Math.exp(y) - t * y;
            case MULTI_LABEL -> -t * Math.log(1 / (1 + Math.exp(-y))) - (1 - t) * Math.log(1 - 1 / (1 + Math.exp(-y)));
            default -> throw new IllegalArgumentException("of no values");
        };
    }

    private static double predicted(Objective objective, double y) {
        return switch (objective) {
            case POISSON -> Math.exp(y);
            case MULTI_LABEL -> 1 / (1 + Math.exp(-y));
            default -> y;
        };
    }

    /** Losses to a rounding of float32, the slope to the error of a central difference of doubles, about 1e-9, and a rounding. */
    @ParameterizedTest
    @EnumSource(names = {"REGRESSION", "HUBER", "POISSON", "MULTI_LABEL"})
    void isItsFormulaAndTheGradientOfIt(Objective objective) {
        Matrix gradient = outputs();
        float[] losses = new float[OUTPUTS.length];
        float weight = 0.5f;
        objective.train(
                Backend.of(KernelChoice.PORTABLE),
                gradient,
                targets(),
                OUTPUTS.length,
                weight,
                Floats.allocate(Matrix.ROW_UNIT),
                losses);
        Matrix predictions = outputs();
        objective.predict(predictions, OUTPUTS.length, 0);
        for (int r = 0; r < OUTPUTS.length; r++) {
            double sum = 0;
            for (int j = 0; j < TARGETS; j++) {
                double y = OUTPUTS[r][j];
                double t = VALUES[r][j];
                sum += written(objective, y, t);
                double h = 1e-5;
                double slope = (written(objective, y + h, t) - written(objective, y - h, t)) / (2 * h);
                assertEquals(weight * slope, gradient.get(r, j), 1e-6 * Math.max(1, Math.abs(slope)));
                assertEquals(predicted(objective, y), predictions.get(r, j), 1e-6);
            }
            assertEquals(sum, losses[r], 1e-6 * Math.max(1, sum));
            assertEquals(sum, objective.loss(outputs(), r, examples(), r), 1e-12);
        }
    }

    @ParameterizedTest
    @CsvSource({"POISSON, -1", "MULTI_LABEL, 1.5", "MULTI_LABEL, -0.5"})
    void aValueThatItCannotBeHeldToIsRefused(Objective objective, float value) {
        Examples wrong = Examples.of(new float[][] {{0}}, new float[][] {{value, 0, 0}});
        DataException e = assertThrows(DataException.class, () -> objective.loss(outputs(), 0, wrong, 0));
        assertTrue(e.getMessage().startsWith("an example has the value " + value), e.getMessage());
        assertTrue(
                e.getMessage()
                        .contains(
                                "objective = " + objective.name().toLowerCase().replace('_', '-')),
                e.getMessage());
    }

    /** Three labels of a point of the plane that lines tell: above, right of, and beyond the diagonal of the origin. */
    @Test
    void aNetworkLearnsSeveralLabelsAtOnce() {
        int size = 400;
        float[][] points = new float[size][];
        float[][] labels = new float[size][];
        for (int i = 0; i < size; i++) {
            float x = (float) Math.sin(i * 12.9898);
            float y = (float) Math.sin(i * 78.233 + 1);
            points[i] = new float[] {x, y};
            labels[i] = new float[] {y > 0 ? 1 : 0, x > 0 ? 1 : 0, x + y > 0 ? 1 : 0};
        }
        Examples all = Examples.of(points, labels);
        Model model = Trainer.of(NetworkBuilder.inputs(2).values(3, Objective.MULTI_LABEL))
                .seed(1)
                .epochs(60)
                .adam(0.05)
                .fit(all);
        double hamming = ((Number) model.measure(all).get("hammingError")).doubleValue();
        assertTrue(hamming < 0.03, "Hamming error " + hamming);
        assertThrows(UsageException.class, () -> model.measure(Examples.of(points, new float[size])));
    }

    @Test
    void theNumberOfOutputsIsThatOfTheValues() {
        Trainer trainer = Trainer.of(NetworkBuilder.inputs(1).values(2, Objective.HUBER));
        UsageException e = assertThrows(UsageException.class, () -> trainer.fit(examples()));
        assertTrue(e.getMessage().contains("held to 2 values for examples of 3 each"), e.getMessage());
    }

    @Test
    void examplesKeepTheirValues() {
        Examples both = Examples.concatenate(List.of(examples(), examples().select(new int[] {1})));
        assertEquals(3, both.size());
        for (int j = 0; j < TARGETS; j++) {
            assertEquals(VALUES[1][j], both.value(2, j));
        }
        Examples one = Examples.of(new float[][] {{0}}, new float[] {1});
        assertThrows(DataException.class, () -> Examples.concatenate(List.of(examples(), one)));
        assertThrows(DataException.class, () -> one.withValues(2, new float[3]));
        assertThrows(DataException.class, () -> Examples.of(new float[][] {{0}, {1}}, new float[][] {{1}}));
    }
}
