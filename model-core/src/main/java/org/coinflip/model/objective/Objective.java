package org.coinflip.model.objective;

import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;

/** A loss of a row of outputs y and what it is held against: the example's label, its features x, or its value t. Stateless and thread-safe. */
public enum Objective {
    /** Softmax cross-entropy, {@code −log softmax(y)[label]}; the prediction is the softmax. */
    CROSS_ENTROPY(false, true) {
        @Override
        public void predict(Matrix outputs, int rows) {
            for (int r = 0; r < rows; r++) {
                float most = greatest(outputs, r);
                double sum = exponentials(outputs, r, most);
                for (int j = 0; j < outputs.columns(); j++) {
                    outputs.set(r, j, (float) (outputs.get(r, j) / sum));
                }
            }
        }

        @Override
        public double loss(Matrix outputs, int row, Examples examples, int place) {
            float most = greatest(outputs, row);
            double sum = 0;
            for (int j = 0; j < outputs.columns(); j++) {
                sum += StrictMath.exp(outputs.get(row, j) - most);
            }
            return StrictMath.log(sum) - (outputs.get(row, examples.label(place)) - most);
        }

        @Override
        public void train(
                Backend backend,
                Matrix outputs,
                Targets targets,
                int rows,
                float weight,
                Floats parts,
                float[] losses) {
            for (int r = 0; r < rows; r++) {
                int label = targets.labels()[r % targets.examples()];
                float most = greatest(outputs, r);
                float atLabel = outputs.get(r, label) - most;
                double sum = exponentials(outputs, r, most);
                float factor = (float) (weight / sum);
                for (int j = 0; j < outputs.columns(); j++) {
                    outputs.set(r, j, outputs.get(r, j) * factor);
                }
                outputs.set(r, label, outputs.get(r, label) - weight);
                losses[r] = (float) (StrictMath.log(sum) - atLabel);
            }
        }
    },

    /** Squared error to the one-hot code of the label, {@code ½ ‖y − onehot(label)‖²}; the prediction is y. */
    SQUARED_ERROR(false, false) {
        @Override
        public void predict(Matrix outputs, int rows) {}

        @Override
        public double loss(Matrix outputs, int row, Examples examples, int place) {
            return loss(outputs, row, examples.label(place));
        }

        private static double loss(Matrix outputs, int row, int label) {
            double sum = 0;
            for (int j = 0; j < outputs.columns(); j++) {
                double error = outputs.get(row, j) - (j == label ? 1 : 0);
                sum += error * error;
            }
            return sum / 2;
        }

        @Override
        public void train(
                Backend backend,
                Matrix outputs,
                Targets targets,
                int rows,
                float weight,
                Floats parts,
                float[] losses) {
            for (int r = 0; r < rows; r++) {
                int label = targets.labels()[r % targets.examples()];
                losses[r] = (float) loss(outputs, r, label);
                for (int j = 0; j < outputs.columns(); j++) {
                    float error = outputs.get(r, j) - (j == label ? 1f : 0f);
                    outputs.set(r, j, error * weight);
                }
            }
        }
    },

    /** Squared error to the example's value, {@code ½ (y − t)²}, of one output: a Gaussian of unit variance; the prediction is y. */
    REGRESSION(false, false) {
        @Override
        public boolean isOfValues() {
            return true;
        }

        @Override
        public void predict(Matrix outputs, int rows) {}

        @Override
        public double loss(Matrix outputs, int row, Examples examples, int place) {
            return error(outputs, row, examples, place) / 2;
        }

        @Override
        public void train(
                Backend backend,
                Matrix outputs,
                Targets targets,
                int rows,
                float weight,
                Floats parts,
                float[] losses) {
            for (int r = 0; r < rows; r++) {
                float error = outputs.get(r, 0) - targets.values()[r % targets.examples()];
                losses[r] = error * error / 2;
                outputs.set(r, 0, error * weight);
            }
        }

        @Override
        public double error(Matrix predictions, int row, Examples examples, int place) {
            double error = (double) predictions.get(row, 0) - examples.value(place);
            return error * error;
        }
    },

    /**
     * Bernoulli reconstruction of features in [0, 1], {@code −Σ_j x_j log σ(y_j) + (1 − x_j) log(1 − σ(y_j))}; the prediction is σ(y).
     */
    BERNOULLI_RECONSTRUCTION(true, true) {
        @Override
        public void predict(Matrix outputs, int rows) {
            for (int r = 0; r < rows; r++) {
                for (int j = 0; j < outputs.columns(); j++) {
                    outputs.set(r, j, (float) (1 / (1 + StrictMath.exp(-outputs.get(r, j)))));
                }
            }
        }

        @Override
        public double loss(Matrix outputs, int row, Examples examples, int place) {
            double sum = 0;
            for (int j = 0; j < outputs.columns(); j++) {
                double y = outputs.get(row, j);
                sum += Math.max(y, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(y))) - examples.feature(place, j) * y;
            }
            return sum;
        }

