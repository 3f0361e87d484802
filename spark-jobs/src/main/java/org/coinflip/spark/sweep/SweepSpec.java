package org.coinflip.spark.sweep;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigValueFactory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.BiFunction;
import org.coinflip.data.Description;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.measure.Metric;
import org.coinflip.model.settings.Range;
import org.coinflip.model.settings.Section;
import org.coinflip.model.settings.ValueKind;
import org.coinflip.spark.checkpoint.Identity;
import org.coinflip.spark.output.HadoopConfiguration;
import org.coinflip.spark.sweep.sampler.Admission;
import org.coinflip.spark.sweep.sampler.Explorer;
import org.coinflip.spark.sweep.sampler.Sampler;
import org.coinflip.spark.sweep.sampler.Samplers;
import org.coinflip.spark.sweep.scheduler.Scheduler;
import org.coinflip.spark.sweep.scheduler.Schedulers;
import org.coinflip.spark.sweep.space.Axis;
import org.coinflip.spark.sweep.space.Configuration;
import org.coinflip.spark.sweep.space.Overlay;
import org.coinflip.spark.sweep.space.Space;
import org.coinflip.spark.sweep.trial.Programs;
import org.coinflip.spark.tracking.MlflowSpec;
import org.coinflip.spark.tracking.TrackingSpec;

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
 * @param goals what trials are compared by
 * @param window results that may be outstanding when the next step is decided; a part of the sweep, for decisions depend on it
 * @param stopAfterFailures failed trials after which no other is started; 0 for any number
 * @param warmStart what is known before
 * @param keepModels of how many of the best configurations a model is kept
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
        Section file,
        Programs program,
        Space space,
        Axis compared,
        int trials,
        long seed,
        int replicates,
        SweepObjectives goals,
        int window,
        int stopAfterFailures,
        WarmStart warmStart,
        int keepModels,
        Budget budget,
        ExecutionSpec execution,
        Ui ui,
        Optional<MlflowSpec> mlflow) {
    private static final int RANDOM_TRIALS = 20;
    private static final int WINDOW = 16;
    /** Probability that an axis is drawn anew where a state is copied. */
    private static final double ANEW = 0.25;
    /** Keys at the root that are no part of a trial's experiment. */
    private static final List<String> BESIDE_THE_EXPERIMENT =
            List.of("sweep", "output", "overwrite", "ui", "ui-port", "tracking");

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

    /** Reads and checks the section. */
    public static SweepSpec read(Config file) {
        return read(Section.root(file));
    }

    /** Reads and checks the section of a whole file. */
    public static SweepSpec read(Section root) {
        Config file = root.config();
        String name = root.text("name", "sweep");
        Section sweep = root.section("sweep");
        if (!file.hasPath("sweep")) {
            throw root.wrong(
                    "sweep", "a section sweep { space { … } }: see docs/sweeps.md, or conf/sweeps for examples");
        }
        Programs program = sweep.choice("trial", Programs.TRAIN);
        Space space = Space.read(sweep.section("space").config().root(), constraints(sweep), root.observer());
        String compare = sweep.text("compare", "");
        Optional<Axis> compared = space.axis(compare);
        if (!compare.isEmpty() && compared.isEmpty()) {
            List<String> names = space.axes().stream().map(Axis::name).toList();
            throw sweep.wrong("compare", "an axis of sweep.space" + Section.suggestion(compare, names));
        }
        SweepObjectives goals = SweepObjectives.read(sweep, program);
        Optional<Metric> measured = goals.measured(sweep, program);
        Config experiment = without(file, BESIDE_THE_EXPERIMENT);
        SweepSpec spec = new SweepSpec(
                name,
                root.text("output", "out/" + name),
                root.flag("overwrite", false),
                measured.map(measure -> measuring(experiment, measure)).orElse(experiment),
                root,
                program,
                space,
                compared.orElse(null),
                sweep.optionalInteger("trials", 1, 100_000_000).orElse(-1),
                sweep.wholeNumber("seed", 1),
                sweep.integer("replicates", 1, 1, 1 << 20),
                goals,
                sweep.integer("window", WINDOW, 1, 1 << 20),
                sweep.integer("stop-after-failures", 0, 0, Integer.MAX_VALUE),
                WarmStart.read(sweep),
                sweep.integer("keep-models", 0, 0, 10_000),
                Budget.read(sweep.section("budget")),
                ExecutionSpec.read(sweep.section("execution")),
                new Ui(root.flag("ui", false), root.integer("ui-port", 0, 0, 65535)),
                server(root, name));
        spec.checkConstraints(sweep);
        if (goals.objectives().size() > 1 && !spec.warmStart.evidence().isEmpty()) {
            throw sweep.wrong("evidence", "none beside several objectives: one value of each row is learned from");
        }
        if (spec.replicates > 1 && space.axis("seed").isPresent()) {
            throw sweep.wrong("replicates", "1: seed is an axis, and replicates are its next numbers");
        }
        if (spec.execution.as() == ExecutionSpec.As.JOBS && program != Programs.TRAIN) {
            throw new UsageException("sweep.execution.as: got jobs, expected tasks: only trainings have workers that"
                    + " could run in parallel");
        }
        if (spec.keepModels > 0 && program != Programs.TRAIN) {
            throw sweep.wrong("keep-models", "0: only trainings have models");
        }
        sweep.allow("sampler", "scheduler").finish();
        return spec;
    }

    /** The first objective. */
    String metric() {
        return goals.objectives().get(0).metric();
    }

    /** Whether more of the first objective is better. */
    boolean maximised() {
        return goals.objectives().get(0).maximised();
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
        sweep.declare("constraints", ValueKind.TEXTS);
        try {
            return sweep.has("constraints") ? sweep.config().getStringList("constraints") : List.of();
        } catch (ConfigException e) {
            throw sweep.wrong("constraints", "a list of comparisons [ \"a <= b\", … ]");
        }
    }

    private static Optional<MlflowSpec> server(Section root, String name) {
        TrackingSpec tracking = TrackingSpec.read(root, name);
        if (tracking.tensorboard()) {
            throw new UsageException("tracking.tensorboard: got true, expected false in a sweep, whose trials leave no"
                    + " such files: train one of the best by sweep.sh --best N train FOLDER tracking.tensorboard=true");
        }
        return tracking.mlflow();
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

    /** The seed of a configuration's first replicate, where it is no axis. */
    public long firstSeed() {
        return file.wholeNumber("seed", 1);
    }

    /** A sampler at its start, that knows nothing of other sweeps. */
    public Sampler sampler() {
        Section sweep = file.section("sweep");
        Map<String, Object> leaves = Overlay.leaves(base);
        Sampler sampler = Samplers.read(sweep.typed("sampler", "random"), space, compared, leaves, seed);
        if (!warmStart.evidence().isEmpty() && !sampler.learns()) {
            throw sweep.wrong("evidence", "none with a sampler that does not learn: take sampler = tpe");
        }
        if (goals.objectives().size() > 1 && sampler.learns() && !sampler.weighsObjectives()) {
            throw sweep.wrong("objectives", "one with this sampler: take sampler = nsga2 or tpe");
        }
        return Samplers.first(warmStart.first(), sampler, space, leaves, seed);
    }

    /** Tells a sampler what other sweeps found; gives a line for each. */
    List<String> tell(Sampler sampler) {
        return warmStart.tell(
                sampler, space, metric(), maximised(), scheduler().rungs(), HadoopConfiguration.ofDriver());
    }

    /** What changes settings where states are copied: by default all numbers of the training. */
    Explorer explorer() {
        Section section = file.section("sweep").typed("scheduler", "none");
        List<String> numbers = space.axes().stream()
                .filter(axis -> axis.options() == 0)
                .map(Axis::name)
                .toList();
        List<String> perturbed = section.texts(
                "perturb",
                numbers.stream().filter(name -> name.startsWith("training.")).toList());
        for (String name : perturbed) {
            if (!numbers.contains(name)) {
                throw section.wrong("perturb", "axes of numbers, not " + name + Section.suggestion(name, numbers));
            }
        }
        if (perturbed.isEmpty()) {
            throw section.wrong("perturb", "at least one axis of numbers: no axis of sweep.space is one of training");
        }
        return new Explorer(
                new Admission(space, Overlay.leaves(base)),
                new TreeSet<>(perturbed),
                section.number("anew", ANEW, Range.UNIT),
                seed);
    }

    /** What {@link Planner} gives those that go on from another's state. */
    BiFunction<Configuration, Integer, Configuration> near() {
        return scheduler().copies() ? explorer()::near : (parent, step) -> parent;
    }

    /** A scheduler at its start. */
    public Scheduler scheduler() {
        int epochs = program.program().epochs(base);
        Section sweep = file.section("sweep");
        Scheduler scheduler = Schedulers.read(sweep.typed("scheduler", "none"), epochs, replicates);
        if (scheduler.learns()
                && !scheduler.takesReplicates()
                && space.axis("training.epochs").isPresent()) {
            throw sweep.wrong(
                    "scheduler", "none: training.epochs is an axis, and rungs are parts of one whole training");
        }
        if (goals.objectives().size() > 1 && scheduler.learns()) {
            throw sweep.wrong("objectives", "one with this scheduler, which compares single values: take none");
        }
        if (!goals.limits().isEmpty() && scheduler.takesReplicates()) {
            throw sweep.wrong("limits", "none in a race, which compares single replicates");
        }
        if (scheduler.copies()) {
            explorer();
        }
        if (scheduler.takesReplicates() && trials > 0 && trials % replicates != 0) {
            throw sweep.wrong("trials", "a multiple of sweep.replicates, " + replicates + ", in a race");
        }
        return scheduler;
    }

    /** Number of trials, given what the sampler has and the scheduler makes a whole of. */
    int trials(Sampler sampler, Scheduler scheduler) {
        long all = sampler.size() == Long.MAX_VALUE ? Long.MAX_VALUE : sampler.size() * replicates;
        int byDefault = all == Long.MAX_VALUE
                ? scheduler.configurations().orElse(RANDOM_TRIALS) * replicates
                : Math.toIntExact(all);
        return (int) Math.min(all, trials < 0 ? byDefault : trials);
    }

    /** Replicates that a configuration is to have: the last one may have fewer. */
    int replicates(int configuration, int ofTrials) {
        return Math.min(replicates, ofTrials - configuration * replicates);
    }

    /**
     * What all results depend on, but for the code, with the values in force: a sweep goes on in a folder only where this is the same. How far
     * it goes and how it is run is no part of it.
     *
     * @param data that trials have whose axes are none of data; absent where they need none
     */
    Identity identity(Optional<Description> data) {
        Section sweep = file.section("sweep");
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("trial", Section.name(program));
        keys.put("space", sweep.section("space").config().root().unwrapped());
        keys.put("constraints", constraints(sweep));
        keys.putAll(Samplers.identity(sweep.typed("sampler", "random")));
        keys.put("scheduler", sweep.typed("scheduler", "none").config().root().unwrapped());
        keys.put("compare", compared == null ? "" : compared.name());
        keys.put("seed", seed);
        keys.put("replicates", replicates);
        keys.put("metric", metric());
        keys.put("mode", maximised() ? "max" : "min");
        keys.put("window", window);
        keys.putAll(goals.identity());
        keys.putAll(warmStart.identity(HadoopConfiguration.ofDriver()));
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
