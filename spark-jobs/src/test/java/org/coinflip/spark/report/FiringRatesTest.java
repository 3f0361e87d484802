package org.coinflip.spark.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.coinflip.spark.report.chart.Chart;
import org.junit.jupiter.api.Test;

class FiringRatesTest {
    private static final double ROUNDING = 1e-12;

    @Test
    void everyUnitIsInOneOfTwentyBinsTheEndsIncluded() {
        Chart chart = of(List.of(0.0, 0.049, 0.05, 0.5, 0.951, 1.0)).get(0);
        double[] expected = new double[FiringRates.BINS];
        expected[0] = 2;
        expected[1] = 1;
        expected[10] = 1;
        expected[19] = 2;
        for (int bin = 0; bin < FiringRates.BINS; bin++) {
            assertEquals(0.025 + 0.05 * bin, chart.x().values().get(bin), ROUNDING);
            assertEquals(expected[bin], chart.curves().get(0).y().get(bin), "bin " + bin);
        }
    }

    @Test
    void countsTheUnitsThatHaveBecomeConstants() {
        String note = of(List.of(0.0, 0.0009, 0.001, 0.5, 0.999, 0.9991, 1.0, 1.0))
                .get(0)
                .note();
        assertEquals("Of 8 units, 2 never fire (rate below 0.1%) and 3 always fire (above 99.9%).", note);
    }

    @Test
    void layersAreCalledAsInTheSummaryAndByTheirPlaceWhereItIsSilent() {
        Map<String, Object> run = Map.of(
                "layers", List.of(Map.of("layer", 2, "law", "bernoulli")), "firingRates", new double[][] {{0.5}, {0.25}
                });
        List<Chart> charts =
                FiringRates.histograms(Fields.of(run), new Layers(Fields.of(run).list("layers")));
        assertEquals(
                List.of("Firing rates: layer 2 (bernoulli)", "Firing rates: stochastic layer 2"),
                charts.stream().map(Chart::title).toList());
    }

    @Test
    void whatIsNoRateIsNotCounted() {
        assertTrue(of(List.of()).isEmpty());
        assertTrue(of(List.of("many", Double.NaN, -0.1, 1.1)).isEmpty());
        assertTrue(of(Collections.singletonList(null)).isEmpty());
        assertTrue(of(List.of(Double.NaN, 0.5)).get(0).note().startsWith("Of 1 units"));
    }

    private static List<Chart> of(List<?> rates) {
        return FiringRates.histograms(Fields.of(Map.of("firingRates", List.of(rates))), new Layers(List.of()));
    }
}
