package org.coinflip.spark.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.coinflip.data.ExampleShard;
import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.Arithmetic;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.kernel.FlushToZero;
import org.coinflip.model.kernel.KernelChoice;
import org.coinflip.model.layer.FeatureShape;
import org.coinflip.model.measure.MeasurePlan;
import org.coinflip.model.measure.Measures;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.training.Evaluator;
import org.coinflip.model.training.GateCounts;
import org.coinflip.model.training.LayerStatistics;
import org.coinflip.model.training.Learner;
import org.coinflip.model.training.Score;
import org.coinflip.model.training.Settling;
import org.coinflip.model.training.StepProducts;
import org.coinflip.model.training.updater.Plateau;
import org.coinflip.spark.averaging.AveragingTrainer;
import org.coinflip.spark.checkpoint.Snapshot;
import org.coinflip.spark.evaluation.EarlyStopping;
import org.coinflip.spark.experiment.Experiment;
import org.coinflip.spark.preflight.Slots;
import org.coinflip.spark.record.Summary;
import org.coinflip.spark.round.LocalTrainer;
import org.coinflip.spark.round.Round;
import org.coinflip.spark.round.RoundPlan;
import org.coinflip.spark.round.RoundResult;
import org.coinflip.spark.round.Rounds;
import org.coinflip.spark.shard.LocalShards;
import org.coinflip.spark.shard.SentShards;
import org.coinflip.spark.shard.Shards;
import org.coinflip.spark.state.StateVector;

/**
 * A training that writes no files, as trials of sweeps are: from its start or from a state that an earlier part of it left, up to some
 * epoch. Parts that follow one another give the bits of the whole, and those of the job {@code train} with the same experiment.
 */
public final class TrialTraining {
    /** Examples that layers are measured on come from the first so many of the validation split, as in a training. */
    private static final int FIRST_SHARD = 4096;

    private final Experiment experiment;
    private final Network network;
    private final Examples valid;
    private final Examples test;
    private final KernelChoice kernels;
    private final Backend backend;

    /**
     * A point of the learning curve.
     *
     * @param epoch epochs done
     * @param trainLoss mean loss of the epochs since the point before
     * @param valid score on the validation split
     */
    public record Look(int epoch, double trainLoss, Score valid) {}

    /**
     * What a part of a training gave.
     *
     * @param vectors the last state that did not diverge, and what the trainer keeps beside it
     * @param parametersSha256 of its parameters
     * @param curve looks at the validation split, the last one at the end
     * @param kept the look at the network that is the result: the best with patience, otherwise the last
     * @param test score on the test split
     * @param measured the experiment's metric, where it is no score's, as {@code valid.NAME} and {@code test.NAME}
     * @param layers what was measured in the stochastic layers
     * @param gates how often gates were open on the test split
     * @param settling whether free phases settle, of an energy-based network
     * @param examples examples taken
     * @param divergence why it stopped, in a line; null where it did not
     * @param classifies whether errors are parts told wrongly; otherwise squared errors
     */
    public record Result(
            Map<String, float[]> vectors,
            String parametersSha256,
            List<Look> curve,
            Look kept,
            Score test,
            Map<String, Double> measured,
            List<LayerStatistics> layers,
            List<GateCounts> gates,
            Optional<Settling> settling,
            long examples,
            String divergence,
            boolean classifies) {}

    /** Checks network and data against each other; kernels are those for this network. */
    public TrialTraining(Experiment experiment, Examples valid, Examples test) {
        this(experiment, Optional.empty(), FeatureShape.flat(valid.width()), valid, test);
    }

    /**
     * Checks network and data against each other.
     *
     * @param fast what all trials of a sweep compute with that are not portable; empty for those that are the fastest for this network
     * @param shape how features make pictures
     */
    public TrialTraining(
            Experiment experiment, Optional<KernelChoice> fast, FeatureShape shape, Examples valid, Examples test) {
        TrialRules.check(experiment);
        this.experiment = experiment;
        this.valid = valid;
        this.test = test;
        this.network = TrialRules.network(experiment, shape, valid.classes());
        this.network.checkTargets(valid.targets());
        this.network.checkUse(experiment.evaluation().mode());
        this.kernels = experiment.arithmetic() == Arithmetic.PORTABLE
                ? KernelChoice.PORTABLE
                : fast.orElseGet(() -> StepProducts.choice(Arithmetic.FAST, network, experiment.training()));
        this.backend = Backend.of(this.kernels);
    }

    /**
     * Trains in the calling thread. Ends early where the thread is interrupted.
     *
     * @param shards the training examples of this experiment's workers
     * @param start the vectors that were left after {@code from} epochs; empty at the start
     * @param to epochs done at the end
     */
    public Result run(LocalShards shards, Map<String, float[]> start, int from, int to) throws InterruptedException {
        RoundPlan plan = plan(shards.sizes());
        try (FlushToZero flushing = kernels.arithmetic().begin();
                Rounds rounds = new LocalTrainer(
                        shards,
                        network,
                        experiment.training(),
                        experiment.averaging(),
                        plan,
                        kernels,
                        initial(start),
                        experiment.seed())) {
            rounds.restore(start);
            return train(rounds, plan, from, to);
        }
    }

