package org.coinflip.model.unit;

import org.coinflip.model.kernel.Backend;
import org.coinflip.model.kernel.operation.Activation;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.noise.Draws;

/** What {@link Gaussian} units do, wherever their deviations are kept. */
public interface GaussianUnits extends UnitLaw {
    /** s. */
    double deviation(int column);

    @Override
    default void sample(
            Backend backend,
            double progress,
            Matrix logits,
            Floats biases,
            Draws draws,
            int draw,
            int rows,
            Matrix probabilities,
            Matrix samples,
            Matrix derivative) {
        backend.elementwise().activate(Activation.LINEAR, logits, biases, rows);
        probabilities.setRows(0, logits, 0, rows);
        backend.sampling().gaussian(1f, draws, draw, rows, derivative);
        for (int j = 0; j < logits.columns(); j++) {
            float deviation = (float) deviation(j);
            for (int r = 0; r < rows; r++) {
                float noise = deviation * derivative.get(r, j);
                derivative.set(r, j, noise);
                samples.set(r, j, logits.get(r, j) + noise);
            }
        }
    }

    @Override
    default void means(Backend backend, Matrix values, Floats biases, int rows) {
        backend.elementwise().activate(Activation.LINEAR, values, biases, rows);
    }

    @Override
    default void thresholds(Backend backend, Matrix values, Floats biases, int rows) {
        means(backend, values, biases, rows);
    }

    @Override
    default boolean hasScore() {
        return true;
    }

    @Override
    default boolean isOftenZero() {
        return false;
    }

    /** Of a; of log s it is the same, for the squared deviation (h − a)², whose mean is s². */
    @Override
    default void multiplyByNaturalSlope(Matrix logits, int rows, Matrix gradient) {
        for (int j = 0; j < gradient.columns(); j++) {
            double deviation = deviation(j);
            float precision = (float) (1 / (deviation * deviation));
            for (int r = 0; r < rows; r++) {
                gradient.set(r, j, precision * gradient.get(r, j));
            }
        }
    }

    @Override
    default Pathwise pathwise() {
        return Pathwise.SHIFT;
    }
}
