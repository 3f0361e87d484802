package org.coinflip.data.transform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.stream.IntStream;
import org.coinflip.data.raw.RawExamples;
import org.coinflip.data.table.MissingValues;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.example.Examples;
import org.coinflip.model.transform.Binarisation;
import org.coinflip.model.transform.Naming;
import org.coinflip.model.transform.Projection;
import org.coinflip.model.transform.ProjectionSpec;
import org.coinflip.model.transform.Scaling;
import org.coinflip.model.transform.Transformation;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("numerical")
class ProjectionFitTest {
    private static final int N = 400;
    private static final int[] ALL = IntStream.range(0, N).toArray();

    /** Three features with deviations 5, 1 and 0.2, turned by 30° in the plane of the first two, about the point (7, −3, 2). */
    private static RawExamples turned() {
        Random random = new Random(6);
        float[] floats = new float[3 * N];
        for (int i = 0; i < N; i++) {
            double a = 5 * random.nextGaussian();
            double b = random.nextGaussian();
            floats[3 * i] = (float) (7 + a * Math.cos(Math.PI / 6) - b * Math.sin(Math.PI / 6));
            floats[3 * i + 1] = (float) (-3 + a * Math.sin(Math.PI / 6) + b * Math.cos(Math.PI / 6));
            floats[3 * i + 2] = (float) (2 + 0.2 * random.nextGaussian());
        }
        return RawExamples.ofFloats(3, 0, new int[N], floats);
    }

    private static Transformation fit(ProjectionSpec spec) {
        return new TransformationFit(MissingValues.REFUSED, Scaling.NONE, Binarisation.NONE, spec)
                .fit(TrainingExamples.of(turned(), ALL), Naming.NONE);
    }

    private static Examples projected(ProjectionSpec spec) {
        return fit(spec).apply(turned(), ALL, 1);
    }

    private static double moment(Examples examples, int i, int j) {
        double sum = 0;
        for (int t = 0; t < N; t++) {
            sum += (double) examples.feature(t, i) * examples.feature(t, j) / N;
        }
        return sum;
    }

    @Test
    void principalComponentsAreUncorrelatedAndOrderedByVariance() {
        Projection fit =
                fit(new ProjectionSpec(ProjectionSpec.Type.PCA, 2, false, 0)).projection();
        assertEquals(Math.cos(Math.PI / 6), fit.weights().get(0), 0.02);
        assertEquals(Math.sin(Math.PI / 6), fit.weights().get(1), 0.02);
        Examples examples = projected(fit.spec());
        assertEquals(2, examples.width());
        assertEquals(25, moment(examples, 0, 0), 4);
        assertEquals(1, moment(examples, 1, 1), 0.2);
        // features of about 10 projected by weights rounded to u = 2⁻²⁴: each projection is off by a few u of that,
        // times the other's deviation, 5
        assertEquals(0, moment(examples, 0, 1), 6 * 10 * 5 * 0x1p-24);
    }

    @Test
    void aRotationKeepsDistancesAndMixesFeatures() {
        Examples plain = projected(new ProjectionSpec(ProjectionSpec.Type.PCA, 3, false, 0));
        for (ProjectionSpec spec : new ProjectionSpec[] {
            new ProjectionSpec(ProjectionSpec.Type.PCA, 3, true, 4),
            new ProjectionSpec(ProjectionSpec.Type.ROTATION, 0, true, 4)
        }) {
            Examples turned = projected(spec);
            for (int t = 0; t < 20; t++) {
                // sums of three products, of numbers of about 20 before the mean is taken from them
                assertEquals(norm(plain, t), norm(turned, t), 2 * 3 * 6 * 20 * 0x1p-24);
            }
            assertTrue(Math.abs(moment(turned, 0, 1)) > 0.5);
        }
    }

    private static double norm(Examples examples, int t) {
        double sum = 0;
        for (int j = 0; j < examples.width(); j++) {
            sum += (double) examples.feature(t, j) * examples.feature(t, j);
        }
        return Math.sqrt(sum);
    }

    @Test
    void rotationsAreOrthogonalAndDifferBySeed() {
        double[][] rows = ProjectionFit.rotation(40, 7);
        for (int i = 0; i < 40; i++) {
            for (int k = 0; k <= i; k++) {
                double product = 0;
                for (int j = 0; j < 40; j++) {
                    product += rows[i][j] * rows[k][j];
                }
                assertEquals(i == k ? 1 : 0, product, 1e-12);
            }
        }
        assertTrue(Math.abs(rows[0][0] - ProjectionFit.rotation(40, 8)[0][0]) > 1e-6);
    }

    @Test
    void moreComponentsThanFeaturesAreRefused() {
        UsageException e = assertThrows(
                UsageException.class, () -> projected(new ProjectionSpec(ProjectionSpec.Type.PCA, 4, false, 0)));
        assertEquals("data.project.components: got 4, expected at most 3, the features of an example", e.getMessage());
    }
}