    /** Trains as a job of Spark's, workers in parallel: for trials that are large. */
    public Result run(JavaSparkContext spark, List<ExampleShard> train, Map<String, float[]> start, int from, int to)
            throws InterruptedException {
        int slots = Slots.of(spark);
        int partitions = experiment.averaging().partitions();
        JavaRDD<Examples> blocks = SentShards.of(spark, train, partitions == 0 ? slots : partitions)
                .map(ExampleShard::read);
        Shards shards = Shards.distribute(blocks, experiment.averaging().workers(), experiment.seed(), slots);
        RoundPlan plan = plan(shards.sizes());
        State state = new State(Learner.layout(network, experiment.training()));
        initial(start).copyTo(state);
        try (FlushToZero flushing = kernels.arithmetic().begin();
                Rounds rounds = new AveragingTrainer(
                        spark,
                        shards,
                        network,
                        experiment.training(),
                        experiment.averaging(),
                        plan,
                        kernels,
                        state,
                        experiment.seed(),
                        null)) {
            rounds.restore(start);
            return train(rounds, plan, from, to);
        }
    }

    private RoundPlan plan(int[] sizes) {
        return RoundPlan.of(sizes, experiment.training(), experiment.averaging());
    }

    private StateVector initial(Map<String, float[]> start) {
        if (start.containsKey(Snapshot.STATE)) {
            return new StateVector(start.get(Snapshot.STATE));
        }
        State state = new State(Learner.layout(network, experiment.training()));
        network.initialise(state, experiment.seed());
        return StateVector.of(state);
    }

    private Result train(Rounds rounds, RoundPlan plan, int from, int to) throws InterruptedException {
        EarlyStopping stopping = new EarlyStopping(
                experiment.validation().patience(), network.layout().length());
        Plateau plateau = new Plateau(experiment.training().schedule());
        boolean decides = experiment.validation().patience() > 0
                || experiment.training().schedule().isDecidedByLooks();
        List<Look> curve = new ArrayList<>();
        Look kept = null;
        Map<String, Double> measured = new TreeMap<>();
        MeasurePlan measuring = experiment.validation().plan(network.spec());
        MeasurePlan nothing = MeasurePlan.none(measuring.objective(), measuring.outputs());
        Sums sums = new Sums(plateau);
        for (int epoch = from + 1; epoch <= to && sums.divergence == null && !stopping.isOver(); epoch++) {
            rounds.run(plan.roundsBefore(epoch - 1), plan.roundsBefore(epoch), sums);
            if (Thread.interrupted()) {
                throw new InterruptedException("stopped in epoch " + epoch);
            }
            boolean look = epoch % experiment.validation().every() == 0 || epoch == to;
            if (look && sums.divergence == null) {
                Measures measures = new Measures(decides || epoch == to ? measuring : nothing);
                StateVector state = rounds.state();
                Score score = measures.add(evaluator(state), valid, Optional.empty());
                curve.add(new Look(epoch, sums.lossSinceLook / sums.sinceLook, score));
                if (decides) {
                    double value = experiment
                            .validation()
                            .value(Summary.look(
                                    score, measures, experiment.validation().metric(), network));
                    stopping.look(epoch, value, state);
                    plateau.look(value);
                }
                if (stopping.best().isEmpty() || stopping.bestRound() == epoch) {
                    kept = curve.get(curve.size() - 1);
                    measured.putAll(measured("valid.", measures));
                }
                sums.sinceLook = 0;
                sums.lossSinceLook = 0;
            }
        }
        State state = new State(Learner.layout(network, experiment.training()));
        rounds.state().copyTo(state);
        boolean whole = sums.divergence == null;
        if (whole) {
            stopping.best().ifPresent(best -> state.values().set(best.values()));
        }
        Evaluator last = evaluator(StateVector.of(state));
        Measures ofTest = new Measures(measuring);
        Score tested = whole ? ofTest.add(last, test, Optional.empty()) : Score.NONE;
        measured.putAll(measured("test.", ofTest));
        Map<String, float[]> vectors = new LinkedHashMap<>(rounds.vectors());
        vectors.put(Snapshot.STATE, state.values().toArray());
        return new Result(
                vectors,
                state.parametersSha256(),
                curve,
                kept,
                tested,
                measured,
                whole ? layers().statistics(state) : List.of(),
                whole ? last.gates() : List.of(),
                whole ? layers().settling(state) : Optional.empty(),
                sums.examples,
                sums.divergence,
                network.spec().output().objective().countsErrors());
    }

    private Map<String, Double> measured(String split, Measures measures) {
        String key = experiment.validation().metric().key();
        return measures.write().get(key) instanceof Double value ? Map.of(split + key, value) : Map.of();
    }

    /** What rounds add up to. */
    private static final class Sums implements Rounds.Listener {
        private final Plateau plateau;
        private long examples;
        private long sinceLook;
        private double lossSinceLook;
        private String divergence;

        Sums(Plateau plateau) {
            this.plateau = plateau;
        }

        @Override
        public double rateFactor() {
            return plateau.factor();
        }

        @Override
        public void done(Round round) {
            RoundResult result = round.result();
            divergence = result.divergence();
            examples += result.examples();
            sinceLook += result.examples();
            lossSinceLook += result.lossSum();
        }

        @Override
        public boolean isToEnd() {
            return Thread.currentThread().isInterrupted();
        }
    }

    private Evaluator evaluator(StateVector vector) {
        State state = new State(network.layout());
        vector.copyPrefixTo(state);
        return new Evaluator(network, state, experiment.evaluation(), backend, Evaluator.BATCH, experiment.seed());
    }

    private LayerMeasures layers() {
        return new LayerMeasures(experiment, network, kernels, valid, FIRST_SHARD);
    }
}
