package org.coinflip.model.objective;

import org.coinflip.model.error.DataException;
import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.settings.Section;

/** A loss of a row of outputs y and what it is held against: the example's label, its features x, or its values t. Stateless and thread-safe. */
public enum Objective {
    /** Softmax cross-entropy, {@code −log softmax(y)[label]}; the prediction is the softmax. */
    CROSS_ENTROPY(Against.LABEL, true) {
        @Override
        public void predict(Matrix outputs, int rows, int targets) {
            for (int r = 0; r < rows; r++) {
                Softmax.predict(outputs, r, 0, outputs.columns());
            }
        }

        @Override
        public double loss(Matrix outputs, int row, Examples examples, int place) {
            return Softmax.loss(outputs, row, 0, outputs.columns(), examples.label(place));
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
                losses[r] = (float) Softmax.train(outputs, r, 0, outputs.columns(), label, weight);
            }
        }
    },

    /**
     * A class at every step, {@code −Σ_t log softmax(y_t)[c_t]}, y_t the outputs of step t and c_t the class that the example's value t is, over the steps that one is asked of;
     * the prediction is the softmax of each step, the error the part of these steps that are told wrongly. See {@link StepClasses}.
     */
    STEP_CROSS_ENTROPY(Against.STEPS, true) {
        @Override
        public void predict(Matrix outputs, int rows, int targets) {
            StepClasses.predict(outputs, rows, targets);
        }

        @Override
        public double loss(Matrix outputs, int row, Examples examples, int place) {
            return StepClasses.loss(outputs, row, examples, place);
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
            StepClasses.train(outputs, targets, rows, weight, losses);
        }

        @Override
        public double error(Matrix predictions, int row, Examples examples, int place) {
            return StepClasses.error(predictions, row, examples, place);
        }
    },

    /** Squared error to the one-hot code of the label, {@code ½ ‖y − onehot(label)‖²}; the prediction is y. */
    SQUARED_ERROR(Against.LABEL, false) {
        @Override
        public void predict(Matrix outputs, int rows, int targets) {}

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

    /** Squared error to the example's values, {@code ½ ‖y − t‖²}: a Gaussian of unit variance; the prediction is y. */
    REGRESSION(Against.VALUES, false) {
        @Override
        double loss(double output, double target) {
            double error = output - target;
            return error * error / 2;
        }

        @Override
        float slope(float output, float target) {
            return output - target;
        }
    },

    /**
     * Huber's loss, {@code Σ_j h(y_j − t_j)} with {@code h(e) = ½ e²} for |e| ≤ 1 and {@code |e| − ½} beyond: values far off count by their distance. The prediction is y.
     * Scale values so that an error of 1 is a large one. Huber (1964), "Robust Estimation of a Location Parameter".
     */
    HUBER(Against.VALUES, false) {
        @Override
        double loss(double output, double target) {
            double error = Math.abs(output - target);
            return error <= 1 ? error * error / 2 : error - 0.5;
        }

        @Override
        float slope(float output, float target) {
            return Math.max(-1f, Math.min(1f, output - target));
        }
    },

    /**
     * Poisson regression of counts, {@code Σ_j exp(y_j) − t_j y_j}: but for log t!, −log of the probability of t_j at the rate exp(y_j); the prediction is exp(y). Values are at
     * least 0.
     */
    POISSON(Against.VALUES, true) {
        @Override
        double loss(double output, double target) {
            return StrictMath.exp(output) - target * output;
        }

        @Override
        float slope(float output, float target) {
            return (float) (StrictMath.exp(output) - target);
        }

        @Override
        float prediction(float output) {
            return (float) StrictMath.exp(output);
        }

        @Override
        boolean admits(float target) {
            return target >= 0;
        }
    },

    /**
     * Several labels at once, {@code −Σ_j t_j log σ(y_j) + (1 − t_j) log(1 − σ(y_j))}, t_j 1 where label j is an example's, else 0 (or between, a probability); the prediction is σ(y).
     */
    MULTI_LABEL(Against.VALUES, true) {
        @Override
        double loss(double output, double target) {
            return softplus(output) - target * output;
        }

        @Override
        float slope(float output, float target) {
            return prediction(output) - target;
        }

        @Override
        float prediction(float output) {
            return logistic(output);
        }

        @Override
        boolean admits(float target) {
            return target >= 0 && target <= 1;
        }
    },

    /**
     * Bernoulli reconstruction of features in [0, 1], {@code −Σ_j x_j log σ(y_j) + (1 − x_j) log(1 − σ(y_j))}; the prediction is σ(y).
     */
    BERNOULLI_RECONSTRUCTION(Against.FEATURES, true) {
        @Override
        float prediction(float output) {
            return logistic(output);
        }

        @Override
        double loss(double output, double target) {
            return softplus(output) - target * output;
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
            backend.losses()
                    .bernoulliLoss(outputs, targets.features(), targets.examples(), rows, weight, parts, losses);
        }
    },

    /**
     * Poisson reconstruction of features that count, 0, 1, 2, …: {@code Σ_j λ_j − x_j log λ_j + log x_j!}, −log of the probability of x at the rates
     * {@code λ = log(1 + eʸ)}, which grow as y does; the prediction is λ.
     */
    POISSON_RECONSTRUCTION(Against.FEATURES, true) {
        @Override
        double loss(double output, double target) {
            double rate = softplus(output);
            if (target == 0) {
                return rate;
            }
            // of a rate next to nothing the logarithm is y
            double log = output < -40 ? output : StrictMath.log(rate);
            return rate - target * log + LogFactorial.of(target);
        }

        @Override
        float slope(float output, float target) {
            double sigmoid = logistic(output);
            if (target == 0) {
                return (float) sigmoid;
            }
            double ofLog = output < -40 ? 1 : sigmoid / softplus(output);
            return (float) (sigmoid - target * ofLog);
        }

        @Override
        float prediction(float output) {
            return (float) softplus(output);
        }

        @Override
        boolean admits(float target) {
            return target >= 0 && target == Math.rint(target);
        }
    },

    /** Gaussian reconstruction with unit variance, {@code ½ ‖y − x‖²}; the prediction is y. */
    GAUSSIAN_RECONSTRUCTION(Against.FEATURES, false) {
        @Override
        public void predict(Matrix outputs, int rows, int targets) {}

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
            backend.losses().gaussianLoss(outputs, targets.features(), targets.examples(), rows, weight, parts, losses);
        }
    };

    private enum Against {
        LABEL,
        FEATURES,
        VALUES,
        STEPS
    }

    private final Against against;
    private final boolean likelihood;

    Objective(Against against, boolean likelihood) {
        this.against = against;
        this.likelihood = likelihood;
    }

    /** Whether outputs are held against the features, not the label. */
    public boolean isReconstruction() {
        return against == Against.FEATURES;
    }

    /** Whether outputs are held against the example's values: one each, or those of a step against one. */
    public boolean isOfValues() {
        return against == Against.VALUES || isOfSteps();
    }

    /** Whether outputs are the classes of each of the example's values. */
    public boolean isOfSteps() {
        return against == Against.STEPS;
    }

    /** Whether {@link #error} counts what is told wrongly, from 0 to 1; otherwise it is a squared error. */
    public boolean countsErrors() {
        return isOfClasses() || isOfSteps();
    }

    /** Whether outputs are held against the label: then each is a class. */
    public boolean isOfClasses() {
        return against == Against.LABEL;
    }

    /** Whether predictions are the probabilities of the classes. */
    public boolean isOfProbabilities() {
        return isOfClasses() && isLikelihood();
    }

    /** Whether outputs less what they are held against are errors: not so where they are probabilities of classes. */
    public boolean hasResiduals() {
        return !isOfProbabilities() && !isOfSteps();
    }

    /**
     * Whether the loss is −log of a probability: then the loss of K draws is that of their mean probability,
     * {@code −log 1/K Σ_k exp(−loss_k)}, and otherwise that of the mean output.
     */
    public boolean isLikelihood() {
        return likelihood;
    }

    /** The loss of one output, of an objective that is a sum over them. */
    double loss(double output, double target) {
        throw new IllegalStateException(this + " is no sum over outputs");
    }

    /** ∂loss/∂output, of an objective that is a sum over outputs. */
    float slope(float output, float target) {
        throw new IllegalStateException(this + " is no sum over outputs");
    }

    /** What one output predicts, where it is by itself. */
    float prediction(float output) {
        return output;
    }

    /** {@code log(1 + eʸ)}. */
    private static double softplus(double y) {
        return Math.max(y, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(y)));
    }

    private static float logistic(float output) {
        return (float) (1 / (1 + StrictMath.exp(-output)));
    }

    /** Whether an output can be held to a value. */
    boolean admits(float target) {
        return true;
    }

    private void require(float target) {
        if (!admits(target)) {
            String what = isReconstruction() ? "feature" : "value";
            throw new DataException("an example has the " + what + " " + target + ", which objective = "
                    + Section.name(this) + " cannot be held to: correct the " + what + "s, or give another objective");
        }
    }

    /**
     * Turns outputs into predictions, in place.
     *
     * @param targets values that an example has; any number where outputs are held against something else
     */
    public void predict(Matrix outputs, int rows, int targets) {
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < outputs.columns(); j++) {
                outputs.set(r, j, prediction(outputs.get(r, j)));
            }
        }
    }

    /**
     * The loss of a row of outputs.
     *
     * @param place which of the examples the row belongs to
     */
    public double loss(Matrix outputs, int row, Examples examples, int place) {
        double sum = 0;
        for (int j = 0; j < outputs.columns(); j++) {
            float target = isReconstruction() ? examples.feature(place, j) : examples.value(place, j);
            require(target);
            sum += loss((double) outputs.get(row, j), target);
        }
        return sum;
    }

    /**
     * Computes the losses, and turns the outputs into {@code weight · ∂loss/∂output} in place.
     *
     * @param outputs in: y, rows × units; out: the gradient
     * @param weight what a row's gradient is scaled by
     * @param parts room for {@link Matrix#ROW_UNIT} numbers, modified
     * @param losses out: unscaled loss of each row
     */
    public void train(
            Backend backend, Matrix outputs, Targets targets, int rows, float weight, Floats parts, float[] losses) {
        Matrix heldTo = isReconstruction() ? targets.features() : targets.values();
        for (int r = 0; r < rows; r++) {
            int place = r % targets.examples();
            double sum = 0;
            for (int j = 0; j < outputs.columns(); j++) {
                float output = outputs.get(r, j);
                float target = heldTo.get(place, j);
                require(target);
                sum += loss((double) output, target);
                outputs.set(r, j, slope(output, target) * weight);
            }
            losses[r] = (float) sum;
        }
    }

    /**
     * How wrong a row of predictions is: 1 where the first of the greatest is not the label, else 0; for a reconstruction the mean
     * squared error of a feature, of values that of a value.
     */
    public double error(Matrix predictions, int row, Examples examples, int place) {
        if (against == Against.LABEL) {
            return best(predictions, row) == examples.label(place) ? 0 : 1;
        }
        double sum = 0;
        for (int j = 0; j < predictions.columns(); j++) {
            double target = isReconstruction() ? examples.feature(place, j) : examples.value(place, j);
            double error = predictions.get(row, j) - target;
            sum += error * error;
        }
        return sum / predictions.columns();
    }

    /** The class with the greatest prediction, the first of equals. */
    public static int best(Matrix predictions, int row) {
        return Softmax.best(predictions, row, 0, predictions.columns());
    }
}
