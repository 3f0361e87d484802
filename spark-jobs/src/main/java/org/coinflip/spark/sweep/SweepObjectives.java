package org.coinflip.spark.sweep;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.coinflip.model.measure.Metric;
import org.coinflip.model.settings.Section;
import org.coinflip.model.settings.ValueKind;
import org.coinflip.spark.sweep.result.Objective;
import org.coinflip.spark.sweep.space.Constraint;
import org.coinflip.spark.sweep.trial.Programs;
import org.coinflip.spark.sweep.trial.TrainingProgram;

/**
 * The objectives and constraints of a sweep: the keys {@code metric} and {@code mode}, or {@code objectives} in their place; and {@code limits}, conditions on the means of a
 * configuration's metrics.
 *
 * @param objectives at least one; the first is what single values are of
 * @param limits conditions on metrics; one that a trial does not have keeps them
 */
record SweepObjectives(List<Objective> objectives, List<Constraint> limits) {
    private enum Mode {
        MIN,
        MAX
    }

    static SweepObjectives read(Section sweep, Programs program) {
        List<Objective> objectives = new ArrayList<>();
        sweep.declare("objectives", ValueKind.LIST);
        if (sweep.has("objectives")) {
            if (sweep.has("metric") || sweep.has("mode")) {
                throw sweep.wrong("objectives", "either these or metric and mode");
            }
            for (ConfigValue value : list(sweep)) {
                Config given = value instanceof ConfigObject object
                        ? object.toConfig()
                        : ConfigFactory.empty().withValue("metric", value);
                Section one = Section.root(given.atPath("objectives")).section("objectives");
                String metric = metric(sweep, "objectives", one.text("metric", ""), program);
                objectives.add(new Objective(metric, mode(one, metric, program)));
                one.finish();
            }
            long different =
                    objectives.stream().map(Objective::metric).distinct().count();
            if (objectives.isEmpty() || different < objectives.size()) {
                throw sweep.wrong("objectives", "a list of one metric or more, each once");
            }
        } else {
            String metric = metric(
                    sweep,
                    "metric",
                    sweep.text("metric", program == Programs.TRAIN ? "valid.error" : "value"),
                    program);
            objectives.add(new Objective(metric, mode(sweep, metric, program)));
        }
        List<Constraint> limits = sweep.texts("limits", List.of()).stream()
                .map(text -> Constraint.parse("sweep.limits", text))
                .toList();
        limits.forEach(limit -> limit.names().forEach(name -> metric(sweep, "limits", name, program)));
        return new SweepObjectives(List.copyOf(objectives), limits);
    }

    private static List<? extends ConfigValue> list(Section sweep) {
        try {
            return sweep.config().getList("objectives");
        } catch (ConfigException e) {
            throw sweep.wrong("objectives", "a list of metrics [ a, { metric = b, mode = max } ]");
        }
    }

    private static boolean mode(Section section, String metric, Programs program) {
        boolean more = measured(metric, program).filter(Metric::isMaximised).isPresent();
        return section.choice("mode", more ? Mode.MAX : Mode.MIN) == Mode.MAX;
    }

    private static Optional<Metric> measured(String metric, Programs program) {
        return program == Programs.TRAIN ? TrainingProgram.measured(metric) : Optional.empty();
    }

    private static String metric(Section sweep, String key, String metric, Programs program) {
        List<String> known = program.program().metrics().stream().sorted().toList();
        boolean layers =
                program == Programs.TRAIN && metric.matches("layer\\d+\\.(firingRate|gradientVariance|activeFraction)");
        if (!known.contains(metric) && !layers) {
            String timings = metric.equals("seconds") ? "; times differ from run to run, and decide nothing here" : "";
            throw sweep.wrong(
                    key,
                    (key.equals("metric") ? "one of " : "of ")
                            + String.join(", ", known)
                            + (key.equals("metric") ? "" : ", not " + metric)
                            + timings
                            + Section.suggestion(metric, known));
        }
        return metric;
    }

    /** The one metric that trials have to measure; empty where every score has all that they are compared by. */
    Optional<Metric> measured(Section sweep, Programs program) {
        Set<Metric> metrics = new LinkedHashSet<>();
        names().forEach(name -> measured(name, program).ifPresent(metrics::add));
        if (metrics.size() > 1) {
            throw sweep.wrong(
                    "objectives", "at most one that is no loss, error or layer's: a trial measures one such metric");
        }
        return metrics.stream().findFirst();
    }

    /** All metrics that are asked for, those of the objectives first. */
    List<String> names() {
        Set<String> names = new LinkedHashSet<>();
        objectives.forEach(objective -> names.add(objective.metric()));
        limits.forEach(limit -> names.addAll(limit.names()));
        return List.copyOf(names);
    }

    boolean isPlain() {
        return objectives.size() == 1 && limits.isEmpty();
    }

    /** Beyond the first objective; nothing where there is no more. */
    Map<String, Object> identity() {
        Map<String, Object> keys = new LinkedHashMap<>();
        if (objectives.size() > 1) {
            keys.put("objectives", objectives.stream().map(Objective::toString).toList());
        }
        if (!limits.isEmpty()) {
            keys.put("limits", limits.stream().map(Constraint::toString).toList());
        }
        return keys;
    }
}
