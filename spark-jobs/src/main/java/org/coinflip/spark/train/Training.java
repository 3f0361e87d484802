package org.coinflip.spark.train;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.storage.StorageLevel;
import org.coinflip.data.Dataset;
import org.coinflip.data.ExampleShard;
import org.coinflip.data.Split;
import org.coinflip.model.error.DivergenceException;
import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.training.LayerStatistics;
import org.coinflip.model.training.Learner;
import org.coinflip.model.training.Measurement;
import org.coinflip.model.training.StepTime;
import org.coinflip.spark.experiment.Experiment;
import org.coinflip.spark.experiment.TrainingBackend;
import org.coinflip.spark.output.HadoopConfiguration;
import org.coinflip.spark.output.Json;
import org.coinflip.spark.output.ModelDirectory;
import org.coinflip.spark.output.RunDirectory;

/**
 * A whole training: shards the data, runs the rounds, looks at the validation split, and writes the run's folder. Everything that can be
 * refused is refused by {@link #prepare}, before anything is written or Spark is started.
 */
public final class Training {
    private final Experiment experiment;
    private final Dataset data;
    private final Network network;
    private final RunDirectory run;
    private final Backend backend = Backend.detect();
    private final List<Map<String, Object>> metrics = new ArrayList<>();

    private Training(Experiment experiment, Dataset data, Network network, RunDirectory run) {
        this.experiment = experiment;
        this.data = data;
        this.network = network;
        this.run = run;
    }

    /** Checks output, data and network against each other. */
    public static Training prepare(Experiment experiment) {
        Configuration conf = HadoopConfiguration.ofDriver();
        RunDirectory run = RunDirectory.at(experiment.output(), experiment.overwrite(), conf);
        Dataset data = Dataset.open(experiment.data(), conf);
        int width = data.description().width();
        Network network = new Network(experiment.networkSpec(width));
        network.check(width, data.description().classes());
        if (experiment.backend() == TrainingBackend.DL4J) {
            Dl4jTrainer.check(network, experiment.training());
        }
        return new Training(experiment, data, network, run);
    }

    /**
     * Trains.
     *
     * @throws DivergenceException when a loss or the state is no longer finite; the folder then holds the last good model
     */
    public void run(JavaSparkContext spark) {
        Instant started = Instant.now();
        long began = System.nanoTime();
        run.create();
        int slots = spark.defaultParallelism();
        int partitions = experiment.averaging().partitions();
        Shards shards = Shards.distribute(
                blocks(spark, Split.TRAIN, partitions == 0 ? slots : partitions),
                experiment.averaging().workers(),
                experiment.seed(),
                // DL4J takes a partition for a worker
                isDl4j() ? experiment.averaging().workers() : slots);
        RoundPlan plan = RoundPlan.of(
                shards.sizes(),
                experiment.training().batch(),
                experiment.averaging().stepsPerRound(),
                experiment.training().epochs());
        JavaRDD<Examples> valid = blocks(spark, Split.VALID, slots).persist(StorageLevel.MEMORY_AND_DISK());
        Examples probe = data.shards(Split.VALID).get(0).read();
        State state = new State(Learner.layout(network, experiment.training()));
        network.initialise(state, experiment.seed());
        Assessor assessor = new Assessor(network, experiment.evaluation(), experiment.seed());
        Summary summary = new Summary(experiment, network, started, backend.name(), spark.version());
        String divergence = null;
        try (Rounds trainer = trainer(spark, shards, plan, state);
                RunDirectory.Lines lines = run.lines("metrics.jsonl");
                ProgressLine progress = new ProgressLine(plan.rounds())) {
            long trained = System.nanoTime();
            long examples = 0;
            long steps = 0;
            for (int r = 0; r < plan.rounds() && divergence == null; r++) {
                Round round = trainer.run(r);
                divergence = round.result().divergence();
                examples += round.result().examples();
                steps += round.result().steps();
                Map<String, Object> line = roundLine(plan, round, examples, steps, System.nanoTime() - trained);
                boolean look = divergence == null
                        && plan.endsEpoch(r)
                        && ((plan.epoch(r) + 1) % experiment.validation().every() == 0 || r == plan.rounds() - 1);
                if (look) {
                    trainer.state().copyTo(state);
                    Assessment assessment = assessor.assess(spark, valid, trainer.state());
                    summary.valid(assessment.score());
                    line.put("valid", Summary.score(assessment.score(), network));
                    line.put("layers", Summary.layers(measure(state, probe)));
                }
                metrics.add(line);
                lines.add(Json.line(line));
                progress.show(line);
            }
            summary.trained(examples, System.nanoTime() - trained);
            trainer.state().copyTo(state);
            finish(spark, assessor, trainer.state(), state, summary, probe, divergence, began);
        }
        if (divergence != null) {
            throw new DivergenceException(divergence + "; the last good model is in " + run.path("model"));
        }
    }

