package org.coinflip.spark.sweep.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.coinflip.spark.report.Configuration;
import org.coinflip.spark.report.Document;
import org.coinflip.spark.report.Numbers;
import org.coinflip.spark.report.Status;
import org.coinflip.spark.sweep.result.Border;
import org.coinflip.spark.sweep.result.Interval;
import org.coinflip.spark.sweep.result.League;
import org.coinflip.spark.sweep.result.Ranking;
import org.coinflip.spark.sweep.result.SweepResult;
import org.coinflip.spark.sweep.result.TrialRow;

/**
 * A sweep as one HTML document that opens without a network: the best configurations with their intervals, the league of the compared axis,
 * what each axis explains, parallel coordinates, learning curves, failures, and all trials in a table that can be sorted.
 */
public final class SweepReport {
    private static final int FAILURES = 40;
    private static final int LEADERS = 10;

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
        view.put("leaders", leaders(result));
        view.put("hasLeaders", !result.ranking().ranked().isEmpty());
        view.put("leadersNote", leadersNote(result));
        view.put(
                "borders",
                borders(result.borders(), new ShortNames(result.table().axes())));
        view.put("metric", result.metric());
        if (result.league() != null) {
            view.put("league", league(result.league(), result));
        }
        view.put("importance", importance(result));
        view.put("hasImportance", !result.importance().isEmpty());
        List<Map<String, Object>> failures = failures(result);
        view.put("failures", failures);
        view.put("hasFailures", !failures.isEmpty());
        Configuration.text(summary.get("config")).ifPresent(config -> view.put("config", config));
        view.put("tableSha256", summary.getOrDefault("tableSha256", ""));
        return Document.render(
                resource("sweep.html"),
                view,
                new SweepDrawings(result).data(),
                resource("sweep.css"),
                resource("sweep.js"));
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
                    "Best " + result.metric(), figure(best.mean(), result.metric()), detail(best, result.metric())));
        }
        String planned = summary.containsKey("planned") ? " of " + summary.get("planned") : "";
        tiles.add(tile(
                "Trials",
                Numbers.count(rows.size()),
                (failed == 0 ? "none" : Numbers.count(failed)) + " failed" + planned(planned)));
        double compute = rows.stream().mapToDouble(TrialRow::seconds).sum();
        tiles.add(tile("Compute", Numbers.duration(compute), Numbers.count(epochs(rows)) + " epochs"));
        if (summary.get("wallSeconds") instanceof Double wall) {
            tiles.add(tile("Wall time", Numbers.duration(wall), "on " + summary.get("slots") + " slots"));
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

    private static List<Map<String, Object>> leaders(SweepResult result) {
        ShortNames names = new ShortNames(result.table().axes());
        boolean[] toldApart = result.ranking().toldApart(LEADERS, result.metric());
        List<Map<String, Object>> leaders = new ArrayList<>();
        for (Ranking.Ranked ranked :
                result.ranking().ranked().stream().limit(LEADERS).toList()) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("apart", leaders.isEmpty() ? "" : toldApart[leaders.size()] ? "yes" : "no");
            line.put("rank", leaders.size() + 1);
            line.put("configuration", ranked.configuration());
            line.put("value", figure(ranked.value().mean(), result.metric()));
            line.put("interval", detail(ranked.value(), result.metric()));
            line.put("values", values(ranked.rows().get(0).values(), names));
            leaders.add(line);
        }
        return leaders;
    }

    private static String leadersNote(SweepResult result) {
        int seeds = result.ranking().ranked().stream()
                .mapToInt(ranked -> ranked.rows().size())
                .max()
                .orElse(0);
        String tested = seeds > 1
                ? "Told apart from the first: by paired tests over seeds, with 5 % for all of the table together (Holm)."
                : "One seed each: no configuration is told apart from another; sweep.replicates gives more.";
        int unranked = result.ranking().unranked();
        return unranked == 0
                ? tested
                : tested + " Not ranked: " + unranked + (unranked == 1 ? " configuration" : " configurations")
                        + " with a replicate that failed, or was not taken as far.";
    }

    /** In words; null where there are none. */
    private static String borders(List<Border> borders, ShortNames names) {
        return borders.isEmpty()
                ? null
                : borders.stream()
                        .map(border -> border.says(names.of(border.axis())) + " tried")
                        .collect(Collectors.joining(", "));
    }

    private static Map<String, Object> league(League league, SweepResult result) {
        ShortNames names = new ShortNames(result.table().axes());
        String metric = result.metric();
        List<Map<String, Object>> lines = new ArrayList<>();
        for (League.Entry entry : league.entries()) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("option", entry.option());
            line.put("trials", entry.trials());
            line.put("failures", entry.failures() == 0 ? "" : entry.failures() + " failed");
            boolean ranked = entry.best() != null;
            line.put("value", ranked ? figure(entry.best().value().mean(), metric) : "–");
            line.put("interval", ranked ? detail(entry.best().value(), metric) : "all failed");
            line.put("test", entry.test() == null ? "" : figure(entry.test().mean(), "test.error"));
            line.put("behind", difference(entry.behind(), metric));
            line.put("behindInterval", range(entry.behind(), metric));
            line.put("apart", entry.toldApart() == null ? "" : entry.toldApart() ? "yes" : "no");
            line.put("borders", borders(entry.borders(), names));
            line.put("pairs", difference(entry.pairs(), metric));
            line.put("pairsInterval", range(entry.pairs(), metric));
            Map<String, Object> rest =
                    new TreeMap<>(ranked ? entry.best().rows().get(0).values() : Map.of());
            rest.remove(league.axis());
            line.put("values", values(rest, names));
            lines.add(line);
        }
        return Map.of("axis", league.axis(), "entries", lines);
    }

    private static List<Map<String, Object>> importance(SweepResult result) {
        ShortNames names = new ShortNames(result.table().axes());
        List<Map<String, Object>> bars = new ArrayList<>();
        result.importance()
                .forEach(one -> bars.add(Map.of(
                        "axis", names.of(one.axis()),
                        "width", String.valueOf(Math.round(1000 * one.share()) / 10.0),
                        "share", Numbers.percent(one.share()),
                        "trials", one.trials())));
        return bars;
    }

    /** Failures by kind and reason, the most frequent first. */
    private static List<Map<String, Object>> failures(SweepResult result) {
        ShortNames names = new ShortNames(result.table().axes());
        Map<String, List<TrialRow>> byReason = result.table().rows().stream()
                .filter(TrialRow::isFailure)
                .collect(Collectors.groupingBy(
                        row -> row.status() + "\n" + row.last().reason(), LinkedHashMap::new, Collectors.toList()));
        return byReason.values().stream()
                .sorted(Comparator.comparingInt((List<TrialRow> rows) -> rows.size())
                        .reversed())
                .limit(FAILURES)
                .map(rows -> Map.<String, Object>of(
                        "status", rows.get(0).status(),
                        "reason", rows.get(0).last().reason(),
                        "count", rows.size(),
                        "example",
                                "trial " + rows.get(0).trial() + ": "
                                        + values(rows.get(0).values(), names)))
                .toList();
    }

    private static String values(Map<String, Object> values, ShortNames names) {
        return values.entrySet().stream()
                .map(e -> names.of(e.getKey()) + " = "
                        + (e.getValue() instanceof Double number
                                ? Numbers.figure(number)
                                : String.valueOf(e.getValue())))
                .collect(Collectors.joining(", "));
    }

    private static String figure(double value, String metric) {
        return metric.endsWith(".error") ? Numbers.percent(value) : Numbers.figure(value);
    }

    private static String detail(Interval interval, String metric) {
        String from = interval.count() == 1 ? "one trial" : interval.count() + " trials";
        return interval.isKnown()
                ? figure(interval.low(), metric) + " to " + figure(interval.high(), metric) + " (95 %), " + from
                : from;
    }

    private static String difference(Interval interval, String metric) {
        return interval == null ? "" : (interval.mean() > 0 ? "+" : "") + figure(interval.mean(), metric);
    }

    private static String range(Interval interval, String metric) {
        return interval == null || !interval.isKnown()
                ? ""
                : figure(interval.low(), metric) + " to " + figure(interval.high(), metric);
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
