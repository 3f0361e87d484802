package org.coinflip.spark.sweep.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.coinflip.spark.sweep.result.SweepResult;
import org.coinflip.spark.sweep.result.TrialRow;
import org.coinflip.spark.sweep.trial.TrialRecord;

/**
 * The data that the page's script draws. A page holds a few thousand trials, fewer where they have many columns: of more, the best, all others
 * at equal distances, and a note that says so. What is said of all trials, such as medians and shares, is of all of them.
 */
final class SweepDrawings {
    private static final int MOST_ROWS = 3000;
    private static final int MOST_CELLS = 120_000;
    /** Columns beside axes and metrics. */
    private static final int OTHER_COLUMNS = 8;

    private final SweepResult result;
    private final List<String> axes;
    private final List<String> metrics;

    SweepDrawings(SweepResult result) {
        this.result = result;
        this.axes = result.table().axes();
        this.metrics = result.table().metrics().stream()
                .filter(name -> !name.equals(result.metric()))
                .toList();
    }

    Map<String, Object> data() {
        List<TrialRow> rows = result.table().rows();
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("metric", result.metric());
        data.put("maximised", result.maximised());
        data.put("axes", axes);
        data.put("names", new ShortNames(axes).all());
        data.put("metrics", metrics);
        data.put("logarithmic", result.logarithmic().stream().sorted().toList());
        data.put("rungs", result.epochs());
        data.put("all", rows.size());
        List<Reached> rungs = Reached.of(result);
        if (rungs.isEmpty()) {
            data.put("rows", List.of());
            return data;
        }
        int place = Reached.compared(rungs);
        Reached compared = rungs.get(place);
        ToDoubleFunction<TrialRow> badness = compared.badness(result.maximised());
        int columns = axes.size() + metrics.size() + OTHER_COLUMNS;
        data.put(
                "rows",
                KeptTrials.of(rows, Math.min(MOST_ROWS, MOST_CELLS / columns), badness).stream()
                        .map(row -> row(row, badness))
                        .toList());
        SweepClock clock = new SweepClock(
                rows.stream().flatMap(row -> row.records().stream()).toList());
        data.put("compared", place);
        data.put(
                "history",
                rungs.stream()
                        .map(rung -> HistoryDrawing.of(rung, result.maximised(), clock))
                        .toList());
        data.put("slices", SlicesDrawing.of(compared, result));
        data.put("pairs", PairsDrawing.of(compared, result));
        data.put("distribution", DistributionDrawing.of(compared, result));
        data.put("curves", CurvesDrawing.of(result, badness));
        data.put("front", FrontDrawing.of(result.front(), result.ranking()));
        data.put("timeline", TimelineDrawing.of(result, clock));
        return data;
    }

    /** Cells in the order of the page's columns, and last the result at the rung that pictures compare at. */
    private List<Object> row(TrialRow row, ToDoubleFunction<TrialRow> badness) {
        TrialRecord last = row.last();
        List<Object> cells = new ArrayList<>();
        cells.add(row.trial());
        cells.add(Rounded.of(row.metric(result.metric())));
        cells.addAll(
                List.of(row.configuration(), row.seed(), row.status(), last.epochs(), Rounded.millis(row.seconds())));
        axes.forEach(axis -> cells.add(AxisScale.cell(row.values().get(axis))));
        metrics.forEach(name -> cells.add(Rounded.of(row.metric(name))));
        cells.add(Rounded.of((result.maximised() ? -1 : 1) * badness.applyAsDouble(row)));
        return cells;
    }
}
