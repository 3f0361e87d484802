package org.coinflip.spark.sweep.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.coinflip.spark.report.chart.Numbers;
import org.coinflip.spark.sweep.result.Border;
import org.coinflip.spark.sweep.result.Front;
import org.coinflip.spark.sweep.result.Interval;
import org.coinflip.spark.sweep.result.League;
import org.coinflip.spark.sweep.result.Objective;
import org.coinflip.spark.sweep.result.Ranking;
import org.coinflip.spark.sweep.result.SweepResult;
import org.coinflip.spark.sweep.result.TrialRow;

/** The tables of a sweep's page as its template wants them: lines of text. */
final class SweepTables {
    private static final int FAILURES = 40;
    private static final int LEADERS = 10;

    private SweepTables() {}

    static List<Map<String, Object>> leaders(SweepResult result) {
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

    static String leadersNote(SweepResult result) {
        int seeds = result.ranking().ranked().stream()
                .mapToInt(ranked -> ranked.rows().size())
                .max()
                .orElse(0);
        String tested = seeds > 1
                ? "Significantly different from the first: by paired tests over seeds, with 5 % for all of the table together (Holm)."
                : "One seed each: no configuration is significantly different from another; sweep.replicates gives more.";
        int unranked = result.ranking().unranked();
        return unranked == 0
                ? tested
                : tested + " Not ranked: " + unranked + (unranked == 1 ? " configuration" : " configurations")
                        + " with a replicate that failed, is missing, was not taken as far, or that break limits.";
    }

    /** In words; null where there are none. */
    static String borders(List<Border> borders, ShortNames names) {
        return borders.isEmpty()
                ? null
                : borders.stream()
                        .map(border -> border.says(names.of(border.axis())) + " tried")
                        .collect(Collectors.joining(", "));
    }

    static Map<String, Object> front(Front front, ShortNames names) {
        List<Map<String, Object>> members = new ArrayList<>();
        for (Front.Member member : front.members().stream().limit(FAILURES).toList()) {
            List<String> means = new ArrayList<>();
            for (int i = 0; i < member.means().length; i++) {
                means.add(figure(member.means()[i], front.objectives().get(i).metric()));
            }
            members.add(Map.of(
                    "configuration", member.ranked().configuration(),
                    "means", means,
                    "values", values(member.ranked().rows().get(0).values(), names)));
        }
        String volume = Double.isFinite(front.hypervolume())
                ? " Hypervolume " + Numbers.figure(front.hypervolume())
                        + ": the part that the front dominates of the box from the best to the worst value of each objective."
                : "";
        String more = front.members().size() > FAILURES ? " The first " + FAILURES + " of them." : "";
        return Map.of(
                "objectives",
                front.objectives().stream().map(Objective::toString).toList(),
                "members",
                members,
                "note",
                front.members().size()
                        + " of the ranked configurations, that none is better than in one objective and not"
                        + " worse in the others, by means over replicates." + more + volume);
    }

    static Map<String, Object> league(League league, SweepResult result) {
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

    static List<Map<String, Object>> importance(SweepResult result) {
        ShortNames names = new ShortNames(result.table().axes());
        List<Map<String, Object>> bars = new ArrayList<>();
        result.importance()
                .forEach(one -> bars.add(Map.of(
                        "axis", names.of(one.axis()),
                        "width", tenths(one.share()),
                        "low", tenths(one.share() - one.margin()),
                        "span",
                                tenths(Math.min(1, one.share() + one.margin())
                                        - Math.max(0, one.share() - one.margin())),
                        "share", Numbers.percent(one.share()),
                        "margin", Numbers.percent(one.margin()),
                        "best", Double.isNaN(one.amongBest()) ? "" : Numbers.percent(one.amongBest()),
                        "trials", one.trials())));
        return bars;
    }

    private static String tenths(double share) {
        return String.valueOf(Math.round(1000 * Math.max(0, share)) / 10.0);
    }

    static List<Map<String, Object>> interactions(SweepResult result) {
        ShortNames names = new ShortNames(result.table().axes());
        return result.interactions().stream()
                .map(pair -> Map.<String, Object>of(
                        "pair",
                        names.of(pair.axis()) + " × " + names.of(pair.other()),
                        "share",
                        Numbers.percent(pair.share())))
                .toList();
    }

    /** Failures by kind and reason, the most frequent first. */
    static List<Map<String, Object>> failures(SweepResult result) {
        ShortNames names = new ShortNames(result.table().axes());
        Map<String, List<TrialRow>> byReason = result.table().rows().stream()
                .filter(TrialRow::isFailure)
                .collect(Collectors.groupingBy(
                        row -> row.status() + "\n" + row.last().reason(), LinkedHashMap::new, Collectors.toList()));
        List<Map<String, Object>> lines = byReason.values().stream()
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
                .collect(Collectors.toCollection(ArrayList::new));
        if (byReason.size() > FAILURES) {
            int shown =
                    lines.stream().mapToInt(line -> (Integer) line.get("count")).sum();
            long failed =
                    result.table().rows().stream().filter(TrialRow::isFailure).count();
            lines.add(Map.of(
                    "status",
                    "",
                    "reason",
                    (byReason.size() - FAILURES) + " more reasons, each of fewer trials",
                    "count",
                    failed - shown,
                    "example",
                    "in table.csv"));
        }
        return lines;
    }

    private static String values(Map<String, Object> values, ShortNames names) {
        return values.entrySet().stream()
                .map(e -> names.of(e.getKey()) + " = "
                        + (e.getValue() instanceof Double number
                                ? Numbers.figure(number)
                                : String.valueOf(e.getValue())))
                .collect(Collectors.joining(", "));
    }

    static String figure(double value, String metric) {
        return metric.endsWith(".error") ? Numbers.percent(value) : Numbers.figure(value);
    }

    static String detail(Interval interval, String metric) {
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
}
