package org.coinflip.model.objective;

import org.coinflip.model.memory.Matrix;

/** A loss of a row of outputs and a class label. Stateless and thread-safe. */
public enum Objective {
    /** Softmax cross-entropy, {@code −log softmax(y)[label]}; the prediction is the softmax. */
    CROSS_ENTROPY {
        @Override
        public void predict(Matrix outputs, int rows) {
            for (int r = 0; r < rows; r++) {
                float most = Float.NEGATIVE_INFINITY;
                for (int j = 0; j < outputs.columns(); j++) {
                    most = Math.max(most, outputs.get(r, j));
                }
                double sum = 0;
                for (int j = 0; j < outputs.columns(); j++) {
                    float e = (float) Math.exp(outputs.get(r, j) - most);
                    outputs.set(r, j, e);
                    sum += e;
                }
                for (int j = 0; j < outputs.columns(); j++) {
                    outputs.set(r, j, (float) (outputs.get(r, j) / sum));
                }
            }
        }

        @Override
        public double loss(Matrix predictions, int row, int label) {
            return -Math.log(Math.max(predictions.get(row, label), Float.MIN_NORMAL));
        }

        @Override
        public void train(Matrix outputs, int[] labels, int examples, int rows, float weight, float[] losses) {
            for (int r = 0; r < rows; r++) {
                int label = labels[r % examples];
                float most = Float.NEGATIVE_INFINITY;
                for (int j = 0; j < outputs.columns(); j++) {
                    most = Math.max(most, outputs.get(r, j));
                }
                float atLabel = outputs.get(r, label) - most;
                double sum = 0;
                for (int j = 0; j < outputs.columns(); j++) {
                    float e = (float) Math.exp(outputs.get(r, j) - most);
                    outputs.set(r, j, e);
                    sum += e;
                }
                float factor = (float) (weight / sum);
                for (int j = 0; j < outputs.columns(); j++) {
                    outputs.set(r, j, outputs.get(r, j) * factor);
                }
                outputs.set(r, label, outputs.get(r, label) - weight);
                losses[r] = (float) (Math.log(sum) - atLabel);
            }
        }
    },

    /** Squared error to the one-hot code of the label, {@code ½ ‖y − onehot(label)‖²}; the prediction is y. */
    SQUARED_ERROR {
        @Override
        public void predict(Matrix outputs, int rows) {}

        @Override
        public double loss(Matrix predictions, int row, int label) {
            double sum = 0;
            for (int j = 0; j < predictions.columns(); j++) {
                double error = predictions.get(row, j) - (j == label ? 1 : 0);
                sum += error * error;
            }
            return sum / 2;
        }

        @Override
        public void train(Matrix outputs, int[] labels, int examples, int rows, float weight, float[] losses) {
            for (int r = 0; r < rows; r++) {
                losses[r] = (float) loss(outputs, r, labels[r % examples]);
                for (int j = 0; j < outputs.columns(); j++) {
                    float error = outputs.get(r, j) - (j == labels[r % examples] ? 1f : 0f);
                    outputs.set(r, j, error * weight);
                }
            }
        }
    };

    /** Turns outputs into predictions, in place. */
    public abstract void predict(Matrix outputs, int rows);

    /** The loss of a prediction, which may be a mean of several. */
    public abstract double loss(Matrix predictions, int row, int label);

    /**
     * Computes the losses, and turns the outputs into {@code weight · ∂loss/∂output} in place.
     *
     * @param outputs in: y, rows × units; out: the gradient
     * @param labels label of each example; row r belongs to example {@code r mod examples}
     * @param weight what a row's gradient is scaled by
     * @param losses out: unscaled loss of each row
     */
    public abstract void train(Matrix outputs, int[] labels, int examples, int rows, float weight, float[] losses);

    /** Whether the first of the greatest predictions is not the label. */
    public static boolean isError(Matrix predictions, int row, int label) {
        return best(predictions, row) != label;
    }

    /** The class with the greatest prediction, the first of equals. */
    public static int best(Matrix predictions, int row) {
        int best = 0;
        for (int j = 1; j < predictions.columns(); j++) {
            if (predictions.get(row, j) > predictions.get(row, best)) {
                best = j;
            }
        }
        return best;
    }
}
