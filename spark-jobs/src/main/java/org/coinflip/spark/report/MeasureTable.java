package org.coinflip.spark.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.DoubleFunction;
import java.util.stream.Collectors;
import org.coinflip.spark.report.chart.Numbers;

/** What {@code measures} of a summary comes to, a line each, for terminals and pages: what was not measured has none. */
public final class MeasureTable {
    /** Points of the rejection curve that are told: 10, 30 and 50 %. */
    private static final int[] REJECTED = {2, 6, 10};

    private final List<Row> rows = new ArrayList<>();

    /**
     * A line.
     *
     * @param name of one measure, or several with commas between
     * @param value in the same order
     */
    public record Row(String name, String value) {}

    private MeasureTable() {}

    /** The lines of {@code measures}, as a summary has them; none where it is absent. */
    public static List<Row> of(Object measures) {
        Fields fields = Fields.of(measures);
        MeasureTable table = new MeasureTable();
        fields.number("notFinite")
                .ifPresent(count -> table.rows.add(new Row(
                        "not measured", Numbers.count(count) + " examples have predictions that are not finite")));
        table.add(fields, "balanced error", "balancedError");
        table.add(fields, "precision, recall, F1", "precision", "recall", "f1");
        table.topErrors(fields);
        boolean exact = fields.text("ranking").filter("binned"::equals).isEmpty();
        table.add(fields, "AUC, average precision" + (exact ? "" : " (binned)"), "auc", "averagePrecision");
        table.add(fields, "log loss, Brier score", "logLoss", "brier");
        table.add(fields, "calibration error: mean (ECE), greatest", "ece", "mce");
        table.add(fields, "MAE, RMSE, R²", "mae", "rmse", "r2");
        table.add(fields, "error of steps, of sequences", "stepError", "sequenceError");
        table.add(fields, "log loss of a step: nats, bits", "stepLogLoss", "bitsPerStep");
        table.add(fields, "Hamming error, subset error", "hammingError", "subsetError");
        table.add(fields, "F1 of labels: micro, macro", "microF1", "macroF1");
        table.add(fields, "weighted error, log loss", "weightedError", "weightedLogLoss");
        table.add(fields, "weighted MAE, RMSE", "weightedMae", "weightedRmse");
        table.rejection(fields);
        Fields draws = fields.section("draws");
        String of = draws.number("draws").stream()
                .mapToObj(count -> " over " + Numbers.count(count) + " draws")
                .findFirst()
                .orElse("");
        table.add(
                draws,
                "predictive entropy, mutual information" + of + " (nats)",
                "predictiveEntropy",
                "mutualInformation");
        table.add(draws, "disagreement, deviation" + of, "disagreement", "deviation");
        if (draws.number("disagreement").isEmpty()) {
            table.add(draws, "deviation" + of, "deviation");
        }
        table.byDraws(draws);
        return table.rows;
    }

    /** A line of values that are all there. */
    private void add(Fields fields, String name, String... keys) {
        List<String> values = new ArrayList<>();
        for (String key : keys) {
            fields.number(key).ifPresent(value -> values.add(figure(value)));
        }
        if (values.size() == keys.length) {
            rows.add(new Row(name, String.join(", ", values)));
        }
    }

    private void topErrors(Fields fields) {
        List<String> counts = new ArrayList<>();
        List<String> values = new ArrayList<>();
        for (int k : new int[] {2, 3, 5, 10}) {
            fields.number("top" + k + "Error").ifPresent(value -> {
                counts.add(String.valueOf(k));
                values.add(figure(value));
            });
        }
        if (!values.isEmpty()) {
            rows.add(new Row("top-" + String.join(", ", counts) + " error", String.join(", ", values)));
        }
    }

    private void rejection(Fields fields) {
        Fields curve = fields.section("rejection").section("confidence");
        double[] rejected = Fields.numbers(curve.values().get("rejected"));
        double[] errors = Fields.numbers(curve.values().get("error"));
        List<String> parts = new ArrayList<>();
        List<String> values = new ArrayList<>();
        for (int i : REJECTED) {
            if (i < Math.min(rejected.length, errors.length)) {
                parts.add(Math.round(100 * rejected[i]) + "%");
                values.add(figure(errors[i]));
            }
        }
        if (!values.isEmpty()) {
            rows.add(new Row("error without the least sure " + String.join(", ", parts), String.join(", ", values)));
        }
    }

    private void byDraws(Fields draws) {
        List<Fields> points = draws.list("byDraws");
        String key = points.stream().anyMatch(point -> point.number("error").isPresent()) ? "error" : "squaredError";
        String counts = joined(points, "draws", Numbers::count);
        if (!points.isEmpty()) {
            rows.add(new Row(
                    (key.equals("error") ? "error" : "squared error") + " of " + counts + " draws",
                    joined(points, key, MeasureTable::figure)));
        }
    }

    private static String joined(List<Fields> points, String key, DoubleFunction<String> format) {
        return points.stream()
                .map(point -> point.number(key))
                .filter(OptionalDouble::isPresent)
                .map(value -> format.apply(value.getAsDouble()))
                .collect(Collectors.joining(", "));
    }

    /** Four digits behind the point of what is of the size of 1, four digits of all else. */
    static String figure(double value) {
        double size = Math.abs(value);
        return size == 0 || (size >= 1e-3 && size < 10)
                ? String.format(Locale.ROOT, "%.4f", value)
                : Numbers.figure(value);
    }
}
