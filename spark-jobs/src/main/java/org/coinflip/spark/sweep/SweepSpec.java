package org.coinflip.spark.sweep;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigValueFactory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.coinflip.data.Description;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.measure.Metric;
import org.coinflip.model.settings.Range;
import org.coinflip.model.settings.Section;
import org.coinflip.spark.checkpoint.Identity;
import org.coinflip.spark.sweep.sampler.Sampler;
import org.coinflip.spark.sweep.sampler.Samplers;
import org.coinflip.spark.sweep.scheduler.Scheduler;
import org.coinflip.spark.sweep.scheduler.Schedulers;
import org.coinflip.spark.sweep.space.Axis;
import org.coinflip.spark.sweep.space.Overlay;
import org.coinflip.spark.sweep.space.Space;
import org.coinflip.spark.sweep.trial.Programs;
import org.coinflip.spark.sweep.trial.TrainingProgram;

/**
 * A sweep, as its file says: the section {@code sweep} beside an experiment.
 *
 * @param name for people
 * @param output folder for all that the job writes
 * @param overwrite whether an output that is no part of this sweep is replaced
 * @param base the experiment without the section {@code sweep}
 * @param file the whole file
 * @param program what a trial does
 * @param space what varies
 * @param compared the choice whose options are compared, or null
 * @param trials trials, each configuration counted once a replicate; −1 for all that the sampler has
 * @param seed of the sampler's draws
 * @param replicates seeds of each configuration: the experiment's and those after it
 * @param metric what is optimised
 * @param maximised whether more of it is better
 * @param window results that may be outstanding when the next step is decided; a part of the sweep, for decisions depend on it
 * @param stopAfterFailures failed trials after which no other is started; 0 for any number
 * @param budget when to stop early
 * @param execution how trials are run; changes no result
 * @param ui the page while the sweep runs
 * @param mlflow the server that is told of the trials; none where it is empty
 */
