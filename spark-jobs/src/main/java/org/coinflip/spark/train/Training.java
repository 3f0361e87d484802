package org.coinflip.spark.train;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.coinflip.data.Dataset;
import org.coinflip.data.Split;
import org.coinflip.data.output.Apart;
import org.coinflip.model.error.DivergenceException;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.KernelChoice;
import org.coinflip.model.measure.MeasurePlan;
import org.coinflip.model.measure.Measures;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.storage.StoredModel;
import org.coinflip.model.training.LayerStatistics;
import org.coinflip.model.training.Learner;
import org.coinflip.model.training.Score;
import org.coinflip.model.training.StepProducts;
import org.coinflip.model.training.updater.Plateau;
import org.coinflip.spark.averaging.AveragingTrainer;
import org.coinflip.spark.checkpoint.Ending;
import org.coinflip.spark.cost.RoundLength;
import org.coinflip.spark.evaluation.Assessment;
import org.coinflip.spark.evaluation.Assessor;
import org.coinflip.spark.evaluation.EarlyStopping;
import org.coinflip.spark.evaluation.Validation;
import org.coinflip.spark.experiment.Experiment;
import org.coinflip.spark.experiment.TrainingBackend;
import org.coinflip.spark.output.HadoopConfiguration;
import org.coinflip.spark.output.ModelDirectory;
import org.coinflip.spark.output.RunDirectory;
import org.coinflip.spark.output.Versions;
import org.coinflip.spark.preflight.Demand;
import org.coinflip.spark.preflight.Finding;
import org.coinflip.spark.preflight.OutputFolders;
import org.coinflip.spark.preflight.Preflight;
import org.coinflip.spark.record.FinishedTraining;
import org.coinflip.spark.record.Output;
import org.coinflip.spark.record.ReportPage;
import org.coinflip.spark.record.Summary;
import org.coinflip.spark.record.TrainingProgress;
import org.coinflip.spark.record.TrainingRecord;
import org.coinflip.spark.report.TrainingReport;
import org.coinflip.spark.round.RoundPlan;
import org.coinflip.spark.round.Rounds;
import org.coinflip.spark.round.SnapshotSchedule;
import org.coinflip.spark.shard.DataIdentity;
import org.coinflip.spark.shard.Shards;
import org.coinflip.spark.state.StateVector;
import org.coinflip.spark.tracking.TrainingTracking;

/**
 * A whole training: shards the data, runs the rounds, looks at the validation split, and writes the run's folder. Everything that can be
 * refused is refused by {@link #prepare}, before anything is written or Spark is started.
 */
public final class Training {
    private final Experiment experiment;
    private final Dataset data;
    private final Network network;
    private final Optional<WarmStart> warm;
    private final Output output;
    private final KernelChoice kernels;

    private Training(Experiment experiment, Dataset data, Network network, Optional<WarmStart> warm, Output output) {
        this.experiment = experiment;
        this.data = data;
        this.network = network;
        this.warm = warm;
        this.output = output;
        this.kernels = output.kernels(experiment.arithmetic(), () -> StepProducts.of(network, experiment.training()));
    }

    /** Checks output, data and network against each other, and a checkpoint from which to go on. */
    public static Training prepare(Experiment experiment) {
        Configuration conf = HadoopConfiguration.ofDriver();
        Map<String, String> inputs = new LinkedHashMap<>(experiment.data().inputs());
        if (experiment.start().isGiven()) {
            inputs.put("start.model", experiment.start().model());
        }
        Apart.require(experiment.output(), inputs, conf);
        RunDirectory run = Output.folder(experiment.output(), experiment.overwrite(), experiment.resume(), conf);
        Dataset data = Dataset.open(experiment.data(), conf);
        int width = data.description().width();
        Network network = new Network(experiment.networkSpec(data.description().shape()));
        network.check(width, data.description().classes());
        network.checkTargets(data.shards(Split.TRAIN).get(0).schema().targets());
        network.checkUse(experiment.evaluation().mode());
        experiment.validation().plan(network.spec());
        boolean isWeighted = data.shards(Split.TRAIN).get(0).schema().areWeighted();
        if (isWeighted) {
            network.checkWeights();
        }
        if (experiment.backend() == TrainingBackend.DL4J) {
            if (isWeighted) {
                throw new UsageException("backend: got dl4j for examples with weights, expected coinflip: leave"
                        + " data.weight-column out, or take the other backend");
            }
            Dl4jTrainer.check(network, experiment.training(), experiment.averaging());
        }
        data.description().notes().forEach(System.err::println);
        Optional<WarmStart> warm = WarmStart.of(experiment.start(), network, conf);
        Map<String, Object> identity = experiment.write(network.spec());
        warm.ifPresent(start -> identity.put("start", start.identity()));
        Output output = Output.of(
                run,
                experiment.checkpoint(),
                experiment.resume(),
                Output.identity(identity, DataIdentity.of(data.description())),
                Learner.layout(network, experiment.training()).length());
        return new Training(experiment, data, network, warm, output);
    }

