package org.coinflip.data.transform;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.kernel.SymmetricEigen;
import org.coinflip.model.noise.NoiseKey;
import org.coinflip.model.transform.Projection;
import org.coinflip.model.transform.ProjectionSpec;
import org.coinflip.model.transform.RawFeatures;
import org.coinflip.model.transform.Transformation;

/**
 * The projection of the training split alone, in double precision: principal components are eigenvectors of the covariance, the greatest
 * eigenvalue first, each with the sign that makes its largest number positive; a rotation is the orthogonal factor of a matrix of normal
 * numbers (Gram–Schmidt), which is uniform over all rotations and reflections.
 */
final class ProjectionFit {
    /** Of the features, whose covariance is a matrix: 512 MB. */
    private static final int MOST_FEATURES = 1 << 13;

    private ProjectionFit() {}

    /**
     * Fits a projection.
     *
     * @param scaling what features go through first
     */
    static Projection fit(ProjectionSpec spec, Transformation scaling, TrainingExamples training) {
        if (spec.type() == ProjectionSpec.Type.NONE) {
            return Projection.NONE;
        }
        int width = training.width();
        if (spec.components() > width) {
            throw new UsageException("data.project.components: got " + spec.components() + ", expected at most " + width
                    + ", the features of an example");
        }
        if (width > MOST_FEATURES) {
            throw new UsageException("data.project.type: got " + spec.type() + " of " + width
                    + " features, expected at most " + MOST_FEATURES + ": leave data.project out, or features");
        }
        double[] mean = training.after(new Mean(scaling, training.size())).mean;
        double[][] rows = spec.type() == ProjectionSpec.Type.PCA
                ? principal(spec.components(), covariance(scaling, training, mean))
                : identity(width);
        if (spec.rotate()) {
            rows = product(rotation(rows.length, spec.seed()), rows);
        }
        List<Float> weights = new ArrayList<>();
        for (double[] row : rows) {
            for (double weight : row) {
                weights.add((float) weight);
            }
        }
        List<Float> means = new ArrayList<>();
        for (double m : mean) {
            means.add((float) m);
        }
        return new Projection(spec, rows.length, means, Collections.unmodifiableList(weights));
    }

    /** {@code E[x xᵀ] − m mᵀ}, lower triangle. */
    private static double[] covariance(Transformation scaling, TrainingExamples training, double[] mean) {
        int width = mean.length;
        double[] covariance = training.after(new SecondMoments(scaling, training.size())).moments;
        for (int i = 0; i < width; i++) {
            for (int j = 0; j <= i; j++) {
                covariance[i * width + j] -= mean[i] * mean[j];
            }
        }
        return covariance;
    }

    /** A pass over scaled examples. */
    private abstract static class OfScaled implements Pass {
        private static final long serialVersionUID = 1L;

        private final Transformation scaling;
        final double examples;
        final int width;

        OfScaled(Transformation scaling, int examples) {
            this.scaling = scaling;
            this.examples = examples;
            this.width = scaling.inputs();
        }

        abstract void see(float[] x);

        @Override
        public void see(RawFeatures raw, int[] training) {
            Transformation.Scaler scaler = scaling.scaler();
            float[] x = new float[width];
            for (int place : training) {
                scaler.scale(raw, place, x);
                see(x);
            }
        }
    }

    private static final class Mean extends OfScaled {
        private static final long serialVersionUID = 1L;

        private final double[] mean;

        Mean(Transformation scaling, int examples) {
            super(scaling, examples);
            mean = new double[width];
        }

        @Override
        void see(float[] x) {
            for (int j = 0; j < width; j++) {
                mean[j] += x[j] / examples;
            }
        }
    }

    /** {@code E[x xᵀ]}, lower triangle: features that are zero, as most pixels are, cost nothing. */
    private static final class SecondMoments extends OfScaled {
        private static final long serialVersionUID = 1L;

        private final double[] moments;
        private final int[] filled;

        SecondMoments(Transformation scaling, int examples) {
            super(scaling, examples);
            moments = new double[width * width];
            filled = new int[width];
        }

        @Override
        void see(float[] x) {
            int count = 0;
            for (int j = 0; j < width; j++) {
                if (x[j] != 0f) {
                    filled[count++] = j;
                }
            }
            for (int a = 0; a < count; a++) {
                int row = filled[a] * width;
                double factor = x[filled[a]] / examples;
                for (int b = 0; b <= a; b++) {
                    moments[row + filled[b]] += factor * x[filled[b]];
                }
            }
        }
    }

    private static double[][] principal(int components, double[] covariance) {
        int width = (int) Math.sqrt(covariance.length);
        SymmetricEigen eigen = new SymmetricEigen(width, covariance);
        double[][] rows = new double[components][width];
        for (int c = 0; c < components; c++) {
            for (int j = 0; j < width; j++) {
                rows[c][j] = eigen.vector(j, width - 1 - c);
            }
        }
        return rows;
    }

    /** Rows of a random orthogonal matrix. */
    static double[][] rotation(int size, long seed) {
        NoiseKey key = new NoiseKey(seed, 0, NoiseKey.PROJECTION);
        double[][] rows = new double[size][size];
        for (int i = 0; i < size; i++) {
            for (int j = 0; j < size; j++) {
                long at = 2L * ((long) i * size + j);
                rows[i][j] = Math.sqrt(-2 * StrictMath.log(key.uniform(at)))
                        * StrictMath.cos(2 * Math.PI * key.uniform(at + 1));
            }
            // twice: what rounding leaves of the rows before goes the second time
            for (int pass = 0; pass < 2; pass++) {
                for (int k = 0; k < i; k++) {
                    double along = 0;
                    for (int j = 0; j < size; j++) {
                        along += rows[i][j] * rows[k][j];
                    }
                    for (int j = 0; j < size; j++) {
                        rows[i][j] -= along * rows[k][j];
                    }
                }
            }
            double norm = 0;
            for (double value : rows[i]) {
                norm += value * value;
            }
            for (int j = 0; j < size; j++) {
                rows[i][j] /= Math.sqrt(norm);
            }
        }
        return rows;
    }

    private static double[][] identity(int size) {
        double[][] rows = new double[size][size];
        for (int i = 0; i < size; i++) {
            rows[i][i] = 1;
        }
        return rows;
    }

    private static double[][] product(double[][] a, double[][] b) {
        double[][] out = new double[a.length][b[0].length];
        for (int i = 0; i < a.length; i++) {
            for (int k = 0; k < b.length; k++) {
                for (int j = 0; j < out[i].length; j++) {
                    out[i][j] += a[i][k] * b[k][j];
                }
            }
        }
        return out;
    }
}
