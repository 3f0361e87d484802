package org.coinflip.spark.sweep;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.coinflip.spark.output.Redaction;
import org.coinflip.spark.sweep.result.Border;
import org.coinflip.spark.sweep.result.Front;
import org.coinflip.spark.sweep.result.Interval;
import org.coinflip.spark.sweep.result.League;
import org.coinflip.spark.sweep.result.Ranking;
import org.coinflip.spark.sweep.result.SweepResult;
import org.coinflip.spark.sweep.result.TrialRow;

/** The {@code summary.json} of a sweep. */
final class SweepSummary {
    private final SweepSpec spec;
    private final Instant started;
    private final Map<String, Object> versions;
    private final Map<String, Object> execution = new LinkedHashMap<>();

    SweepSummary(SweepSpec spec, Instant started, Map<String, Object> versions) {
        this.spec = spec;
        this.started = started;
        this.versions = versions;
    }

    /**
     * Takes what running the trials took; an overhead is what is left of the wall-clock time when the slots are taken for busy with trials.
     *
     * @param executed trials run now, rungs counted one by one
     * @param seconds that they took, added up
     * @param wall from the first trial to the last record in the journal
     */
    void ran(int executed, double seconds, double wall, int slots) {
        execution.put("executed", executed);
        execution.put("slots", slots);
        execution.put("trialSeconds", seconds);
        execution.put("executionSeconds", wall);
        if (executed > 0) {
            execution.put("overheadMillisPerTrial", 1000 * Math.max(0, wall - seconds / slots) / executed);
            execution.put("overheadPart", Math.max(0, 1 - seconds / (slots * wall)));
        }
    }

    Map<String, Object> write(String status, int planned, SweepResult result, double wallSeconds) {
        List<TrialRow> rows = result.table().rows();
        Map<String, Integer> counts = new TreeMap<>();
        rows.forEach(row -> counts.merge(row.status(), 1, Integer::sum));
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("job", "sweep");
        keys.put("name", spec.name());
        keys.put("status", status);
        keys.put("started", started.toString());
        keys.put("seed", spec.seed());
        keys.put("planned", planned);
        keys.put("trials", rows.size());
        keys.put("failed", failed(rows));
        keys.put("statuses", counts);
        keys.put("epochs", rows.stream().mapToLong(row -> row.last().epochs()).sum());
        keys.put("wallSeconds", wallSeconds);
        keys.putAll(execution);
        keys.put("metric", spec.metric());
        keys.put("mode", spec.maximised() ? "max" : "min");
        if (!result.ranking().ranked().isEmpty()) {
            keys.put("best", best(result));
        }
        if (!spec.goals().isPlain()) {
            keys.putAll(spec.goals().identity());
        }
        if (result.front() != null) {
            keys.put("front", front(result.front()));
            if (Double.isFinite(result.front().hypervolume())) {
                keys.put("hypervolume", result.front().hypervolume());
            }
        }
        if (result.league() != null) {
            keys.put("league", league(result.league()));
        }
        keys.put("tableSha256", result.table().sha256());
        keys.put("config", Redaction.redact(spec.file().config().root().unwrapped()));
        keys.put("versions", versions);
        return keys;
    }

    private static Map<String, Object> best(SweepResult result) {
        Ranking.Ranked best = result.ranking().ranked().get(0);
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("configuration", best.configuration());
        keys.put("trials", best.rows().stream().map(TrialRow::trial).toList());
        keys.put("values", best.rows().get(0).values());
        keys.put("metric", best.value().asMap());
        double[] test = best.rows().stream()
                .mapToDouble(row -> row.metric("test.error"))
                .toArray();
        if (!Double.isNaN(test[0])) {
            keys.put("testError", Interval.ofMean(test).asMap());
        }
        put(keys, result.borders());
        return keys;
    }

    private static List<Map<String, Object>> front(Front front) {
        List<Map<String, Object>> members = new ArrayList<>();
        for (Front.Member member : front.members()) {
            Map<String, Object> keys = new LinkedHashMap<>();
            keys.put("configuration", member.ranked().configuration());
            for (int i = 0; i < member.means().length; i++) {
                keys.put(front.objectives().get(i).metric(), member.means()[i]);
            }
            keys.put("values", member.ranked().rows().get(0).values());
            members.add(keys);
        }
        return members;
    }

