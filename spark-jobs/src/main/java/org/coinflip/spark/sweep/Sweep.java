package org.coinflip.spark.sweep;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.typesafe.config.Config;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.coinflip.data.DataSpec;
import org.coinflip.data.Dataset;
import org.coinflip.data.Description;
import org.coinflip.data.output.Apart;
import org.coinflip.model.error.DataException;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.kernel.Arithmetic;
import org.coinflip.model.kernel.KernelChoice;
import org.coinflip.model.kernel.Product;
import org.coinflip.model.layer.FeatureShape;
import org.coinflip.model.network.Network;
import org.coinflip.model.settings.Section;
import org.coinflip.model.storage.Sealed;
import org.coinflip.model.training.StepProducts;
import org.coinflip.spark.checkpoint.Ending;
import org.coinflip.spark.checkpoint.Identity;
import org.coinflip.spark.experiment.Experiment;
import org.coinflip.spark.output.HadoopConfiguration;
import org.coinflip.spark.output.Reason;
import org.coinflip.spark.output.Redaction;
import org.coinflip.spark.output.RunDirectory;
import org.coinflip.spark.output.Versions;
import org.coinflip.spark.preflight.Slots;
import org.coinflip.spark.preflight.SparkSettings;
import org.coinflip.spark.sweep.journal.Journal;
import org.coinflip.spark.sweep.report.LivePage;
import org.coinflip.spark.sweep.report.SweepReport;
import org.coinflip.spark.sweep.result.SweepResult;
import org.coinflip.spark.sweep.sampler.Sampler;
import org.coinflip.spark.sweep.scheduler.Scheduler;
import org.coinflip.spark.sweep.space.Overlay;
import org.coinflip.spark.sweep.tracking.MlflowTracking;
import org.coinflip.spark.sweep.tracking.Tracking;
import org.coinflip.spark.sweep.trial.Checkpoints;
import org.coinflip.spark.sweep.trial.Programs;
import org.coinflip.spark.sweep.trial.TrialRunner;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A whole sweep: checks it, goes on where an earlier run of it stopped, runs its trials and writes the folder. What can be refused is
 * refused by {@link #prepare}, before Spark is started.
 */
public final class Sweep {
    private static final Logger LOG = LoggerFactory.getLogger(Sweep.class);
    private static final String DEFINITION = "sweep.json";
    private static final String SUMMARY = "summary.json";
    private static final String KERNELS = "kernels";
    private static final String IDENTITY = "identity";

    /** That running trials and the tracking server have when the sweep is asked to end. */
    private static final long GRACE_SECONDS = 15;

    private static final String TABLE = "table.parquet";

    /** What a sweep writes. */
    private static final String[] FILES = {
        DEFINITION,
        SUMMARY,
        "report.html",
        "table.csv",
        "journal/#.jsonl",
        "journal/#.jsonl.damaged",
        "checkpoints/trial-#-rung-#.bin",
        "best/#/experiment.conf",
        "best/#/summary.json",
        "best/#/model/model.json",
        "best/#/model/state.bin"
    };

    private final SweepSpec spec;
    private final Identity identity;
    private final Configuration hadoop;
    private final RunDirectory folder;
    private final boolean resumed;

    private Sweep(SweepSpec spec, Identity identity, Configuration hadoop, RunDirectory folder, boolean resumed) {
        this.spec = spec;
        this.identity = identity;
        this.hadoop = hadoop;
        this.folder = folder;
        this.resumed = resumed;
    }

    /** Checks settings, space, data and output. */
    public static Sweep prepare(Config config) {
        return prepare(SweepSpec.read(config));
    }

    /** Checks space, data and output. */
    public static Sweep prepare(SweepSpec spec) {
        return prepare(spec, false);
    }

    /** @param again whether a sweep that is whole is no mistake: {@link #result} then tells what it found */
    public static Sweep prepare(SweepSpec spec, boolean again) {
        Configuration hadoop = HadoopConfiguration.ofDriver();
        Optional<Description> data = Optional.empty();
        if (spec.program().program().needsData()) {
            DataSpec written = DataSpec.read(Section.root(spec.base()).section("data"));
            Apart.require(spec.output(), written.inputs(), hadoop);
            data = Optional.of(Dataset.open(written, hadoop).description());
        }
        for (String folder : spec.warmStart().evidence()) {
            Apart.require(spec.output(), Map.of("sweep.evidence", folder), hadoop);
        }
        Identity identity = spec.identity(data);
        RunDirectory folder = RunDirectory.resumed(spec.output(), hadoop);
        boolean resumed = !spec.overwrite() && goesOn(folder, spec, identity, again);
        if (!resumed) {
            folder = RunDirectory.at(spec.output(), spec.overwrite(), hadoop);
        }
        Sampler sampler = spec.sampler();
        new SpaceValidation(spec, data).check(sampler);
        spec.tell(spec.sampler());
        spec.scheduler();
        data.ifPresent(description -> description.notes().forEach(System.err::println));
        return new Sweep(spec, identity, hadoop, folder, resumed);
    }

    /** Whether a folder holds this sweep, with trials left to do or to be told again. */
    private static boolean goesOn(RunDirectory folder, SweepSpec spec, Identity identity, boolean again) {
        FileSystem files = folder.fileSystem();
        try {
            if (!files.exists(folder.path(DEFINITION))) {
                return false;
            }
            JsonNode definition = definition(files, folder.path(DEFINITION));
            identity.difference(definition.path(IDENTITY)).ifPresent(difference -> {
                throw new UsageException("output " + spec.output() + " holds another sweep (" + difference
                        + "), expected a new folder, or the same settings and data to go on with it:"
                        + " name another, where sweep.evidence takes results of this one along, or add overwrite=true");
            });
            if (!again && files.exists(folder.path(SUMMARY))) {
                JsonNode summary = summary(files, folder.path(SUMMARY));
                int trials = spec.trials(spec.sampler(), spec.scheduler());
                boolean whole = summary.path("status").asText().equals("done")
                        && summary.path("planned").asInt() == trials;
                if (whole) {
                    throw new UsageException("output " + spec.output() + " holds this sweep, all " + trials
                            + " trials done: ask for more by sweep.trials, name another output or add overwrite=true");
                }
            }
            return true;
        } catch (IOException e) {
            throw new UsageException(
                    "output " + spec.output() + " cannot be read (" + Reason.of(e)
                            + "), expected a folder of this machine or of a file system that answers: look at its"
                            + " permissions, or name another",
                    e);
        }
    }

    private static JsonNode definition(FileSystem files, Path path) throws IOException {
        String damage;
        try {
            JsonNode definition = read(files, path);
            damage = Sealed.damage(definition, false).orElse("");
            if (damage.isEmpty()) {
                return definition;
            }
        } catch (JsonProcessingException e) {
            damage = "it is no JSON";
        }
        throw new DataException(path + " is damaged (" + damage
                + "), expected what the sweep wrote: copy it again, or name another output");
    }

    /** What is damaged is as if it were not there: it is written anew from the journal. */
    private static JsonNode summary(FileSystem files, Path path) throws IOException {
        JsonNode summary;
        try {
            summary = read(files, path);
        } catch (JsonProcessingException e) {
            summary = MissingNode.getInstance();
        }
        Optional<String> damage = Sealed.damage(summary, false);
        damage.ifPresent(
                how -> System.err.println(path + " is damaged (" + how + "): it is written anew from the journal"));
        return damage.isPresent() ? MissingNode.getInstance() : summary;
    }

    private static JsonNode read(FileSystem files, Path path) throws IOException {
        try (InputStream in = files.open(path)) {
            return new ObjectMapper().readTree(in);
        }
    }

    /** As the other, to the end. */
    public void run(SparkSession session) {
        run(session, () -> false);
    }

    /**
     * Runs what is left to do, and writes table, summary and report.
     *
     * @param ending whether the sweep is asked to end
     * @throws SweepStopped where it was asked to end before its time
     */
    public void run(SparkSession session, Ending ending) {
        finished(session, ending).failure().ifPresent(line -> {
            throw new SweepFailure(line + ": " + folder.path("report.html") + " has all reasons");
        });
    }

    /**
     * As {@link #run}, for a job of which the sweep is a part: one of whose trials none is done is no failure.
     *
     * @throws SweepStopped where it was asked to end before its time
     */
    public SweepResult result(SparkSession session, Ending ending) {
        return finished(session, ending).result();
    }

    private record Finished(SweepResult result, Optional<String> failure) {}

    private Finished finished(SparkSession session, Ending ending) {
        try (RunDirectory.Hold hold = folder.hold("sweep")) {
            return runHeld(session, ending);
        }
    }

    private Finished runHeld(SparkSession session, Ending ending) {
        Instant started = Instant.now();
        long began = System.nanoTime();
        JavaSparkContext spark = JavaSparkContext.fromSparkContext(session.sparkContext());
        SparkSettings.require(spark.getConf());
        ending.inHaste(0, () -> SweepStopped.line(ending.by()));
        if (resumed) {
            folder.adopt(FILES);
        } else {
            folder.create(FILES);
        }
        Sampler sampler = spec.sampler();
        spec.tell(sampler).forEach(System.err::println);
        KernelChoice kernels = kernels(sampler);
        Map<String, Object> definition = new LinkedHashMap<>();
        definition.put(IDENTITY, identity.keys());
        definition.put(KERNELS, kernels.rounding());
        definition.put("config", Redaction.redact(spec.file().config().root().unwrapped()));
        folder.writeSealed(DEFINITION, definition);
        Journal journal = Journal.open(folder.fileSystem(), folder.path("journal"));
        journal.damages().forEach(System.err::println);
        journal.guard(folder::requireHeld);
        Scheduler scheduler = spec.scheduler();
        int trials = spec.trials(sampler, scheduler);
        int configurations = (trials + spec.replicates() - 1) / spec.replicates();
        Planner planner = new Planner(
                sampler,
                scheduler,
                spec.near(),
                configurations,
                spec.window(),
                spec.budget().epochs());
        long seed = spec.firstSeed();
        Results results = new Results(spec, trials, scheduler.rungs(), seed);
        BlockingQueue<Execution.Event> events = new LinkedBlockingQueue<>();
        TrialRunner runner = new TrialRunner(
                spec.program(),
                spec.base(),
                new Checkpoints(folder.path("checkpoints").toString(), hadoop),
                spec.execution().trialSeconds());
        SweepSummary summary = new SweepSummary(spec, started, Versions.of(kernels, spark.version()));
        try (Requests requests = new Requests(spec, trials, kernels, spark, hadoop);
                Execution execution = spec.execution().as() == ExecutionSpec.As.JOBS
                        ? new JobExecution(spark, runner, events)
                        : new TaskExecution(spark, runner, spec.execution(), events);
                SweepProgress progress = new SweepProgress(spec, spark.getConf());
                Tracking tracking = spec.mlflow()
                        .<Tracking>map(server -> new MlflowTracking(server, spec.name()))
                        .orElse(Tracking.NONE);
                LivePage page = spec.ui().served()
                        ? LivePage.open(spec.name(), spec.ui().port(), results::result)
                        : LivePage.none()) {
            SweepRun run = new SweepRun(spec, planner, requests, execution, events, journal, results, tracking, ending);
            ending.inHaste(GRACE_SECONDS, () -> SweepStopped.line(ending.by()));
            progress.begin(trials, run.before(), folder.path("report.html").toString());
            long trialsBegan = System.nanoTime();
            boolean whole = run.run(progress::show) && !planner.isOutOfBudget();
            double trialSeconds = (System.nanoTime() - trialsBegan) / 1e9;
            summary.ran(run.executed(), run.executedSeconds(), trialSeconds, Slots.of(spark));
            if (spec.program() == Programs.TRAIN) {
                new BestConfigurations(spec, folder, hadoop)
                        .write(results.result(), requests, planner, runner.checkpoints(), run);
            }
            Finished finished = finish(results, summary, whole, began);
            if (finished.failure().isEmpty()) {
                tracking.whole();
            }
            return finished;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the sweep was interrupted: start it again to go on", e);
        }
    }

    /** Those that it began with where it goes on, otherwise the fastest for the first trial's products. */
    private KernelChoice kernels(Sampler sampler) {
        String before = "";
        if (resumed) {
            try {
                before = read(folder.fileSystem(), folder.path(DEFINITION))
                        .path(KERNELS)
                        .asText();
            } catch (IOException e) {
                throw new DataException(
                        "sweep " + folder.path(DEFINITION) + " cannot be read (" + Reason.of(e)
                                + "), expected what the sweep wrote: look at its permissions and its file system",
                        e);
            }
        }
        return spec.program().program().needsData()
                ? KernelChoice.goingOn(Arithmetic.FAST, before, () -> products(sampler))
                : KernelChoice.usual(Arithmetic.FAST);
    }

    private Map<Product, Integer> products(Sampler sampler) {
        Config first = Overlay.apply(spec.base(), sampler.configuration(0).settings());
        Experiment experiment = Experiment.read(first);
        FeatureShape shape =
                Dataset.open(experiment.data(), hadoop).description().shape();
        return StepProducts.of(new Network(experiment.networkSpec(shape)), experiment.training());
    }

    private Finished finish(Results results, SweepSummary summary, boolean whole, long began) {
        SweepResult result = results.result();
        Optional<String> failure = summary.failure(result, whole);
        folder.write("table.csv", result.table()::csv);
        writeParquet(result);
        String status = whole ? failure.isPresent() ? "failed" : "done" : "stopped";
        Map<String, Object> keys = summary.write(status, results.trials(), result, (System.nanoTime() - began) / 1e9);
        writeReport(keys, result);
        folder.writeSealed(SUMMARY, keys);
        summary.print(keys, result, folder.path("").toString());
        return new Finished(result, failure);
    }

    /** Pictures: where they cannot be drawn, what they are of is kept. */
    private void writeReport(Map<String, Object> keys, SweepResult result) {
        String page;
        try {
            page = SweepReport.html(keys, result);
        } catch (RuntimeException e) {
            LOG.warn("report.html cannot be drawn", e);
            System.err.println("warning: report.html cannot be drawn (" + Reason.of(e) + "); table.csv has all trials");
            return;
        }
        folder.write("report.html", page);
    }

    /** The same table as the CSV: where it cannot be written too, no trial is lost. */
    private void writeParquet(SweepResult result) {
        try {
            folder.clear(TABLE);
            folder.write(TABLE + "/part-00000.parquet", result.table()::parquet);
        } catch (UsageException e) {
            throw e;
        } catch (RuntimeException e) {
            folder.clear(TABLE);
            LOG.info("{} cannot be written", TABLE, e);
            System.err.println("warning: " + folder.path(TABLE) + " cannot be written (" + Reason.of(e)
                    + "); table.csv has the same rows");
        }
    }
}
