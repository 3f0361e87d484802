package org.coinflip.spark.league;

import com.typesafe.config.Config;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.coinflip.model.settings.Section;
import org.coinflip.spark.sweep.result.Interval;
import org.coinflip.spark.sweep.result.League;
import org.coinflip.spark.sweep.result.SweepResult;
import org.coinflip.spark.sweep.result.TrialRow;

/**
 * One data set with units of one kind: its estimators, the best first.
 *
 * @param data name of the data set
 * @param units name of the units
 * @param metric what they are ranked by, of the test split
 * @param rows the best first; those that failed last
 * @param published numbers of others
 * @param absent by estimator, why it is not here
 */
record LeagueTable(
        String data,
        String units,
        String metric,
        List<Row> rows,
        List<Published> published,
        Map<String, String> absent) {
    /**
     * An estimator.
     *
     * @param rate the best learning rate
     * @param tried all that were, ascending
     * @param atBorder whether the best is an end of those, for there were enough
     * @param value the metric, over seeds that the rate was not chosen with; null where a training failed
     * @param behind the metric minus the first's, seed by seed; null for the first
     * @param toldApart whether that is significantly different from 0, with 5 % for all rows of the table together; null for the first
     * @param seconds of a training
     */
    record Row(
            String estimator,
            double rate,
            List<Double> tried,
            boolean atBorder,
            Interval value,
            Interval behind,
            Boolean toldApart,
            double seconds) {}

    /** Runs a table, or tells it again. */
    static LeagueTable of(LeagueSpec spec, Stages stages, LeagueSpec.DataSet data, LeagueUnits units) {
        Map<String, String> absent = new LinkedHashMap<>();
        List<LeagueSpec.Contestant> here = new ArrayList<>();
        spec.estimators().forEach(one -> spec.refusal(data, units, one)
                .ifPresentOrElse(why -> absent.put(one.label(), why), () -> here.add(one)));
        String folder = (data.name() + "-" + units.name()).replaceAll("[^A-Za-z0-9.-]", "_");
        List<Published> published = data.published().stream()
                .filter(one -> one.units().equals(units.name()))
                .toList();
        Config base = spec.experiment(data, units);
        long seed = Section.root(base).wholeNumber("seed", 1);
        RateSearch search = new RateSearch(spec, stages, folder, base, seed, here);
        if (!here.isEmpty()) {
            search.run();
        }
        List<LeagueSpec.Contestant> left =
                here.stream().filter(one -> search.best(one).isPresent()).toList();
        here.stream()
                .filter(one -> !left.contains(one))
                .forEach(one -> absent.put(one.label(), "failed at every learning rate"));
        String metric = spec.metric().replaceFirst("valid", "test");
        if (left.isEmpty()) {
            return new LeagueTable(data.name(), units.name(), metric, List.of(), published, absent);
        }
        List<Map<String, Object>> trials = left.stream()
                .map(one -> spec.trial(one, search.best(one).orElseThrow()))
                .toList();
        // other seeds than the one that the rates were chosen with
        SweepResult found = stages.run(folder + "/final", base, trials, false, seed + 1, spec.replicates());
        Map<String, LeagueSpec.Contestant> byName =
                left.stream().collect(Collectors.toMap(LeagueSpec.Contestant::label, Function.identity()));
        Map<String, Double> seconds = found.table().rows().stream()
                .collect(Collectors.groupingBy(
                        row -> String.valueOf(row.values().get("name")),
                        Collectors.averagingDouble(TrialRow::seconds)));
        List<Row> rows = League.of(found.table(), "name", metric, found.maximised()).entries().stream()
                .map(entry -> {
                    LeagueSpec.Contestant one = byName.get(entry.option());
                    return new Row(
                            entry.option(),
                            search.best(one).orElseThrow(),
                            search.tried(one),
                            search.isAtBorder(one),
                            entry.best() == null ? null : entry.best().value(),
                            entry.behind(),
                            entry.toldApart(),
                            seconds.get(entry.option()));
                })
                .toList();
        return new LeagueTable(data.name(), units.name(), metric, rows, published, absent);
    }

    /** Rows that are significantly different from the first. */
    long toldApart() {
        return rows.stream().filter(row -> Boolean.TRUE.equals(row.toldApart())).count();
    }

    /** In a few words. */
    String title() {
        return data + ", " + units;
    }
}