    /** Trains to the end. */
    public void run(JavaSparkContext spark) {
        run(spark, () -> false);
    }

    /**
     * Trains.
     *
     * @param ending whether the training is asked to end; then it does after the round, and leaves a checkpoint
     * @throws DivergenceException when a loss or the state is no longer finite; the folder then holds the last good model
     * @throws org.coinflip.spark.checkpoint.TrainingStopped when it was asked to end before its time
     */
    public void run(JavaSparkContext spark, Ending ending) {
        try (RunDirectory.Hold hold = output.run().hold("train")) {
            train(spark, ending);
        }
    }

    private void train(JavaSparkContext spark, Ending ending) {
        Instant started = Instant.now();
        long began = System.nanoTime();
        Preflight.require(spark, demand());
        TrainingExamples examples = new TrainingExamples(spark, experiment, data);
        output.open(ending);
        Shards shards = examples.distribute(isDl4j());
        RoundPlan plan = RoundPlan.of(shards.sizes(), experiment.training(), experiment.averaging());
        JavaRDD<Examples> valid = examples.validation();
        LayerMeasures layers = new LayerMeasures(experiment, network, kernels, examples.probe(), Integer.MAX_VALUE);
        State state = new State(Learner.layout(network, experiment.training()));
        output.start().ifPresentOrElse(start -> state.values().set(start.state()), () -> {
            network.initialise(state, experiment.seed());
            warm.ifPresent(start -> start.into(state));
        });
        Assessor assessor = new Assessor(network, experiment.evaluation(), kernels, experiment.seed());
        MeasurePlan looks = experiment.validation().plan(network.spec());
        Summary summary = new Summary(experiment, network, started, Versions.of(kernels, spark.version()));
        String divergence = null;
        try (Rounds trainer = trainer(spark, shards, plan, state, examples.validation(assessor, looks));
                TrainingRecord record = new TrainingRecord(
                        output,
                        kernels.rounding(),
                        plan.rounds(),
                        experiment.training().maxSeconds(),
                        ending);
                TrainingProgress progress = new TrainingProgress(spark, plan.rounds(), tracking(record.lines()))) {
            output.start().ifPresent(start -> trainer.restore(start.vectors()));
            EarlyStopping stopping = new EarlyStopping(
                    experiment.validation().patience(), network.layout().length());
            stopping.restore(output.start(), record.lines(), experiment.validation()::value);
            Plateau plateau = EarlyStopping.plateau(
                    experiment.training().schedule(), record.lines(), experiment.validation()::value);
            TrainingLoop lines = new TrainingLoop(
                    record,
                    progress,
                    new SnapshotSchedule(
                            round -> isLook(plan, round),
                            experiment.checkpoint().every()),
                    ending,
                    stopping,
                    plateau,
                    round -> record.line(round, plan, experiment.training(), plateau.factor()),
                    (snapshot, line) -> {
                        StateVector vector = snapshot.state();
                        vector.copyTo(state);
                        progress.look("validation", record.round());
                        Map<String, Object> written = snapshot.score() == null
                                ? looked(assessor.assess(spark, valid, vector, looks))
                                : looked(snapshot.score(), snapshot.measures());
                        line.put("valid", written);
                        line.put("layers", layers.write(state, layers.statistics(state), List.of()));
                        return experiment.validation().value(written);
                    },
                    () -> output.run()
                            .write(
                                    "report.html",
                                    TrainingProgress.report(summary.underWay(), record.lines(), TrainingReport::html)));
            progress.begin(
                    beginning(examples.slots()),
                    output.run().path("report.html").toString());
            lines.run(trainer, plan.rounds());
            divergence = lines.divergence();
            summary.trained(record, stopping);
            progress.look("test", record.round());
            StateVector end = lines.result(trainer);
            state.values().set(end.values());
            writeModel(state);
            Assessment test =
                    assessor.assess(spark, examples.test(), end, Summary.measured(network, experiment.evaluation()));
            progress.end(finish(test, state, summary, record, layers, divergence, began));
        }
        if (divergence != null) {
            throw new DivergenceException(
                    divergence + "; the last good model is in " + output.run().path("model"));
        }
    }