        @Override
        public void train(
                Backend backend,
                Matrix outputs,
                Targets targets,
                int rows,
                float weight,
                Floats parts,
                float[] losses) {
            backend.elementwise()
                    .bernoulliLoss(outputs, targets.features(), targets.examples(), rows, weight, parts, losses);
        }
    },

    /** Gaussian reconstruction with unit variance, {@code ½ ‖y − x‖²}; the prediction is y. */
    GAUSSIAN_RECONSTRUCTION(true, false) {
        @Override
        public void predict(Matrix outputs, int rows) {}

        @Override
        public double loss(Matrix outputs, int row, Examples examples, int place) {
            double sum = 0;
            for (int j = 0; j < outputs.columns(); j++) {
                double error = outputs.get(row, j) - examples.feature(place, j);
                sum += error * error;
            }
            return sum / 2;
        }

        @Override
        public void train(
                Backend backend,
                Matrix outputs,
                Targets targets,
                int rows,
                float weight,
                Floats parts,
                float[] losses) {
            backend.elementwise()
                    .gaussianLoss(outputs, targets.features(), targets.examples(), rows, weight, parts, losses);
        }
    };

    private final boolean reconstruction;
    private final boolean likelihood;

    Objective(boolean reconstruction, boolean likelihood) {
        this.reconstruction = reconstruction;
        this.likelihood = likelihood;
    }

    /** Whether outputs are held against the features, not the label. */
    public boolean isReconstruction() {
        return reconstruction;
    }

    /** Whether the output is held against the example's value. */
    public boolean isOfValues() {
        return false;
    }

    /** Whether outputs are held against the label: then each is a class. */
    public boolean isOfClasses() {
        return !reconstruction && !isOfValues();
    }

    /** Whether predictions are the probabilities of the classes. */
    public boolean isOfProbabilities() {
        return isOfClasses() && isLikelihood();
    }

    /**
     * Whether the loss is −log of a probability: then the loss of K draws is that of their mean probability,
     * {@code −log 1/K Σ_k exp(−loss_k)}, and otherwise that of the mean output.
     */
    public boolean isLikelihood() {
        return likelihood;
    }

    /** Turns outputs into predictions, in place. */
    public abstract void predict(Matrix outputs, int rows);

    /**
     * The loss of a row of outputs.
     *
     * @param place which of the examples the row belongs to
     */
    public abstract double loss(Matrix outputs, int row, Examples examples, int place);

    /**
     * Computes the losses, and turns the outputs into {@code weight · ∂loss/∂output} in place.
     *
     * @param outputs in: y, rows × units; out: the gradient
     * @param weight what a row's gradient is scaled by
     * @param parts room for {@link Matrix#ROW_UNIT} numbers, modified
     * @param losses out: unscaled loss of each row
     */
    public abstract void train(
            Backend backend, Matrix outputs, Targets targets, int rows, float weight, Floats parts, float[] losses);

    /**
     * How wrong a row of predictions is: 1 where the first of the greatest is not the label, else 0; for a reconstruction the mean
     * squared error of a feature, for regression the squared error.
     */
    public double error(Matrix predictions, int row, Examples examples, int place) {
        if (!reconstruction) {
            return best(predictions, row) == examples.label(place) ? 0 : 1;
        }
        double sum = 0;
        for (int j = 0; j < predictions.columns(); j++) {
            double error = predictions.get(row, j) - examples.feature(place, j);
            sum += error * error;
        }
        return sum / predictions.columns();
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

    private static float greatest(Matrix outputs, int row) {
        float most = Float.NEGATIVE_INFINITY;
        for (int j = 0; j < outputs.columns(); j++) {
            most = Math.max(most, outputs.get(row, j));
        }
        return most;
    }

    /** Turns a row into exp(y − most) and adds it up. */
    private static double exponentials(Matrix outputs, int row, float most) {
        double sum = 0;
        for (int j = 0; j < outputs.columns(); j++) {
            float e = (float) StrictMath.exp(outputs.get(row, j) - most);
            outputs.set(row, j, e);
            sum += e;
        }
        return sum;
    }
}
