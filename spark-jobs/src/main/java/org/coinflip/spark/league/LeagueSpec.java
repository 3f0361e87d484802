package org.coinflip.spark.league;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.estimator.registry.Estimators;
import org.coinflip.model.settings.DeclarationObserver;
import org.coinflip.model.settings.Range;
import org.coinflip.model.settings.Section;
import org.coinflip.model.settings.ValueKind;
import org.coinflip.spark.experiment.Experiment;
import org.coinflip.spark.experiment.Labels;
import org.coinflip.spark.sweep.space.Overlay;

/**
 * A league, as its file says: the section {@code league} beside an experiment.
 *
 * @param name for people
 * @param output folder for all that the job writes
 * @param overwrite whether an output is replaced
 * @param experiment what all trainings have in common
 * @param dataSets what is put over it, by name
 * @param units kinds of units
 * @param estimators what competes where it serves
 * @param search how learning rates are found
 * @param replicates seeds that each is trained with in the end
 * @param metric what a learning rate is chosen by, of the validation split
 * @param execution as of sweeps
 */
record LeagueSpec(
        String name,
        String output,
        boolean overwrite,
        Config experiment,
        List<DataSet> dataSets,
        List<LeagueUnits> units,
        List<Contestant> estimators,
        Search search,
        int replicates,
        String metric,
        Config execution) {
    /** Where the learning rate is. */
    static final String RATE = "training.updater.learning-rate";

    private static final String LAYERS = "network.layers.stochastic.";
    private static final List<String> BESIDE_THE_EXPERIMENT = List.of("league", "output", "overwrite");
    private static final List<Double> RATES = List.of(0.001, 0.003, 0.01, 0.03);

    /**
     * Data, or another network for them.
     *
     * @param keys put over the experiment
     * @param published numbers
     */
    record DataSet(String name, Config keys, List<Published> published) {}

    /**
     * An estimator that competes.
     *
     * @param label its type and the keys that were written
     * @param keys as experiment files write it
     */
    record Contestant(String label, Map<String, Object> keys) {}

    /**
     * How learning rates are found: by successive halving among the same ones for each estimator; then, as long as the best is at the border of what was
     * tried, one more beyond.
     *
     * @param rates ascending, at least 3
     * @param most rates of an estimator, those beyond counted
     * @param least epochs of the first rung
     * @param factor η
     */
    record Search(List<Double> rates, int most, int least, double factor) {
        private static Search read(Section section) {
            List<Double> rates = section.numbers("rates", RATES);
            for (int i = 0; i < rates.size(); i++) {
                if (!(rates.get(i) > (i == 0 ? 0 : rates.get(i - 1)))) {
                    throw section.wrong("rates", "numbers above 0, each greater than the one before");
                }
            }
            if (rates.size() < 3) {
                throw section.wrong("rates", "at least 3: of fewer one is always at the border");
            }
            return new Search(
                    rates,
                    section.integer("most-rates", rates.size() + 4, rates.size(), 100),
                    section.integer("least", 1, 1, 1 << 20),
                    section.number("factor", 2, new Range(1, false, Double.POSITIVE_INFINITY, false)));
        }

        /** The rate beyond the greatest or the least of those that were tried, as far as the given ones are from each other there. */
        double beyond(double border, boolean greatest) {
            int last = rates.size() - 1;
            double ratio = greatest ? rates.get(last) / rates.get(last - 1) : rates.get(0) / rates.get(1);
            return Double.parseDouble(String.format(Locale.ROOT, "%.3g", border * ratio));
        }
    }

    static LeagueSpec read(Config file) {
        return read(Section.root(file));
    }

    /**
     * Reads and checks the settings of a league.
     *
     * @param root the whole file
     */
    static LeagueSpec read(Section root) {
        Config file = root.config();
        if (!root.has("league")) {
            throw root.wrong("league", "a section league { units = [binary, 4-ary], … }: see conf/league for examples");
        }
        String name = root.text("name", "league");
        Section section = root.section("league");
        Config experiment = file;
        for (String key : BESIDE_THE_EXPERIMENT) {
            experiment = experiment.withoutPath(key);
        }
        List<LeagueUnits> units =
                section.texts("units", List.of("binary", "4-ary", "8-ary", "16-ary", "counts")).stream()
                        .map(each -> LeagueUnits.of(section, "units", each))
                        .toList();
        LeagueSpec spec = new LeagueSpec(
                name,
                root.text("output", "out/" + name),
                root.flag("overwrite", false),
                experiment,
                dataSets(section, experiment),
                units,
                contestants(section),
                Search.read(section),
                section.integer("replicates", 3, 2, 1 << 20),
                metric(section),
                section.section("execution").config());
        section.finish();
        spec.dataSets.forEach(data -> spec.units.forEach(each -> Experiment.read(spec.experiment(data, each))));
        return spec;
    }

    private static String metric(Section section) {
        String metric = section.text("metric", "valid.error");
        if (!metric.startsWith("valid.")) {
            throw section.wrong(
                    "metric", "a metric of the validation split, such as valid.loss: the test split is for the table");
        }
        return metric;
    }

    private static List<DataSet> dataSets(Section section, Config experiment) {
        List<DataSet> all = new ArrayList<>();
        section.declare("data-sets", ValueKind.SECTION);
        if (!section.has("data-sets")) {
            String source = Section.root(experiment).section("data").text("source", "data");
            return List.of(new DataSet(source, ConfigFactory.empty(), published(section)));
        }
        // names are the user's, and what is in the sections is an experiment's
        Section named = Section.of(
                section.path("data-sets"), section.config().getConfig("data-sets"), DeclarationObserver.NONE);
        for (String name : named.config().root().keySet().stream().sorted().toList()) {
            Section one = named.section(name);
            if (!one.has("data") && !experiment.hasPath("data")) {
                throw named.wrong(name, "a section with data { source = … }: where its examples come from");
            }
            all.add(new DataSet(name, one.config().withoutPath("published"), published(one)));
        }
        if (all.isEmpty()) {
            throw section.wrong("data-sets", "at least one NAME { … }, or no section for that of the experiment");
        }
        return List.copyOf(all);
    }

    private static List<Published> published(Section section) {
        return section.sections("published").stream().map(Published::read).toList();
    }

    private static List<Contestant> contestants(Section section) {
        Map<String, Contestant> all = new LinkedHashMap<>();
        if (section.flag("registered", !section.has("estimators"))) {
            Estimators.names().forEach(type -> all.put(type, new Contestant(type, Map.of("type", type))));
        }
        section.declare("estimators", ValueKind.LIST);
        List<? extends ConfigValue> written =
                section.isList("estimators") ? section.config().getList("estimators") : List.of();
        for (ConfigValue one : written) {
            Section estimator = Section.root(ConfigFactory.empty().withValue("estimator", one))
                    .typed("estimator", null);
            String label = Labels.of(estimator);
            Estimators.read(estimator);
            all.put(label, new Contestant(label, estimator.config().root().unwrapped()));
        }
        for (String label : section.texts("without", List.of())) {
            if (all.remove(label) == null) {
                throw section.wrong(
                        "without", "estimators of the league" + Section.suggestion(label, List.copyOf(all.keySet())));
            }
        }
        if (all.isEmpty()) {
            throw section.wrong("estimators", "at least one, or registered = true");
        }
        return List.copyOf(all.values());
    }

    /** The experiment on a data set with units of a kind and their own default estimator. */
    Config experiment(DataSet data, LeagueUnits of) {
        Config whole = data.keys.withFallback(experiment);
        return Overlay.apply(whole, Map.of(LAYERS + "law", of.keys()));
    }

    /** What a trial of an estimator is given, as a list of a sweep's configurations has it. */
    Map<String, Object> trial(Contestant one, double rate) {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("name", one.label);
        settings.put(LAYERS + "estimator", one.keys);
        settings.put(RATE, rate);
        return settings;
    }

    /** Why an estimator is not in a table; empty where it is. */
    Optional<String> refusal(DataSet data, LeagueUnits of, Contestant one) {
        if (!Estimators.read(Section.root(ConfigFactory.parseMap(one.keys))).suits(of.law())) {
            return Optional.of("is for other units");
        }
        try {
            Experiment.read(Overlay.apply(
                    experiment(data, of), trial(one, search.rates().get(0))));
            return Optional.empty();
        } catch (UsageException e) {
            return Optional.of(e.getMessage());
        }
    }

    /** Every key with the value in force. */
    Map<String, Object> write() {
        Map<String, Object> keys = new LinkedHashMap<>(experiment.root().unwrapped());
        Map<String, Object> league = new LinkedHashMap<>();
        league.put("units", units.stream().map(LeagueUnits::name).toList());
        league.put("data-sets", dataSets.stream().map(DataSet::name).toList());
        league.put("estimators", estimators.stream().map(Contestant::label).toList());
        league.put("rates", search.rates());
        league.put("most-rates", search.most());
        league.put("least", search.least());
        league.put("factor", search.factor());
        league.put("replicates", replicates);
        league.put("metric", metric);
        keys.put("league", league);
        keys.put("output", output);
        return keys;
    }
}
