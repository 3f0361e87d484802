package org.coinflip.spark.train;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.coinflip.model.error.DivergenceException;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.kernel.KernelChoice;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.reward.PolicyMeasurement;
import org.coinflip.model.reward.ReturnScore;
import org.coinflip.model.storage.StoredModel;
import org.coinflip.model.training.LayerStatistics;
import org.coinflip.model.training.Learner;
import org.coinflip.model.training.StepProducts;
import org.coinflip.model.training.updater.Plateau;
import org.coinflip.model.transform.Transformation;
import org.coinflip.spark.averaging.AveragingTrainer;
import org.coinflip.spark.checkpoint.Ending;
import org.coinflip.spark.evaluation.EarlyStopping;
import org.coinflip.spark.evaluation.PolicyAssessor;
import org.coinflip.spark.experiment.OuterSpec;
import org.coinflip.spark.experiment.RewardExperiment;
import org.coinflip.spark.output.HadoopConfiguration;
import org.coinflip.spark.output.ModelDirectory;
import org.coinflip.spark.output.RunDirectory;
import org.coinflip.spark.output.Versions;
import org.coinflip.spark.preflight.Slots;
import org.coinflip.spark.preflight.SparkSettings;
import org.coinflip.spark.record.FinishedTraining;
import org.coinflip.spark.record.Output;
import org.coinflip.spark.record.PolicySummary;
import org.coinflip.spark.record.Summary;
import org.coinflip.spark.record.TrainingProgress;
import org.coinflip.spark.record.TrainingRecord;
import org.coinflip.spark.report.TrainingReport;
import org.coinflip.spark.round.Round;
import org.coinflip.spark.round.RoundResult;
import org.coinflip.spark.round.SnapshotSchedule;
import org.coinflip.spark.shard.Shards;
import org.coinflip.spark.state.StateVector;
import org.coinflip.spark.tracking.TrainingTracking;

/**
 * A whole training of a policy: every round the workers play their episodes as Spark tasks, take a step each, or some, and are averaged. Writes the
 * run's folder. Everything that can be refused is refused by {@link #prepare}, before anything is written or Spark is started.
 */
public final class PolicyTraining {
    private final RewardExperiment experiment;
    private final Network network;
    private final Output output;
    private final KernelChoice kernels;
    private final Backend backend;

    private PolicyTraining(RewardExperiment experiment, Network network, Output output) {
        this.experiment = experiment;
        this.network = network;
        this.output = output;
        this.kernels = output.kernels(experiment.arithmetic(), () -> StepProducts.of(network, experiment.training()));
        this.backend = Backend.of(kernels);
    }

    /** Checks the output, and a checkpoint from which to go on; the experiment is checked as it is read. */
    public static PolicyTraining prepare(RewardExperiment experiment) {
        RunDirectory run = Output.folder(
                experiment.output(), experiment.overwrite(), experiment.resume(), HadoopConfiguration.ofDriver());
        Network network = new Network(experiment.network());
        Output output = Output.of(
                run,
                experiment.checkpoint(),
                experiment.resume(),
                Output.identity(experiment.write(), Map.of()),
                Learner.layout(network, experiment.training()).length());
        return new PolicyTraining(experiment, network, output);
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
        SparkSettings.require(spark.getConf());
        output.open(ending);
        PolicySummary summary = new PolicySummary(experiment, network, Versions.of(kernels, spark.version()));
        int partitions = experiment.averaging().partitions();
        Shards shards = Shards.withoutExamples(
                spark, experiment.averaging().workers(), partitions == 0 ? Slots.of(spark) : partitions);
        int rounds = experiment.training().epochs();
        State state = new State(Learner.layout(network, experiment.training()));
        output.start()
                .ifPresentOrElse(
                        start -> state.values().set(start.state()), () -> network.initialise(state, experiment.seed()));
        PolicyAssessor assessor = new PolicyAssessor(experiment, kernels);
        String divergence = null;
        try (AveragingTrainer trainer = new AveragingTrainer(
                        spark, shards, new PolicyWorker(experiment, kernels), OuterSpec.NONE, 0, state, null);
                TrainingRecord record = new TrainingRecord(
                        output,
                        kernels.rounding(),
                        rounds,
                        experiment.training().maxSeconds(),
                        ending);
                TrainingProgress progress = new TrainingProgress(
                        spark,
                        rounds,
                        new TrainingTracking(
                                experiment.tracking(),
                                experiment.name(),
                                experiment.write(),
                                output.run(),
                                record.lines()))) {
            output.start().ifPresent(start -> trainer.restore(start.vectors()));
            EarlyStopping stopping =
                    new EarlyStopping(experiment.patience(), network.layout().length());
            stopping.restore(output.start(), record.lines(), PolicyTraining::lossOf);
            Plateau plateau =
                    EarlyStopping.plateau(experiment.training().schedule(), record.lines(), PolicyTraining::lossOf);
            TrainingLoop lines = new TrainingLoop(
                    record,
                    progress,
                    new SnapshotSchedule(this::isLook, experiment.checkpoint().every()),
                    ending,
                    stopping,
                    plateau,
                    round -> roundLine(round, plateau.factor(), record),
                    (snapshot, line) -> {
                        StateVector vector = snapshot.state();
                        vector.copyTo(state);
                        ReturnScore score = assessor.assess(spark, vector, PolicyAssessor.LOOK);
                        Map<String, Object> written = PolicySummary.score(score);
                        line.put("valid", written);
                        line.put("layers", Summary.layers(measure(state)));
                        return lossOf(written);
                    },
                    () -> {});
            progress.begin(
                    experiment.name() + ": a policy of " + network.layout().parameters() + " parameters, " + rounds
                            + " rounds of " + experiment.averaging().workers() + " workers",
                    output.run().path("report.html").toString());
            lines.run(trainer, rounds);
            divergence = lines.divergence();
            summary.trained(record, stopping);
            StateVector end = lines.result(trainer);
            state.values().set(end.values());
            progress.end(finish(assessor.assess(spark, end, PolicyAssessor.TEST), state, summary, record, divergence));
        }
        if (divergence != null) {
            throw new DivergenceException(
                    divergence + "; the last good model is in " + output.run().path("model"));
        }
    }

