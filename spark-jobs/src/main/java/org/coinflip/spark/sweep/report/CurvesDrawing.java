package org.coinflip.spark.sweep.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.coinflip.spark.sweep.result.SweepResult;
import org.coinflip.spark.sweep.result.TrialRow;

/**
 * Learning curves of the best trials and a sample of the others: of the sweep's metric where trainings look at it, or where rungs measure it; else of the
 * validation error, or of the loss where there is none.
 */
final class CurvesDrawing {
    private static final int MOST_CURVES = 120;

    private record Looked(int epoch, double value) {}

    private CurvesDrawing() {}

    /**
     * The data of the picture; null where no trial has a curve.
     *
     * @param badness by which the best are kept
     */
    static Map<String, Object> of(SweepResult result, ToDoubleFunction<TrialRow> badness) {
        String looked = looked(result);
        boolean atRungs = looked == null && result.epochs().length > 1;
        String shown = looked != null ? looked : atRungs ? result.metric() : substitute(result);
        Function<TrialRow, List<Looked>> curve = atRungs ? row -> atRungs(row, shown) : row -> looks(row, shown);
        List<TrialRow> having = result.table().rows().stream()
                .filter(row -> curve.apply(row).size() > 1)
                .toList();
        if (having.isEmpty()) {
            return null;
        }
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("quantity", shown);
        data.put("of", having.size());
        data.put(
                "curves",
                KeptTrials.of(having, MOST_CURVES, badness).stream()
                        .map(row -> one(row, curve.apply(row)))
                        .toList());
        return data;
    }

    /** The metric, where it is one that looks during training have; else null. */
    private static String looked(SweepResult result) {
        return switch (result.metric()) {
            case "valid.error", "valid.squaredError", "valid.loss", "train.loss" -> result.metric();
            default -> null;
        };
    }

    private static String substitute(SweepResult result) {
        return result.table().metrics().contains("valid.error") ? "valid.error" : "valid.loss";
    }

    private static List<Looked> looks(TrialRow row, String shown) {
        return row.curve().stream()
                .map(point -> new Looked(
                        point.epoch(),
                        switch (shown) {
                            case "valid.error", "valid.squaredError" -> point.validError();
                            case "train.loss" -> point.trainLoss();
                            default -> point.validLoss();
                        }))
                .toList();
    }

    private static List<Looked> atRungs(TrialRow row, String shown) {
        return row.records().stream()
                .filter(record -> record.metrics().containsKey(shown))
                .map(record -> new Looked(record.epochs(), record.metrics().get(shown)))
                .toList();
    }

    private static Map<String, Object> one(TrialRow row, List<Looked> curve) {
        return Map.of(
                "trial", row.trial(),
                "status", row.status(),
                "epochs", curve.stream().map(Looked::epoch).toList(),
                "values", curve.stream().map(look -> Rounded.of(look.value())).toList());
    }
}
