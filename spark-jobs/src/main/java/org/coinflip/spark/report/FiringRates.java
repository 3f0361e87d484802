package org.coinflip.spark.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.coinflip.spark.report.chart.Abscissa;
import org.coinflip.spark.report.chart.Chart;
import org.coinflip.spark.report.chart.Chart.Style;
import org.coinflip.spark.report.chart.Curve;
import org.coinflip.spark.report.chart.Numbers;

/**
 * How the units of each stochastic layer share out the firing: a histogram of their rates, with the units that have become constants
 * counted under it. The layer's mean rate tells neither.
 */
final class FiringRates {
    /** The script draws bars of this many equal widths over [0, 1]. */
    static final int BINS = 20;

    private static final double NEVER = 0.001;
    private static final double ALWAYS = 0.999;

    private FiringRates() {}

    /** A histogram for each layer of which some unit's rate is known. */
    static List<Chart> histograms(Fields run, Layers layers) {
        List<?> all = run.items("firingRates");
        List<Chart> histograms = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            double[] rates = Arrays.stream(Fields.numbers(all.get(i)))
                    .filter(rate -> rate >= 0 && rate <= 1)
                    .toArray();
            if (rates.length > 0) {
                histograms.add(histogram(label(i, layers), rates));
            }
        }
        return histograms;
    }

    private static String label(int place, Layers layers) {
        Optional<String> name =
                place < layers.all().size() ? layers.all().get(place).text("layer") : Optional.empty();
        return name.map(layers::label).orElse("stochastic layer " + (place + 1));
    }

    private static Chart histogram(String layer, double[] rates) {
        double[] units = new double[BINS];
        for (double rate : rates) {
            units[Math.min(BINS - 1, (int) (rate * BINS))]++;
        }
        Stream<Double> centres = IntStream.range(0, BINS).mapToObj(bin -> (bin + 0.5) / BINS);
        return new Chart(
                "Firing rates: " + layer,
                note(rates),
                new Abscissa("firing rate of a unit", centres.toList()),
                "units",
                Style.HISTOGRAM,
                List.of(new Curve("units", false, Arrays.stream(units).boxed().toList())));
    }

    private static String note(double[] rates) {
        long never = Arrays.stream(rates).filter(rate -> rate < NEVER).count();
        long always = Arrays.stream(rates).filter(rate -> rate > ALWAYS).count();
        return "Of " + Numbers.count(rates.length) + " units, " + Numbers.count((double) never)
                + " never fire (rate below 0.1%) and " + Numbers.count((double) always) + " always fire (above 99.9%).";
    }
}