    /** Whether the policy is looked at after a round. */
    private boolean isLook(int round) {
        return (round + 1) % experiment.lookEvery() == 0
                || round + 1 == experiment.training().epochs();
    }

    private static double lossOf(Map<?, ?> score) {
        return score.get("meanReturn") instanceof Number mean ? -mean.doubleValue() : Double.NaN;
    }

    private Map<String, Object> finish(
            ReturnScore test, State state, PolicySummary summary, TrainingRecord record, String divergence) {
        RunDirectory run = output.run();
        ModelDirectory.write(
                run,
                "model",
                new StoredModel(
                        network,
                        state,
                        Transformation.none(experiment.network().inputs()),
                        experiment.evaluation(),
                        experiment.arithmetic(),
                        experiment.seed()));
        List<LayerStatistics> layers = measure(state);
        Map<String, Object> whole = summary.write(divergence, test, layers, state.parametersSha256());
        Map<String, Object> shown = new LinkedHashMap<>(whole);
        shown.put(
                "firingRates", layers.stream().map(LayerStatistics::firingRates).toList());
        run.write("report.html", TrainingReport.html(shown, record.lines()));
        whole.put(FinishedTraining.IDENTITY, output.identity().keys());
        // the last: who finds it finds all
        run.writeSealed("summary.json", whole);
        summary.print(whole, run.path("").toString());
        return whole;
    }

    private List<LayerStatistics> measure(State state) {
        return PolicyMeasurement.measure(
                network,
                state,
                experiment.training(),
                experiment.environment(),
                experiment.discount(),
                backend,
                experiment.seed());
    }

    private Map<String, Object> roundLine(Round round, double rateFactor, TrainingRecord record) {
        RoundResult result = round.result();
        int workers = experiment.averaging().workers();
        int steps = experiment.reuse().steps();
        double episodes =
                (double) result.steps() / steps * experiment.training().batch();
        int done = round.number() + 1;
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("round", done);
        line.put("epoch", (double) done);
        line.put("steps", (long) done * steps);
        line.put("episodes", (long) done * workers * experiment.training().batch());
        line.put("examples", record.examples());
        line.put("meanReturn", -result.lossSum() / episodes);
        line.put("meanLength", result.examples() / episodes);
        if (experiment.reuse().isReused()) {
            line.put("meanRatio", result.ratios().meanRatio());
            line.put("meanLogRatio", result.ratios().meanLogRatio());
            line.put("clippedFraction", result.ratios().clippedFraction());
        }
        line.put(
                "learningRate",
                experiment.training().updater().learningRate()
                        * rateFactor
                        * experiment
                                .training()
                                .schedule()
                                .factor(done, experiment.training().epochs()));
        line.put("examplesPerSecond", result.examples() / (round.times().wallNanos() / 1e9));
        line.put("seconds", record.nanos() / 1e9);
        line.put("phases", round.times().millis());
        return line;
    }
}
