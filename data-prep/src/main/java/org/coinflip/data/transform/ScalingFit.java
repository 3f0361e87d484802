package org.coinflip.data.transform;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.coinflip.model.transform.Binarisation;
import org.coinflip.model.transform.RawFeatures;
import org.coinflip.model.transform.Scaling;
import org.coinflip.model.transform.Transformation;

/**
 * The scale and offset of each feature from the training split alone, in double precision, in the order of the examples.
 *
 * <ul>
 *   <li>unit, bytes: {@code 1 / byteMaximum} and 0, whatever the training split holds;
 *   <li>unit, floats: {@code 1 / (max − min)} and {@code −min / (max − min)}: the training split lies in [0, 1] but for one
 *       rounding, other examples may lie outside;
 *   <li>standard: {@code 1 / s} and {@code −m / s}, m the mean and s the standard deviation (divisor n).
 * </ul>
 *
 * <p>A constant feature (max = min, or so near that the scale would overflow) has scale 1 and offset −min (unit) or −m (standard):
 * it is 0 throughout the training split.
 */
final class ScalingFit {
    private ScalingFit() {}

    /**
     * Fits scaling of features whose holes are filled.
     *
     * @param fill what stands for a hole in each feature; empty where there are none
     */
    static Transformation fit(List<Float> fill, Scaling scaling, Binarisation binarisation, TrainingExamples training) {
        int width = training.width();
        if (scaling == Scaling.NONE || (scaling == Scaling.UNIT && training.byteMaximum() > 0)) {
            float factor = scaling == Scaling.NONE ? 1 : 1f / training.byteMaximum();
            return new Transformation(
                            scaling, binarisation, Collections.nCopies(width, factor), Collections.nCopies(width, 0f))
                    .withFill(fill);
        }
        Range range = training.together(new Range(fill, width));
        double[] origin = range.least;
        double[] spread = new double[width];
        for (int j = 0; j < width; j++) {
            spread[j] = range.greatest[j] - range.least[j];
        }
        if (scaling == Scaling.STANDARD) {
            double[] mean = training.after(new Sum(fill, width)).sum;
            for (int j = 0; j < width; j++) {
                mean[j] /= training.size();
            }
            double[] squares = training.after(new SquaredDistance(fill, mean)).sum;
            for (int j = 0; j < width; j++) {
                if (spread[j] != 0) {
                    origin[j] = mean[j];
                    spread[j] = Math.sqrt(squares[j] / training.size());
                }
            }
        }
        float[] scale = new float[width];
        float[] offset = new float[width];
        for (int j = 0; j < width; j++) {
            double divisor = spread[j] > Float.MIN_NORMAL ? spread[j] : 1;
            scale[j] = (float) (1 / divisor);
            offset[j] = (float) (0.0 - origin[j] / divisor);
        }
        return new Transformation(scaling, binarisation, Transformation.boxed(scale), Transformation.boxed(offset))
                .withFill(fill);
    }

    /** A pass over each feature's values, holes filled. */
    private abstract static class OfFeatures implements Pass {
        private static final long serialVersionUID = 1L;

        private final float[] fill;
        private final int width;

        OfFeatures(List<Float> fill, int width) {
            this.fill = new float[fill.size()];
            for (int j = 0; j < this.fill.length; j++) {
                this.fill[j] = fill.get(j);
            }
            this.width = width;
        }

        abstract void see(int j, double value);

        @Override
        public void see(RawFeatures raw, int[] training) {
            float[] row = new float[width];
            for (int place : training) {
                raw.features().read(place, row, 0);
                for (int j = 0; j < width; j++) {
                    see(j, Float.isNaN(row[j]) ? fill[j] : row[j]);
                }
            }
        }
    }

    private static final class Range extends OfFeatures implements AnyOrder<Range> {
        private static final long serialVersionUID = 1L;

        private final double[] least;
        private final double[] greatest;

        Range(List<Float> fill, int width) {
            super(fill, width);
            least = new double[width];
            greatest = new double[width];
            Arrays.fill(least, Double.POSITIVE_INFINITY);
            Arrays.fill(greatest, Double.NEGATIVE_INFINITY);
        }

        @Override
        void see(int j, double value) {
            least[j] = Math.min(least[j], value);
            greatest[j] = Math.max(greatest[j], value);
        }

        @Override
        public void see(Range other) {
            for (int j = 0; j < least.length; j++) {
                least[j] = Math.min(least[j], other.least[j]);
                greatest[j] = Math.max(greatest[j], other.greatest[j]);
            }
        }
    }

    private static final class Sum extends OfFeatures {
        private static final long serialVersionUID = 1L;

        private final double[] sum;

        Sum(List<Float> fill, int width) {
            super(fill, width);
            sum = new double[width];
        }

        @Override
        void see(int j, double value) {
            sum[j] += value;
        }
    }

    private static final class SquaredDistance extends OfFeatures {
        private static final long serialVersionUID = 1L;

        private final double[] from;
        private final double[] sum;

        SquaredDistance(List<Float> fill, double[] from) {
            super(fill, from.length);
            this.from = from;
            sum = new double[from.length];
        }

        @Override
        void see(int j, double value) {
            sum[j] += (value - from[j]) * (value - from[j]);
        }
    }
}