    private boolean isDl4j() {
        return experiment.backend() == TrainingBackend.DL4J;
    }

    private Rounds trainer(JavaSparkContext spark, Shards shards, RoundPlan plan, State initial) {
        return isDl4j()
                ? new Dl4jTrainer(spark, shards, network, experiment.training(), plan, initial, experiment.seed())
                : new AveragingTrainer(spark, shards, network, experiment.training(), plan, initial, experiment.seed());
    }

    private void finish(
            JavaSparkContext spark,
            Assessor assessor,
            StateVector vector,
            State state,
            Summary summary,
            Examples probe,
            String divergence,
            long began) {
        ModelDirectory.Model model = new ModelDirectory.Model(
                network, state, data.description().transformation(), experiment.evaluation(), experiment.seed());
        ModelDirectory.write(run, "model", model);
        Assessment test = assessor.assess(spark, blocks(spark, Split.TEST, spark.defaultParallelism()), vector);
        List<LayerStatistics> layers = measure(state, probe);
        List<Map<String, Object>> written = new ArrayList<>(Summary.layers(layers));
        written.addAll(Summary.experts(
                test.gates(),
                network,
                state,
                summary.trained(),
                experiment.training().batch(),
                divergence == null
                        ? StepTime.of(network, experiment.training(), state, probe, backend, experiment.seed())
                        : Optional.empty()));
        Map<String, Object> whole = summary.write(
                divergence == null ? "done" : "diverged",
                divergence,
                test.score(),
                written,
                state.parametersSha256(),
                (System.nanoTime() - began) / 1e9);
        run.write("summary.json", Json.document(whole));
        run.write("report.html", ReportPage.of(whole, metrics, test, layers, data.description()));
        summary.print(whole, run.path("").toString());
    }

    private List<LayerStatistics> measure(State state, Examples probe) {
        int count = Math.min(experiment.validation().examples(), probe.size());
        return Measurement.measure(
                network,
                state,
                probe,
                count,
                experiment.validation().draws(),
                experiment.validation().referenceDraws(),
                backend,
                experiment.seed());
    }

    private Map<String, Object> roundLine(RoundPlan plan, Round round, long examples, long steps, long nanos) {
        RoundResult result = round.result();
        Map<String, Object> phases = new LinkedHashMap<>();
        int workers = experiment.averaging().workers();
        phases.put("broadcastMillis", round.broadcastNanos() / 1e6);
        phases.put("computeMillis", result.computeNanos() / 1e6 / workers);
        phases.put("combineMillis", round.mergeNanos() / 1e6);
        phases.put("tasksMillis", round.tasksNanos() / 1e6);
        phases.put("driverMillis", (round.wallNanos() - round.broadcastNanos() - round.tasksNanos()) / 1e6);
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("round", round.number() + 1);
        line.put("epoch", plan.epochsDone(round.number()));
        line.put("steps", steps);
        line.put("examples", examples);
        line.put("trainLoss", result.lossSum() / result.examples());
        line.put(
                "learningRate",
                experiment.training().updater().learningRate()
                        * experiment.training().schedule().factor(plan.epochsDone(round.number()), plan.epochs()));
        line.put("examplesPerSecond", result.examples() / (round.wallNanos() / 1e9));
        line.put("seconds", nanos / 1e9);
        line.put("phases", phases);
        return line;
    }

    private JavaRDD<Examples> blocks(JavaSparkContext spark, Split split, int partitions) {
        List<ExampleShard> shards = data.shards(split);
        return spark.parallelize(shards, Math.max(1, partitions)).map(ExampleShard::read);
    }
}
