package org.coinflip.model.objective;

import org.coinflip.model.error.DataException;
import org.coinflip.model.example.Examples;
import org.coinflip.model.memory.Matrix;

/**
 * A class at every step: a row's outputs are steps × classes, step by step, and an example's values the class of each step, or {@value #NOT_ASKED} where none is asked.
 * Stateless; nothing is allocated.
 */
public final class StepClasses {
    /** The value of a step of which no class is asked. */
    public static final int NOT_ASKED = -1;

    private StepClasses() {}

    /**
     * The class that a value is, or {@link #NOT_ASKED}.
     *
     * @throws DataException where it is neither
     */
    public static int asked(float value, int classes) {
        int asked = (int) value;
        if (asked != value || asked < NOT_ASKED || asked >= classes) {
            throw new DataException("an example has the value " + value + " at a step, expected a class, 0 to "
                    + (classes - 1) + ", or " + NOT_ASKED
                    + " where none is asked: correct the values, or give the output layer more units");
        }
        return asked;
    }

    /** The class predicted at a step, the first of equals. */
    public static int best(Matrix predictions, int row, int step, int classes) {
        return Softmax.best(predictions, row, step * classes, classes);
    }

    static void predict(Matrix outputs, int rows, int steps) {
        int classes = outputs.columns() / steps;
        for (int r = 0; r < rows; r++) {
            for (int t = 0; t < steps; t++) {
                Softmax.predict(outputs, r, t * classes, classes);
            }
        }
    }

    static double loss(Matrix outputs, int row, Examples examples, int place) {
        int steps = examples.targets();
        int classes = outputs.columns() / steps;
        double sum = 0;
        for (int t = 0; t < steps; t++) {
            int asked = asked(examples.value(place, t), classes);
            sum += asked == NOT_ASKED ? 0 : Softmax.loss(outputs, row, t * classes, classes, asked);
        }
        return sum;
    }

    /** As {@link Objective#train}. */
    static void train(Matrix outputs, Targets targets, int rows, float weight, float[] losses) {
        int steps = targets.values().columns();
        int classes = outputs.columns() / steps;
        for (int r = 0; r < rows; r++) {
            int place = r % targets.examples();
            double sum = 0;
            for (int t = 0; t < steps; t++) {
                int asked = asked(targets.values().get(place, t), classes);
                if (asked == NOT_ASKED) {
                    for (int j = t * classes; j < (t + 1) * classes; j++) {
                        outputs.set(r, j, 0f);
                    }
                } else {
                    sum += Softmax.train(outputs, r, t * classes, classes, asked, weight);
                }
            }
            losses[r] = (float) sum;
        }
    }

    /** The part of the steps asked whose greatest prediction is another class; 0 where none is asked. */
    static double error(Matrix predictions, int row, Examples examples, int place) {
        int classes = predictions.columns() / examples.targets();
        int steps = 0;
        int wrong = 0;
        for (int t = 0; t < examples.targets(); t++) {
            int asked = asked(examples.value(place, t), classes);
            if (asked != NOT_ASKED) {
                steps++;
                wrong += asked == best(predictions, row, t, classes) ? 0 : 1;
            }
        }
        return steps == 0 ? 0 : (double) wrong / steps;
    }
}
