package org.coinflip.data.transform;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.coinflip.data.raw.RawExamples;
import org.coinflip.model.transform.Binarisation;
import org.coinflip.model.transform.ProjectionSpec;
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
public final class ScalingFit {
    private ScalingFit() {}

    /**
     * Fits scaling of features whose holes are filled, then a projection of what it gives.
     *
     * @param fill what stands for a hole in each feature; empty where there are none
     */
    public static Transformation fit(
            List<Float> fill,
            Scaling scaling,
            Binarisation binarisation,
            ProjectionSpec project,
            RawExamples raw,
            int[] training) {
        Transformation scaled = fit(fill, scaling, binarisation, raw, training);
        return scaled.with(ProjectionFit.fit(project, scaled, raw, training));
    }

    /**
     * Fits a transformation.
     *
     * @param raw the examples, not modified
     * @param training places of the training examples, at least one
     */
    public static Transformation fit(Scaling scaling, Binarisation binarisation, RawExamples raw, int[] training) {
        return fit(List.of(), scaling, binarisation, raw, training);
    }

    private static Transformation fit(
            List<Float> fill, Scaling scaling, Binarisation binarisation, RawExamples raw, int[] training) {
        int width = raw.width();
        float[] scale = new float[width];
        float[] offset = new float[width];
        if (scaling == Scaling.NONE || (scaling == Scaling.UNIT && raw.areBytes())) {
            float factor = scaling == Scaling.NONE ? 1 : 1f / raw.byteMaximum();
            return new Transformation(
                            scaling, binarisation, Collections.nCopies(width, factor), Collections.nCopies(width, 0f))
                    .withFill(fill);
        }
        double[] column = new double[training.length];
        for (int j = 0; j < width; j++) {
            for (int i = 0; i < training.length; i++) {
                float value = raw.feature(training[i], j);
                column[i] = Float.isNaN(value) ? fill.get(j) : value;
            }
            double least = Arrays.stream(column).min().orElseThrow();
            double spread = Arrays.stream(column).max().orElseThrow() - least;
            double origin = least;
            if (scaling == Scaling.STANDARD) {
                origin = spread == 0 ? least : mean(column);
                spread = spread == 0 ? 0 : deviation(column, origin);
            }
            double divisor = spread > Float.MIN_NORMAL ? spread : 1;
            scale[j] = (float) (1 / divisor);
            offset[j] = (float) (0.0 - origin / divisor);
        }
        return new Transformation(scaling, binarisation, Transformation.boxed(scale), Transformation.boxed(offset))
                .withFill(fill);
    }

    private static double mean(double[] column) {
        double sum = 0;
        for (double value : column) {
            sum += value;
        }
        return sum / column.length;
    }

    private static double deviation(double[] column, double mean) {
        double sum = 0;
        for (double value : column) {
            sum += (value - mean) * (value - mean);
        }
        return Math.sqrt(sum / column.length);
    }
}