    private static List<Map<String, Object>> league(League league) {
        List<Map<String, Object>> all = new ArrayList<>();
        for (League.Entry entry : league.entries()) {
            Map<String, Object> keys = new LinkedHashMap<>();
            keys.put("option", entry.option());
            keys.put("trials", entry.trials());
            keys.put("failures", entry.failures());
            if (entry.best() != null) {
                keys.put("configuration", entry.best().configuration());
                keys.put("values", entry.best().rows().get(0).values());
                keys.put("metric", entry.best().value().asMap());
            }
            put(keys, "testError", entry.test());
            put(keys, "behindLeader", entry.behind());
            if (entry.toldApart() != null) {
                keys.put("toldApartFromLeader", entry.toldApart());
            }
            put(keys, entry.borders());
            put(keys, "pairsWithLeader", entry.pairs());
            all.add(keys);
        }
        return all;
    }

    private static void put(Map<String, Object> keys, List<Border> borders) {
        if (!borders.isEmpty()) {
            keys.put("atBorder", borders.stream().map(Border::axis).toList());
        }
    }

    private static void put(Map<String, Object> keys, String key, Interval interval) {
        if (interval != null) {
            keys.put(key, interval.asMap());
        }
    }

    /**
     * Why a sweep is no success: none of its trials is done, or more failed than it was to bear.
     *
     * @param whole whether it ran all its trials
     */
    Optional<String> failure(SweepResult result, boolean whole) {
        List<TrialRow> rows = result.table().rows();
        int failed = failed(rows);
        boolean none = !rows.isEmpty() && failed == rows.size();
        boolean tooMany = !whole && spec.stopAfterFailures() > 0 && failed >= spec.stopAfterFailures();
        return none || tooMany
                ? Optional.of(spec.name() + ": " + failed + " of " + rows.size() + " trials failed, " + commonest(rows))
                : Optional.empty();
    }

    private static int failed(List<TrialRow> rows) {
        return (int) rows.stream().filter(TrialRow::isFailure).count();
    }

    /** The reason that most failures have; of equals the first. */
    private static String commonest(List<TrialRow> rows) {
        Map<String, Integer> reasons = new LinkedHashMap<>();
        rows.stream()
                .filter(TrialRow::isFailure)
                .forEach(row -> reasons.merge(row.status() + ": " + row.last().reason(), 1, Integer::sum));
        int most = Collections.max(reasons.values());
        String reason = reasons.entrySet().stream()
                .filter(entry -> entry.getValue() == most)
                .findFirst()
                .orElseThrow()
                .getKey();
        return most + " of them " + reason;
    }

    /** The result in a few lines for the terminal. */
    void print(Map<String, Object> keys, SweepResult result, String folder) {
        System.out.printf(
                Locale.ROOT,
                "%s %s: %d trials, %d failed, %.1f s, %.2f ms overhead a trial%n",
                spec.name(),
                keys.get("status"),
                (Integer) keys.get("trials"),
                (Integer) keys.get("failed"),
                (Double) keys.get("wallSeconds"),
                (Double) keys.getOrDefault("overheadMillisPerTrial", 0.0));
        if (!result.ranking().ranked().isEmpty()) {
            Ranking.Ranked best = result.ranking().ranked().get(0);
            System.out.printf(
                    Locale.ROOT,
                    "best %s %.5g%s: configuration %d %s%n",
                    spec.metric(),
                    best.value().mean(),
                    best.value().isKnown()
                            ? String.format(
                                    Locale.ROOT,
                                    " [%.5g, %.5g]",
                                    best.value().low(),
                                    best.value().high())
                            : "",
                    best.configuration(),
                    best.rows().get(0).values());
        }
        if (!result.borders().isEmpty()) {
            System.err.println("warning: the best is at the border of what was tried: "
                    + result.borders().stream()
                            .map(border -> border.says(border.axis()))
                            .collect(Collectors.joining(", "))
                    + "; widen the range");
        }
        List<TrialRow> rows = result.table().rows();
        if (failed(rows) > 0 && failed(rows) < rows.size()) {
            System.err.println(
                    "warning: " + failed(rows) + " of " + rows.size() + " trials failed, " + commonest(rows));
        }
        System.out.println("table " + keys.get("tableSha256"));
        System.out.println("report " + folder + "/report.html");
    }
}
