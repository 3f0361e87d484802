package org.coinflip.spark.report.chart;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ThinningTest {
    private static final int LENGTH = 10_000;

    @Test
    void keepsAllOfAShortRun() {
        assertArrayEquals(new int[] {0, 1, 2}, Thinning.kept(List.of(curve(3, 2, 1)), 3));
    }

    @Test
    void keepsASpikeOfOneRoundOfEveryCurve() {
        double[] up = new double[LENGTH];
        double[] down = new double[LENGTH];
        up[4321] = 1;
        down[8765] = -1;
        int[] kept = Thinning.kept(List.of(curve(up), curve(down)), 100);
        assertTrue(Arrays.stream(kept).anyMatch(i -> i == 4321));
        assertTrue(Arrays.stream(kept).anyMatch(i -> i == 8765));
    }

    @Test
    void keepsTheEndsAscendsAndStaysWithinTheBound() {
        double[] y =
                IntStream.range(0, LENGTH).mapToDouble(i -> Math.sin(i * i)).toArray();
        int[] kept = Thinning.kept(List.of(curve(y)), 100);
        assertEquals(0, kept[0]);
        assertEquals(LENGTH - 1, kept[kept.length - 1]);
        assertTrue(kept.length <= 102, kept.length + " kept");
        assertArrayEquals(Arrays.stream(kept).distinct().sorted().toArray(), kept);
    }

    @Test
    void keepsWhatASparseCurveMeasured() {
        double[] y = new double[LENGTH];
        Arrays.fill(y, Double.NaN);
        y[77] = 1;
        y[9000] = 2;
        int[] kept = Thinning.kept(List.of(curve(y)), 100);
        assertArrayEquals(new int[] {0, 77, 9000, LENGTH - 1}, kept);
    }

    private static Curve curve(double... y) {
        return new Curve("curve", false, Arrays.stream(y).boxed().toList());
    }
}