public record SweepSpec(
        String name,
        String output,
        boolean overwrite,
        Config base,
        Config file,
        Programs program,
        Space space,
        Axis compared,
        int trials,
        long seed,
        int replicates,
        String metric,
        boolean maximised,
        int window,
        int stopAfterFailures,
        Budget budget,
        ExecutionSpec execution,
        Ui ui,
        Optional<Mlflow> mlflow) {
    private static final int RANDOM_TRIALS = 20;
    private static final int WINDOW = 16;
    /** Keys at the root that are no part of a trial's experiment. */
    private static final List<String> BESIDE_THE_EXPERIMENT =
            List.of("sweep", "output", "overwrite", "ui", "ui-port", "tracking");

    private enum Mode {
        MIN,
        MAX
    }

    /**
     * When to stop before all trials are done.
     *
     * @param seconds wall-clock time after which no trial is started
     * @param epochs epochs of all trials together
     */
    public record Budget(double seconds, double epochs) {
        static Budget read(Section section) {
            Budget budget = new Budget(
                    section.number("seconds", Double.POSITIVE_INFINITY, Range.POSITIVE),
                    section.number("epochs", Double.POSITIVE_INFINITY, Range.POSITIVE));
            section.finish();
            return budget;
        }
    }

    /**
     * The keys {@code ui} and {@code ui-port}.
     *
     * @param served whether a page is served while the sweep runs
     * @param port on this machine, 0 for any that is free
     */
    public record Ui(boolean served, int port) {}

    /**
     * The keys {@code tracking.mlflow}.
     *
     * @param uri of the server
     * @param experiment its name there
     */
    public record Mlflow(String uri, String experiment) {
        private static Optional<Mlflow> read(Section tracking, String name) {
            Section section = tracking.section("mlflow");
            tracking.finish();
            String uri = section.text("uri", "");
            if (!uri.isEmpty() && !uri.matches("https?://[^/\\s]+.*")) {
                throw section.wrong("uri", "the address of an MLflow server, such as http://host:5000");
            }
            Mlflow mlflow = new Mlflow(uri, section.text("experiment", name));
            section.finish();
            return uri.isEmpty() ? Optional.empty() : Optional.of(mlflow);
        }
    }

    /** Reads and checks the section. */
    public static SweepSpec read(Config file) {
        Section root = Section.root(file);
        String name = root.text("name", "sweep");
        Section sweep = root.section("sweep");
        if (!file.hasPath("sweep")) {
            throw root.wrong(
                    "sweep", "a section sweep { space { … } }: see docs/sweeps.md, or conf/sweeps for examples");
        }
        Programs program = sweep.choice("trial", Programs.TRAIN);
        Space space = Space.read(sweep.section("space").config().root(), constraints(sweep));
        String compare = sweep.text("compare", "");
        Optional<Axis> compared = space.axis(compare);
        if (!compare.isEmpty() && compared.isEmpty()) {
            List<String> names = space.axes().stream().map(Axis::name).toList();
            throw sweep.wrong("compare", "an axis of sweep.space" + Section.suggestion(compare, names));
        }
        String metric = metric(sweep, program);
        Optional<Metric> measured = program == Programs.TRAIN ? TrainingProgram.measured(metric) : Optional.empty();
        Config experiment = without(file, BESIDE_THE_EXPERIMENT);
        SweepSpec spec = new SweepSpec(
                name,
                root.text("output", "out/" + name),
                root.flag("overwrite", false),
                measured.map(measure -> measuring(experiment, measure)).orElse(experiment),
                file,
                program,
                space,
                compared.orElse(null),
                sweep.integer("trials", -1, 1, 100_000_000),
                sweep.wholeNumber("seed", 1),
                sweep.integer("replicates", 1, 1, 1 << 20),
                metric,
                sweep.choice("mode", measured.filter(Metric::isMaximised).isPresent() ? Mode.MAX : Mode.MIN)
                        == Mode.MAX,
                sweep.integer("window", WINDOW, 1, 1 << 20),
                sweep.integer("stop-after-failures", 0, 0, Integer.MAX_VALUE),
                Budget.read(sweep.section("budget")),
                ExecutionSpec.read(sweep.section("execution")),
                new Ui(root.flag("ui", false), root.integer("ui-port", 0, 0, 65535)),
                Mlflow.read(root.section("tracking"), name));
        spec.checkConstraints(sweep);
        if (spec.replicates > 1 && space.axis("seed").isPresent()) {
            throw sweep.wrong("replicates", "1: seed is an axis, and replicates are its next numbers");
        }
        if (spec.execution.as() == ExecutionSpec.As.JOBS && program != Programs.TRAIN) {
            throw new UsageException("sweep.execution.as: got jobs, expected tasks: only trainings have workers that"
                    + " could run in parallel");
        }
        sweep.allow("sampler", "scheduler").finish();
        return spec;
    }

    private static String metric(Section sweep, Programs program) {
        boolean training = program == Programs.TRAIN;
        String metric = sweep.text("metric", training ? "valid.error" : "value");
        List<String> known = program.program().metrics().stream().sorted().toList();
        boolean layers = training && metric.matches("layer\\d+\\.(firingRate|gradientVariance|activeFraction)");
        if (!known.contains(metric) && !layers) {
            throw sweep.wrong("metric", "one of " + String.join(", ", known) + Section.suggestion(metric, known));
        }
        return metric;
    }

    /** The experiment, told to measure what its trials are compared by. */
    private static Config measuring(Config experiment, Metric metric) {
        String name = Section.name(metric);
        Section validation = Section.root(experiment).section("validation");
        if (validation.has("metric") && !validation.text("metric").equals(name)) {
            throw validation.wrong("metric", name + ", as sweep.metric wants, or nothing");
        }
        return experiment.withValue("validation.metric", ConfigValueFactory.fromAnyRef(name));
    }

    private static List<String> constraints(Section sweep) {
        try {
            return sweep.has("constraints") ? sweep.config().getStringList("constraints") : List.of();
        } catch (ConfigException e) {
            throw sweep.wrong("constraints", "a list of comparisons [ \"a <= b\", … ]");
        }
    }

    private void checkConstraints(Section sweep) {
        Map<String, Object> leaves = Overlay.leaves(base);
        List<String> known = java.util.stream.Stream.concat(
                        space.axes().stream().map(Axis::name), leaves.keySet().stream())
                .toList();
        space.constraints().forEach(constraint -> constraint.names().forEach(used -> {
            if (!known.contains(used)) {
                throw sweep.wrong(
                        "constraints",
                        "names of axes or keys of the experiment, not " + used + Section.suggestion(used, known));
            }
        }));
    }

    /** A sampler at its start. */
    Sampler sampler() {
        Section sweep = Section.root(file).section("sweep");
        return Samplers.read(sweep.typed("sampler", "random"), space, compared, Overlay.leaves(base), seed);
    }

    /** A scheduler at its start. */
    Scheduler scheduler() {
        int epochs = program.program().epochs(base);
        Section sweep = Section.root(file).section("sweep");
        Scheduler scheduler = Schedulers.read(sweep.typed("scheduler", "none"), epochs);
        if (scheduler.learns() && space.axis("training.epochs").isPresent()) {
            throw sweep.wrong(
                    "scheduler", "none: training.epochs is an axis, and rungs are parts of one whole training");
        }
        return scheduler;
    }

    /** Number of trials, given what the sampler has. */
    int trials(Sampler sampler) {
        long all = sampler.size() == Long.MAX_VALUE ? Long.MAX_VALUE : sampler.size() * replicates;
        int byDefault = all == Long.MAX_VALUE ? RANDOM_TRIALS * replicates : Math.toIntExact(all);
        return (int) Math.min(all, trials < 0 ? byDefault : trials);
    }

    /**
     * What all results depend on, but for the code, with the values in force: a sweep goes on in a folder only where this is the same. How far
     * it goes and how it is run is no part of it.
     *
     * @param data that trials have whose axes are none of data; absent where they need none
     */
    Identity identity(Optional<Description> data) {
        Section sweep = Section.root(file).section("sweep");
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("trial", Section.name(program));
        keys.put("space", sweep.section("space").config().root().unwrapped());
        keys.put("constraints", constraints(sweep));
        keys.put("sampler", sweep.typed("sampler", "random").config().root().unwrapped());
        keys.put("scheduler", sweep.typed("scheduler", "none").config().root().unwrapped());
        keys.put("compare", compared == null ? "" : compared.name());
        keys.put("seed", seed);
        keys.put("replicates", replicates);
        keys.put("metric", metric);
        keys.put("mode", maximised ? "max" : "min");
        keys.put("window", window);
        Map<String, Object> whole = new LinkedHashMap<>(program.program().identity(base, data));
        whole.put("sweep", keys);
        return Identity.of(whole);
    }

    private static Config without(Config config, List<String> keys) {
        Config kept = config;
        for (String key : keys) {
            kept = kept.withoutPath(key);
        }
        return kept;
    }
}
