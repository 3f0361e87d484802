package org.coinflip.spark.league;

import com.typesafe.config.Config;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.coinflip.spark.sweep.result.SweepResult;
import org.coinflip.spark.sweep.result.TrialRow;

/**
 * The learning rates of a table's estimators: the same ones for each by successive halving, with the same seed; then one more beyond, trained whole, for
 * each whose best is the greatest or the least that was tried, until none is or it has had its most.
 */
final class RateSearch {
    private final LeagueSpec spec;
    private final Stages stages;
    private final String folder;
    private final Config base;
    private final long seed;
    /** By estimator and rate the metric, to be minimised; NaN of trainings that failed or were not taken to their end. */
    private final Map<LeagueSpec.Contestant, TreeMap<Double, Double>> tried = new LinkedHashMap<>();

    RateSearch(
            LeagueSpec spec,
            Stages stages,
            String folder,
            Config base,
            long seed,
            List<LeagueSpec.Contestant> contestants) {
        this.spec = spec;
        this.stages = stages;
        this.folder = folder;
        this.base = base;
        this.seed = seed;
        contestants.forEach(one -> tried.put(one, new TreeMap<>()));
    }

    /** Runs it. */
    void run() {
        Map<LeagueSpec.Contestant, List<Double>> next = new LinkedHashMap<>();
        tried.keySet().forEach(one -> next.put(one, spec.search().rates()));
        for (int round = 0; !next.isEmpty(); round++) {
            take(next, round);
            next.clear();
            tried.keySet().forEach(one -> beyond(one).ifPresent(rate -> next.put(one, List.of(rate))));
        }
    }

    private void take(Map<LeagueSpec.Contestant, List<Double>> wanted, int round) {
        List<Map<String, Object>> trials = new ArrayList<>();
        List<LeagueSpec.Contestant> whose = new ArrayList<>();
        wanted.forEach((one, rates) -> rates.forEach(rate -> {
            trials.add(spec.trial(one, rate));
            whose.add(one);
        }));
        SweepResult found = stages.run(folder + "/search-" + round, base, trials, round == 0, seed, 1);
        for (TrialRow row : found.table().rows()) {
            double value = row.isWhole() && !row.isFailure() ? row.metric(found.metric()) : Double.NaN;
            double rate = (Double) trials.get(row.configuration()).get(LeagueSpec.RATE);
            tried.get(whose.get(row.configuration())).put(rate, found.maximised() ? -value : value);
        }
    }

    /** The rate that is to be tried next; none where the best is not at the border, none is, or there were enough. */
    private OptionalDouble beyond(LeagueSpec.Contestant one) {
        TreeMap<Double, Double> rates = tried.get(one);
        OptionalDouble best = best(one);
        if (best.isEmpty() || rates.size() >= spec.search().most() || !isAtBorder(one)) {
            return OptionalDouble.empty();
        }
        return OptionalDouble.of(spec.search().beyond(best.getAsDouble(), best.getAsDouble() == rates.lastKey()));
    }

    /** The best rate, the least of equals; none where all failed. */
    OptionalDouble best(LeagueSpec.Contestant one) {
        double rate = Double.NaN;
        double least = Double.POSITIVE_INFINITY;
        for (Map.Entry<Double, Double> entry : tried.get(one).entrySet()) {
            if (entry.getValue() < least) {
                least = entry.getValue();
                rate = entry.getKey();
            }
        }
        return Double.isNaN(rate) ? OptionalDouble.empty() : OptionalDouble.of(rate);
    }

    /** Whether the best rate is the greatest or the least that was tried. */
    boolean isAtBorder(LeagueSpec.Contestant one) {
        double best = best(one).orElse(Double.NaN);
        return best == tried.get(one).firstKey() || best == tried.get(one).lastKey();
    }

    /** Rates that were tried, ascending. */
    List<Double> tried(LeagueSpec.Contestant one) {
        return List.copyOf(tried.get(one).keySet());
    }
}
