package org.coinflip.model.measure;

import java.util.Optional;
import org.coinflip.model.example.Examples;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.objective.Objective;

/**
 * Predictions of a batch of examples, and what they are held against.
 *
 * @param predictions rows × outputs: row r is of example {@code start + r}; not modified
 * @param examples with labels, values or features, as the objective wants them; not modified
 * @param start place of the first example
 * @param draws what was seen of the draws that the predictions are the mean of; empty where nothing is drawn
 */
public record Predicted(Matrix predictions, Examples examples, int start, Optional<DrawTrace> draws) {
    /** The class of an example. */
    int label(int row) {
        return examples.label(start + row);
    }

    /** The class of greatest prediction, the first of equals. */
    int best(int row) {
        return Objective.best(predictions, row);
    }

    boolean isRight(int row) {
        return best(row) == label(row);
    }

    /** The greatest prediction of a row. */
    float confidence(int row) {
        return predictions.get(row, best(row));
    }

    boolean isFinite(int row) {
        for (int j = 0; j < predictions.columns(); j++) {
            if (!Float.isFinite(predictions.get(row, j))) {
                return false;
            }
        }
        return true;
    }
}
