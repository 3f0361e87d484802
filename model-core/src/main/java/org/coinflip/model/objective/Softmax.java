package org.coinflip.model.objective;

import org.coinflip.model.memory.Matrix;

/** Softmax cross-entropy of a few neighbouring columns of a row, {@code −log softmax(y)[label]}. Stateless; nothing is allocated. */
final class Softmax {
    private Softmax() {}

    /** Turns the columns {@code [from, from + classes)} into their softmax. */
    static void predict(Matrix outputs, int row, int from, int classes) {
        float most = greatest(outputs, row, from, classes);
        double sum = exponentials(outputs, row, from, classes, most);
        for (int j = from; j < from + classes; j++) {
            outputs.set(row, j, (float) (outputs.get(row, j) / sum));
        }
    }

    /** The loss in double precision. */
    static double loss(Matrix outputs, int row, int from, int classes, int label) {
        float most = greatest(outputs, row, from, classes);
        double sum = 0;
        for (int j = from; j < from + classes; j++) {
            sum += StrictMath.exp(outputs.get(row, j) - most);
        }
        return StrictMath.log(sum) - (outputs.get(row, from + label) - most);
    }

    /** The loss, after which the columns hold {@code weight · ∂loss/∂y}. */
    static double train(Matrix outputs, int row, int from, int classes, int label, float weight) {
        float most = greatest(outputs, row, from, classes);
        float atLabel = outputs.get(row, from + label) - most;
        double sum = exponentials(outputs, row, from, classes, most);
        float factor = (float) (weight / sum);
        for (int j = from; j < from + classes; j++) {
            outputs.set(row, j, outputs.get(row, j) * factor);
        }
        outputs.set(row, from + label, outputs.get(row, from + label) - weight);
        return StrictMath.log(sum) - atLabel;
    }

    /** The place of the greatest of some columns, from 0, the first of equals. */
    static int best(Matrix predictions, int row, int from, int classes) {
        int best = 0;
        for (int j = 1; j < classes; j++) {
            if (predictions.get(row, from + j) > predictions.get(row, from + best)) {
                best = j;
            }
        }
        return best;
    }

    private static float greatest(Matrix outputs, int row, int from, int classes) {
        float most = Float.NEGATIVE_INFINITY;
        for (int j = from; j < from + classes; j++) {
            most = Math.max(most, outputs.get(row, j));
        }
        return most;
    }

    /** Turns columns into exp(y − most) and adds them up. */
    private static double exponentials(Matrix outputs, int row, int from, int classes, float most) {
        double sum = 0;
        for (int j = from; j < from + classes; j++) {
            float e = (float) StrictMath.exp(outputs.get(row, j) - most);
            outputs.set(row, j, e);
            sum += e;
        }
        return sum;
    }
}