    private TrainingTracking tracking(List<Map<String, Object>> earlier) {
        return new TrainingTracking(
                experiment.tracking(), experiment.name(), experiment.write(network.spec()), output.run(), earlier);
    }

    /** What is trained on what, in a line. */
    private String beginning(int slots) {
        return String.format(
                Locale.ROOT,
                "%s: %,d parameters on %s, %,d examples (%,d to validate, %,d to test), %d epochs, %d workers on %d slots",
                experiment.name(),
                network.layout().parameters(),
                data.description().name(),
                data.description().split(Split.TRAIN).examples(),
                data.description().split(Split.VALID).examples(),
                data.description().split(Split.TEST).examples(),
                experiment.training().epochs(),
                experiment.averaging().workers(),
                slots);
    }

    private Map<String, Object> looked(Assessment assessment) {
        return looked(assessment.score(), assessment.measures());
    }

    /** How a look is written: its score, and the metric that it was measured for. */
    private Map<String, Object> looked(Score score, Measures measures) {
        return Summary.look(score, measures, experiment.validation().metric(), network);
    }

    /** Whether the validation split is looked at after a round. */
    private boolean isLook(RoundPlan plan, int round) {
        return plan.endsEpoch(round)
                && ((plan.epoch(round) + 1) % experiment.validation().every() == 0 || round == plan.rounds() - 1);
    }

    /** Looks whether the cluster is what this training wants, and whether its output can be written; leaves nothing behind. */
    public List<Finding> preflight(JavaSparkContext spark) {
        List<Finding> findings = new ArrayList<>(Preflight.look(spark, demand()));
        if (!isDl4j()) {
            findings.add(RoundLength.look(
                    spark, network, experiment.training(), experiment.averaging(), kernels, experiment.seed()));
        }
        RunDirectory run = output.run();
        findings.add(OutputFolders.look(run.fileSystem(), List.of(run.path(""), run.path("checkpoints"))));
        return findings;
    }

    private Demand demand() {
        return Demand.of(
                network, experiment, data.description().split(Split.TRAIN).examples(), kernels);
    }

    private boolean isDl4j() {
        return experiment.backend() == TrainingBackend.DL4J;
    }

    private Rounds trainer(
            JavaSparkContext spark, Shards shards, RoundPlan plan, State initial, Validation validation) {
        return isDl4j()
                ? new Dl4jTrainer(spark, shards, network, experiment.training(), plan, initial, experiment.seed())
                : new AveragingTrainer(
                        spark,
                        shards,
                        network,
                        experiment.training(),
                        experiment.averaging(),
                        plan,
                        kernels,
                        initial,
                        experiment.seed(),
                        validation);
    }

    private void writeModel(State state) {
        StoredModel model = new StoredModel(
                network,
                state,
                data.description().transformation(),
                experiment.evaluation(),
                experiment.arithmetic(),
                experiment.seed());
        ModelDirectory.write(output.run(), "model", model);
    }

    private Map<String, Object> finish(
            Assessment test,
            State state,
            Summary summary,
            TrainingRecord record,
            LayerMeasures measures,
            String divergence,
            long began) {
        List<LayerStatistics> layers = measures.statistics(state);
        List<Map<String, Object>> experts = Summary.experts(
                test.gates(),
                network,
                state,
                summary.trained(),
                experiment.training().batch(),
                divergence == null ? measures.stepTime(state) : Optional.empty());
        Map<String, Object> whole = summary.write(
                divergence == null ? "done" : "diverged",
                divergence,
                test,
                measures.write(state, layers, experts),
                state.parametersSha256(),
                (System.nanoTime() - began) / 1e9);
        RunDirectory run = output.run();
        run.write("report.html", ReportPage.of(whole, record.lines(), test, layers, data.description()));
        whole.put(FinishedTraining.IDENTITY, output.identity().keys());
        // the last: who finds it finds all
        run.writeSealed("summary.json", whole);
        summary.print(whole, run.path("").toString(), data.description());
        return whole;
    }
}
