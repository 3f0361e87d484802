package org.coinflip.spark.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Stream;
import org.coinflip.spark.report.chart.Abscissa;
import org.coinflip.spark.report.chart.Chart;
import org.coinflip.spark.report.chart.Chart.Style;
import org.coinflip.spark.report.chart.Curve;
import org.coinflip.spark.report.chart.Numbers;

/** The curves of {@code measures}: calibration, rejection, draws; one that would show nothing is left out. */
final class MeasureCharts {
    /** How the report calls what examples are left out by. */
    private static final Map<String, String> SURENESS = Map.of(
            "confidence", "by confidence",
            "predictiveEntropy", "by entropy",
            "mutualInformation", "by mutual information");

    private MeasureCharts() {}

    static List<Chart> of(Fields measures) {
        return Stream.of(
                        reliability(measures),
                        rejection(measures.section("rejection")),
                        thresholds(measures, "ROC curve", "falsePositiveRate", "false positive rate", "recall"),
                        thresholds(measures, "Precision and recall", "recall", "recall", "precision"),
                        byDraws(
                                measures.section("draws"),
                                "Error against draws",
                                "classified wrongly (%)",
                                "error",
                                100),
                        byDraws(measures.section("draws"), "Log loss against draws", "nats", "logLoss", 1),
                        byDraws(
                                measures.section("draws"),
                                "Squared error against draws",
                                "squared error",
                                "squaredError",
                                1))
                .map(Chart::withoutEmptyCurves)
                .filter(chart -> !chart.curves().isEmpty())
                .toList();
    }

    private static Chart reliability(Fields measures) {
        List<Fields> bins = measures.list("calibration");
        List<Double> confidence = column(bins, bin -> bin.number("confidence"));
        List<Double> accuracy = column(bins, bin -> bin.number("accuracy"));
        List<Double> errors = new ArrayList<>();
        for (int b = 0; b < bins.size(); b++) {
            double examples = bins.get(b).number("examples").orElse(Double.NaN);
            // Agresti, Coull (1998): of one example, too, something is left to chance
            double part = (accuracy.get(b) * examples + 2) / (examples + 4);
            errors.add(Math.sqrt(part * (1 - part) / (examples + 4)));
        }
        List<Curve> curves = bins.isEmpty()
                ? List.of()
                : List.of(
                        new Curve("accuracy", true, accuracy, errors),
                        new Curve("perfectly calibrated", true, confidence));
        String ece = measures.number("ece").stream()
                .mapToObj(Numbers::figure)
                .findFirst()
                .orElse("–");
        return new Chart(
                "Reliability",
                "Mean distance of the curves (ECE) " + ece + "; bars: ± a standard error of the accuracy.",
                new Abscissa("mean confidence of a bin", confidence),
                "part classified rightly",
                Style.LINES,
                curves);
    }

    private static Chart rejection(Fields rejection) {
        List<Curve> curves = new ArrayList<>();
        List<Double> rejected = List.of();
        StringBuilder areas = new StringBuilder();
        for (String by : List.of("confidence", "predictiveEntropy", "mutualInformation")) {
            Fields one = rejection.section(by);
            List<Double> errors = times(100, Fields.numbers(one.values().get("error")));
            if (!errors.isEmpty()) {
                rejected = times(100, Fields.numbers(one.values().get("rejected")));
                curves.add(new Curve(SURENESS.get(by), true, errors));
                areas.append(areas.isEmpty() ? "Area under the risk-coverage curve: " : ", ")
                        .append(SURENESS.get(by))
                        .append(' ')
                        .append(Numbers.figure(one.number("area").orElse(Double.NaN)));
            }
        }
        return new Chart(
                "Rejection",
                areas.isEmpty() ? "" : areas.append('.').toString(),
                new Abscissa("least sure left out (%)", rejected),
                "others classified wrongly (%)",
                Style.LINES,
                curves);
    }

    private static Chart thresholds(Fields measures, String title, String xKey, String xLabel, String yKey) {
        Fields curve = measures.section("thresholds");
        return new Chart(
                title,
                "Of class 1, for thresholds of its prediction.",
                new Abscissa(xLabel, times(1, Fields.numbers(curve.values().get(xKey)))),
                yKey,
                Style.LINES,
                List.of(new Curve(
                        "class 1", false, times(1, Fields.numbers(curve.values().get(yKey))))));
    }

    private static Chart byDraws(Fields draws, String title, String yLabel, String key, double factor) {
        List<Fields> points = draws.list("byDraws");
        List<Double> values = column(points, point -> point.number(key)).stream()
                .map(value -> factor * value)
                .toList();
        return new Chart(
                title,
                "Of the mean prediction of the first draws.",
                new Abscissa("draws", column(points, point -> point.number("draws"))),
                yLabel,
                Style.LINES,
                List.of(new Curve(yLabel.equals("nats") ? "log loss" : "error", true, values)));
    }

    private static List<Double> column(List<Fields> rows, Function<Fields, OptionalDouble> value) {
        return rows.stream().map(row -> value.apply(row).orElse(Double.NaN)).toList();
    }

    private static List<Double> times(double factor, double[] values) {
        List<Double> all = new ArrayList<>();
        for (double value : values) {
            all.add(factor * value);
        }
        return all;
    }
}
