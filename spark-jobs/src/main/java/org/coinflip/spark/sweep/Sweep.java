package org.coinflip.spark.sweep;

import com.typesafe.config.Config;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.coinflip.data.DataSpec;
import org.coinflip.data.Dataset;
import org.coinflip.data.Description;
import org.coinflip.data.output.Apart;
import org.coinflip.model.kernel.Arithmetic;
import org.coinflip.model.kernel.KernelChoice;
import org.coinflip.model.kernel.Product;
import org.coinflip.model.layer.FeatureShape;
import org.coinflip.model.network.Network;
import org.coinflip.model.settings.Section;
import org.coinflip.model.training.StepProducts;
import org.coinflip.spark.checkpoint.Ending;
import org.coinflip.spark.checkpoint.Identity;
import org.coinflip.spark.experiment.Experiment;
import org.coinflip.spark.output.HadoopConfiguration;
import org.coinflip.spark.output.RunDirectory;
import org.coinflip.spark.output.Versions;
import org.coinflip.spark.preflight.Slots;
import org.coinflip.spark.preflight.SparkSettings;
import org.coinflip.spark.sweep.journal.Journal;
import org.coinflip.spark.sweep.report.LivePage;
import org.coinflip.spark.sweep.result.SweepResult;
import org.coinflip.spark.sweep.sampler.Sampler;
import org.coinflip.spark.sweep.scheduler.Scheduler;
import org.coinflip.spark.sweep.space.Overlay;
import org.coinflip.spark.sweep.tracking.MlflowTracking;
import org.coinflip.spark.sweep.tracking.Tracking;
import org.coinflip.spark.sweep.trial.Checkpoints;
import org.coinflip.spark.sweep.trial.Programs;
import org.coinflip.spark.sweep.trial.TrialRunner;

/**
 * A whole sweep: checks it, goes on where an earlier run of it stopped, runs its trials and writes the folder. What can be refused is
 * refused by {@link #prepare}, before Spark is started.
 */
public final class Sweep {
    /** That running trials and the tracking server have when the sweep is asked to end. */
    private static final long GRACE_SECONDS = 15;

    private final SweepSpec spec;
    private final Identity identity;
    private final Configuration hadoop;
    private final RunDirectory folder;
    private final SweepFiles files;
    private final boolean resumed;

    private Sweep(SweepSpec spec, Identity identity, Configuration hadoop, RunDirectory folder, boolean resumed) {
        this.spec = spec;
        this.identity = identity;
        this.hadoop = hadoop;
        this.folder = folder;
        this.files = new SweepFiles(folder);
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
        boolean resumed = !spec.overwrite() && new SweepFiles(folder).areOf(spec, identity, again);
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
            folder.adopt(SweepFiles.ALL);
        } else {
            folder.create(SweepFiles.ALL);
        }
        Sampler sampler = spec.sampler();
        spec.tell(sampler).forEach(System.err::println);
        KernelChoice kernels = kernels(sampler);
        files.writeDefinition(identity, kernels, spec);
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
            Optional<SweepStopped> stopped = Optional.empty();
            boolean whole = false;
            try {
                whole = run.run(progress::show) && !planner.isOutOfBudget();
            } catch (SweepStopped e) {
                stopped = Optional.of(e);
            }
            double trialSeconds = (System.nanoTime() - trialsBegan) / 1e9;
            summary.ran(run.executed(), run.executedSeconds(), trialSeconds, Slots.of(spark));
            if (stopped.isPresent()) {
                finish(results, summary, false, began);
                throw stopped.get();
            }
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
        String before = resumed ? files.kernels() : "";
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
        files.writeTables(result);
        String status = whole ? failure.isPresent() ? "failed" : "done" : "stopped";
        Map<String, Object> keys = summary.write(status, results.trials(), result, (System.nanoTime() - began) / 1e9);
        files.writeReport(keys, result);
        files.writeSummary(keys);
        summary.print(keys, result, folder.path("").toString());
        return new Finished(result, failure);
    }
}
