package org.coinflip.spark.sweep.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.coinflip.spark.report.Configuration;
import org.coinflip.spark.report.Document;
import org.coinflip.spark.report.Status;
import org.coinflip.spark.report.chart.Numbers;
import org.coinflip.spark.sweep.result.Interval;
import org.coinflip.spark.sweep.result.SweepResult;
import org.coinflip.spark.sweep.result.TrialRow;

/**
 * A sweep as one HTML document that opens without a network: the best configurations with their intervals, the league of the compared axis,
 * the Pareto front, the history, what each axis explains, slices and pairs of axes, distributions, learning curves, parallel coordinates,
 * the timeline of slots, failures, and all trials in a table that can be sorted and searched.
 */
public final class SweepReport {
    /** The parts of the script, in their order. */
    private static final List<String> SCRIPTS = List.of(
            "core", "query", "tables", "charts", "panels", "slices", "pairs", "timeline", "coordinates", "start");

    private SweepReport() {}

    /** @param summary what {@code summary.json} holds; may be empty but for the name while the sweep runs */
    public static String html(Map<String, Object> summary, SweepResult result) {
        return html(summary, result, 0);
    }

    /** @param refreshSeconds after which a browser is to load the page again, 0 for never */
    static String html(Map<String, Object> summary, SweepResult result, int refreshSeconds) {
        Map<String, Object> view = new HashMap<>();
        view.put("name", summary.getOrDefault("name", "Sweep"));
        view.put("refresh", refreshSeconds == 0 ? null : refreshSeconds);
        if (summary.get("status") instanceof String status) {
            view.put("status", Status.of(status, ""));
        }
        view.put("subtitle", subtitle(summary, result));
        view.put("tiles", tiles(summary, result));
        view.put("leaders", SweepTables.leaders(result));
        view.put("hasLeaders", !result.ranking().ranked().isEmpty());
        view.put("leadersNote", SweepTables.leadersNote(result));
        view.put(
                "borders",
                SweepTables.borders(
                        result.borders(), new ShortNames(result.table().axes())));
        view.put("metric", result.metric());
        if (result.league() != null) {
            view.put("league", SweepTables.league(result.league(), result));
        }
        if (result.front() != null) {
            view.put(
                    "front",
                    SweepTables.front(
                            result.front(), new ShortNames(result.table().axes())));
        }
        view.put("importance", SweepTables.importance(result));
        view.put("interactions", SweepTables.interactions(result));
        view.put("hasInteractions", !result.interactions().isEmpty());
        view.put("hasImportance", !result.importance().isEmpty());
        List<Map<String, Object>> failures = SweepTables.failures(result);
        view.put("failures", failures);
        view.put("hasFailures", !failures.isEmpty());
        Configuration.text(summary.get("config")).ifPresent(config -> view.put("config", config));
        view.put("tableSha256", summary.get("tableSha256"));
        Map<String, Object> drawings = new SweepDrawings(result).data();
        drawings.put("underWay", "running".equals(summary.get("status")));
        return Document.render(resource("sweep.html"), view, drawings, resource("sweep.css"), script());
    }

    private static String subtitle(Map<String, Object> summary, SweepResult result) {
        String started = String.valueOf(summary.getOrDefault("started", ""));
        String when =
                started.length() < 16 ? "" : " · " + started.substring(0, 16).replace('T', ' ') + " UTC";
        return "sweep" + when + " · " + (result.maximised() ? "most " : "least ") + result.metric()
                + (summary.containsKey("seed") ? " · seed " + summary.get("seed") : "");
    }

    private static List<Map<String, Object>> tiles(Map<String, Object> summary, SweepResult result) {
        List<TrialRow> rows = result.table().rows();
        long failed = rows.stream().filter(TrialRow::isFailure).count();
        List<Map<String, Object>> tiles = new ArrayList<>();
        if (!result.ranking().ranked().isEmpty()) {
            Interval best = result.ranking().ranked().get(0).value();
            tiles.add(tile(
                    "Best " + result.metric(),
                    SweepTables.figure(best.mean(), result.metric()),
                    SweepTables.detail(best, result.metric())));
        }
        String planned = summary.containsKey("planned") ? " of " + summary.get("planned") : "";
        tiles.add(tile(
                "Trials",
                Numbers.count(rows.size()),
                (failed == 0 ? "none" : Numbers.count(failed)) + " failed" + planned(planned)));
        double compute = rows.stream().mapToDouble(TrialRow::seconds).sum();
        tiles.add(tile("Compute", Numbers.duration(compute), Numbers.count(epochs(rows)) + " epochs"));
        if (summary.get("wallSeconds") instanceof Double wall) {
            tiles.add(tile(
                    "Wall time",
                    Numbers.duration(wall),
                    "on " + summary.get("slots")
                            + (Integer.valueOf(1).equals(summary.get("slots")) ? " slot" : " slots")));
        }
        if (summary.get("overheadMillisPerTrial") instanceof Double overhead) {
            double part = summary.get("overheadPart") instanceof Double p ? p : 0;
            tiles.add(tile(
                    "Overhead a trial",
                    Numbers.figure(overhead) + " ms",
                    Numbers.percent(part) + " of the slots' time"));
        }
        return tiles;
    }

    private static String planned(String planned) {
        return planned.isEmpty() ? "" : ", " + planned.strip();
    }

    private static long epochs(List<TrialRow> rows) {
        return rows.stream().mapToLong(row -> row.last().epochs()).sum();
    }

    private static Map<String, Object> tile(String label, String value, String detail) {
        return Map.of("label", label, "value", value, "detail", detail);
    }

    private static String script() {
        return SCRIPTS.stream()
                .map(name -> resource("script/" + name + ".js"))
                .collect(Collectors.joining("\n", "'use strict';\n(() => {\n", "})();"));
    }

    private static String resource(String name) {
        try (InputStream file = SweepReport.class.getResourceAsStream(name)) {
            if (file == null) {
                throw new IllegalStateException(
                        name + " is not on the class path: the report needs spark-jobs' resources");
            }
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + name, e);
        }
    }
}
