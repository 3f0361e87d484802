package org.coinflip.spark.train;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.coinflip.data.transform.Binarisation;
import org.coinflip.data.transform.Scaling;
import org.coinflip.data.transform.Transformation;
import org.coinflip.model.error.DivergenceException;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.reward.PolicyMeasurement;
import org.coinflip.model.reward.ReturnScore;
import org.coinflip.model.training.LayerStatistics;
import org.coinflip.model.training.Learner;
import org.coinflip.spark.experiment.RewardExperiment;
import org.coinflip.spark.output.HadoopConfiguration;
import org.coinflip.spark.output.Json;
import org.coinflip.spark.output.ModelDirectory;
import org.coinflip.spark.output.RunDirectory;
import org.coinflip.spark.report.TrainingReport;

/**
 * A whole training of a policy: every round the workers play their episodes as Spark tasks, take a step each and are averaged. Writes the
 * run's folder. Everything that can be refused is refused by {@link #prepare}, before anything is written or Spark is started.
 */
public final class PolicyTraining {
    private final RewardExperiment experiment;
    private final Network network;
    private final RunDirectory run;
    private final Backend backend = Backend.detect();
    private final List<Map<String, Object>> metrics = new ArrayList<>();

    private PolicyTraining(RewardExperiment experiment, Network network, RunDirectory run) {
        this.experiment = experiment;
        this.network = network;
        this.run = run;
    }

    /** Checks the output; the experiment is checked as it is read. */
    public static PolicyTraining prepare(RewardExperiment experiment) {
        RunDirectory run = RunDirectory.at(experiment.output(), experiment.overwrite(), HadoopConfiguration.ofDriver());
        return new PolicyTraining(experiment, new Network(experiment.network()), run);
    }

    /**
     * Trains.
     *
     * @throws DivergenceException when a loss or the state is no longer finite; the folder then holds the last good model
     */
    public void run(JavaSparkContext spark) {
        run.create();
        PolicySummary summary = new PolicySummary(experiment, network, backend.name(), spark.version());
        int partitions = experiment.averaging().partitions();
        Shards shards = Shards.withoutExamples(
                spark, experiment.averaging().workers(), partitions == 0 ? spark.defaultParallelism() : partitions);
        int rounds = experiment.training().epochs();
        State state = new State(Learner.layout(network, experiment.training()));
        network.initialise(state, experiment.seed());
        PolicyAssessor assessor = new PolicyAssessor(experiment);
        String divergence = null;
        try (AveragingTrainer trainer = new AveragingTrainer(spark, shards, new PolicyWorker(experiment), state);
                RunDirectory.Lines lines = run.lines("metrics.jsonl");
                ProgressLine progress = new ProgressLine(rounds)) {
            long trained = System.nanoTime();
            long steps = 0;
            for (int r = 0; r < rounds && divergence == null; r++) {
                Round round = trainer.run(r);
                divergence = round.result().divergence();
                steps += round.result().examples();
                Map<String, Object> line = roundLine(round, steps, System.nanoTime() - trained);
                if (divergence == null && ((r + 1) % experiment.lookEvery() == 0 || r == rounds - 1)) {
                    trainer.state().copyTo(state);
                    ReturnScore score = assessor.assess(spark, trainer.state(), PolicyAssessor.LOOK);
                    summary.valid(score);
                    line.put("valid", PolicySummary.score(score));
                    line.put("layers", Summary.layers(measure(state)));
                }
                metrics.add(line);
                lines.add(Json.line(line));
                progress.show(line);
            }
            summary.trained(steps, System.nanoTime() - trained);
            trainer.state().copyTo(state);
            finish(spark, assessor.assess(spark, trainer.state(), PolicyAssessor.TEST), state, summary, divergence);
        }
        if (divergence != null) {
            throw new DivergenceException(divergence + "; the last good model is in " + run.path("model"));
        }
    }

    private void finish(
            JavaSparkContext spark, ReturnScore test, State state, PolicySummary summary, String divergence) {
        int inputs = experiment.network().inputs();
        Transformation asItIs = new Transformation(
                Scaling.NONE, Binarisation.NONE, Collections.nCopies(inputs, 1f), Collections.nCopies(inputs, 0f));
        ModelDirectory.write(
                run,
                "model",
                new ModelDirectory.Model(network, state, asItIs, experiment.evaluation(), experiment.seed()));
        List<LayerStatistics> layers = measure(state);
        Map<String, Object> whole = summary.write(divergence, test, layers, state.parametersSha256());
        run.write("summary.json", Json.document(whole));
        Map<String, Object> shown = new LinkedHashMap<>(whole);
        shown.put(
                "firingRates", layers.stream().map(LayerStatistics::firingRates).toList());
        run.write("report.html", TrainingReport.html(shown, metrics));
        summary.print(whole, run.path("").toString());
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

    private Map<String, Object> roundLine(Round round, long steps, long nanos) {
        RoundResult result = round.result();
        int workers = experiment.averaging().workers();
        double episodes = (double) result.steps() * experiment.training().batch();
        int done = round.number() + 1;
        Map<String, Object> phases = new LinkedHashMap<>();
        phases.put("broadcastMillis", round.broadcastNanos() / 1e6);
        phases.put("computeMillis", result.computeNanos() / 1e6 / workers);
        phases.put("combineMillis", round.mergeNanos() / 1e6);
        phases.put("tasksMillis", round.tasksNanos() / 1e6);
        phases.put("driverMillis", (round.wallNanos() - round.broadcastNanos() - round.tasksNanos()) / 1e6);
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("round", done);
        line.put("epoch", (double) done);
        line.put("steps", done);
        line.put("episodes", (long) done * workers * experiment.training().batch());
        line.put("examples", steps);
        line.put("meanReturn", -result.lossSum() / episodes);
        line.put("meanLength", result.examples() / episodes);
        line.put(
                "learningRate",
                experiment.training().updater().learningRate()
                        * experiment
                                .training()
                                .schedule()
                                .factor(done, experiment.training().epochs()));
        line.put("examplesPerSecond", result.examples() / (round.wallNanos() / 1e9));
        line.put("seconds", nanos / 1e9);
        line.put("phases", phases);
        return line;
    }
}
