package org.coinflip.spark.sweep.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.coinflip.spark.sweep.result.SweepResult;
import org.coinflip.spark.sweep.result.TrialRow;
import org.coinflip.spark.sweep.trial.TrialRecord;

/**
 * The data that the page's script draws. A page holds a few thousand trials: of more, the best, all others at equal distances, and a
 * note that says so.
 */
final class SweepDrawings {
    private static final int MOST_ROWS = 3000;
    private static final int MOST_CURVES = 120;
    private static final int MOST_TIMES = 2000;

    private final SweepResult result;
    private final String metric;

    SweepDrawings(SweepResult result) {
        this.result = result;
        this.metric = result.metric();
    }

    Map<String, Object> data() {
        Map<String, Object> data = new LinkedHashMap<>();
        List<TrialRow> kept = thinned(result.table().rows(), MOST_ROWS);
        data.put("metric", metric);
        data.put("maximised", result.maximised());
        data.put("axes", result.table().axes());
        data.put("names", new ShortNames(result.table().axes()).all());
        data.put("metrics", otherMetrics());
        data.put("all", result.table().rows().size());
        data.put("rows", kept.stream().map(this::row).toList());
        data.put("curves", curves());
        data.put("curve", quantity());
        data.put("rungs", result.epochs());
        data.put("best", bestSoFar());
        return data;
    }

    private List<Object> row(TrialRow row) {
        List<Object> cells = new ArrayList<>(List.of(
                row.trial(),
                row.configuration(),
                row.seed(),
                row.status(),
                row.last().epochs(),
                row.seconds()));
        cells.add(finite(row.metric(metric)));
        result.table().axes().forEach(axis -> cells.add(row.values().get(axis)));
        otherMetrics().forEach(name -> cells.add(finite(row.metric(name))));
        return cells;
    }

    private List<String> otherMetrics() {
        return result.table().metrics().stream()
                .filter(name -> !name.equals(metric))
                .toList();
    }

    /** What curves show: the metric where it is one of the validation split's, otherwise the error of classes, otherwise the loss. */
    private String quantity() {
        boolean error = metric.equals("valid.error")
                || (!metric.equals("valid.loss") && result.table().metrics().contains("valid.error"));
        return error ? "valid.error" : "valid.loss";
    }

    /** Learning curves of the best trials and a sample of the others. */
    private List<Map<String, Object>> curves() {
        List<TrialRow> trained = result.table().rows().stream()
                .filter(row -> row.curve().size() > 1)
                .toList();
        boolean error = quantity().equals("valid.error");
        return thinned(trained, MOST_CURVES).stream()
                .map(row -> Map.<String, Object>of(
                        "trial",
                        row.trial(),
                        "status",
                        row.status(),
                        "epochs",
                        row.curve().stream().map(TrialRecord.Point::epoch).toList(),
                        "values",
                        row.curve().stream()
                                .map(p -> finite(error ? p.validError() : p.validLoss()))
                                .toList()))
                .toList();
    }

    /**
     * The best value so far after each trial, over the time since the first began, in seconds: of trials taken to the last rung; those that
     * were stopped before are told apart.
     */
    private Map<String, Object> bestSoFar() {
        List<TrialRow> rows = result.table().rows().stream()
                .filter(row -> Double.isFinite(row.metric(metric)) && !row.isFailure())
                .sorted(Comparator.comparingDouble(SweepDrawings::end).thenComparingInt(TrialRow::trial))
                .toList();
        double start = result.table().rows().stream()
                .mapToDouble(row -> row.last().startedMillis() / 1e3)
                .filter(s -> s > 0)
                .min()
                .orElse(0);
        List<Double> seconds = new ArrayList<>();
        List<Double> values = new ArrayList<>();
        List<Double> stopped = new ArrayList<>();
        List<Double> best = new ArrayList<>();
        double least = Double.POSITIVE_INFINITY;
        double sign = result.maximised() ? -1 : 1;
        int step = Math.max(1, rows.size() / MOST_TIMES);
        for (int i = 0; i < rows.size(); i++) {
            double value = sign * rows.get(i).metric(metric);
            boolean whole = rows.get(i).isWhole();
            boolean better = whole && value < least;
            least = better ? value : least;
            if (better || i % step == 0 || i == rows.size() - 1) {
                seconds.add(end(rows.get(i)) - start);
                values.add(whole ? sign * value : null);
                stopped.add(whole ? null : sign * value);
                best.add(finite(sign * least));
            }
        }
        return Map.of("seconds", seconds, "values", values, "stopped", stopped, "best", best);
    }

    private static double end(TrialRow row) {
        return row.last().startedMillis() / 1e3 + row.last().seconds();
    }

    /** At most so many: the best half, and others at equal distances; in the order of trials. */
    private List<TrialRow> thinned(List<TrialRow> rows, int most) {
        if (rows.size() <= most) {
            return rows;
        }
        double sign = result.maximised() ? -1 : 1;
        List<TrialRow> sorted = rows.stream()
                .sorted(Comparator.comparingDouble((TrialRow row) -> {
                            double value = sign * row.metric(metric);
                            return Double.isNaN(value) ? Double.POSITIVE_INFINITY : value;
                        })
                        .thenComparingInt(TrialRow::trial))
                .toList();
        int half = most / 2;
        List<TrialRow> others = sorted.subList(half, sorted.size());
        Stream<TrialRow> spread = Stream.iterate(0, i -> i + 1)
                .limit(most - half)
                .map(i -> others.get((int) ((long) i * others.size() / (most - half))));
        return Stream.concat(sorted.subList(0, half).stream(), spread)
                .sorted(Comparator.comparingInt(TrialRow::trial))
                .toList();
    }

    private static Double finite(double value) {
        return Double.isFinite(value) ? value : null;
    }
}
