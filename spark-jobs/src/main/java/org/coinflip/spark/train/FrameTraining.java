package org.coinflip.spark.train;

import com.typesafe.config.ConfigFactory;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.storage.StorageLevel;
import org.coinflip.model.error.DivergenceException;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.KernelChoice;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.storage.StoredModel;
import org.coinflip.model.training.Learner;
import org.coinflip.model.training.StepProducts;
import org.coinflip.model.transform.Transformation;
import org.coinflip.spark.averaging.AveragingTrainer;
import org.coinflip.spark.evaluation.Assessment;
import org.coinflip.spark.evaluation.Assessor;
import org.coinflip.spark.evaluation.EarlyStopping;
import org.coinflip.spark.experiment.Experiment;
import org.coinflip.spark.experiment.OuterSpec;
import org.coinflip.spark.preflight.Slots;
import org.coinflip.spark.record.FrameCheckpoint;
import org.coinflip.spark.record.Summary;
import org.coinflip.spark.round.RoundPlan;
import org.coinflip.spark.round.Rounds;
import org.coinflip.spark.shard.Shards;
import org.coinflip.spark.shard.Storage;
import org.coinflip.spark.shard.StoredExamples;
import org.coinflip.spark.state.StateVector;

/**
 * A training on examples that Spark has already, which writes no files: the averaging trainer's, to the bits of the job {@code train} with the
 * same examples, ids and settings, however they are partitioned. Examples stay on the executors.
 */
public final class FrameTraining {
    private final JavaSparkContext spark;
    private final Experiment experiment;
    private final Network network;
    private final KernelChoice kernels;
    private final Optional<Checkpoint> checkpoint;

    /**
     * When a training keeps its state, and where.
     *
     * @param folder of any file system that Hadoop knows
     * @param every epochs
     */
    public record Checkpoint(String folder, int every) {}

    /**
     * A training that may be run.
     *
     * @param experiment its data, output and checkpoints do not count
     * @param classes of the examples, 0 where they have values
     */
    public FrameTraining(
            JavaSparkContext spark, Experiment experiment, int width, int classes, Optional<Checkpoint> checkpoint) {
        this.spark = spark;
        this.experiment = experiment;
        this.network = new Network(experiment.networkSpec(width));
        this.checkpoint = checkpoint;
        network.check(width, classes);
        experiment.validation().plan(network.spec());
        this.kernels = StepProducts.choice(experiment.arithmetic(), network, experiment.training());
        if (experiment.training().maxSeconds() > 0) {
            throw new UsageException("settings: got training.max-seconds = "
                    + experiment.training().maxSeconds()
                    + ", expected none for a stage: a pipeline's models do not depend on the machine");
        }
        if (experiment.training().schedule().isDecidedByLooks()) {
            throw new UsageException("settings: got training.schedule.type = plateau, expected another for a stage");
        }
        if (checkpoint.isPresent()
                && (experiment.validation().patience() > 0
                        || experiment.averaging().outer().kind() != OuterSpec.Kind.NONE
                        || network.spec().top().keptPerExample() > 0)) {
            throw new UsageException("checkpointDir: got it with patience, averaging.outer or states that persist,"
                    + " expected neither: their memory is not in its checkpoints");
        }
    }

    /**
     * Trains.
     *
     * @param train blocks of examples, none of them empty
     * @param rows how many examples they are
     * @param weighted whether examples have weights
     * @param valid what patience looks at; empty for none
     * @throws DivergenceException when a loss or the state is no longer finite
     */
    public StoredModel run(JavaRDD<Examples> train, long rows, boolean weighted, Optional<JavaRDD<Examples>> valid) {
        if (weighted) {
            network.checkWeights();
        }
        int width = network.spec().inputs();
        Optional<FrameCheckpoint> kept = checkpoint.map(where -> FrameCheckpoint.of(
                where.folder(),
                spark.hadoopConfiguration(),
                ConfigFactory.parseMap(experiment.write(network.spec())).root().render(),
                train));
        Optional<FrameCheckpoint.Kept> start = kept.flatMap(FrameCheckpoint::read);
        State initial = new State(Learner.layout(network, experiment.training()));
        network.initialise(initial, experiment.seed());
        start.ifPresent(found -> found.copyTo(initial.values()));
        int slots = Slots.of(spark);
        int workers = experiment.averaging().workers();
        Shards shards = Storage.inFiles(spark, experiment.averaging().storage(), rows * width * Float.BYTES)
                ? Shards.distributeUnsortedToFiles(train, workers, experiment.seed(), slots, StoredExamples.BLOCK_BYTES)
                : Shards.distribute(train, workers, experiment.seed(), slots);
        RoundPlan plan = RoundPlan.of(shards.sizes(), experiment.training(), experiment.averaging());
        Optional<JavaRDD<Examples>> looked = valid.map(blocks -> blocks.persist(StorageLevel.MEMORY_AND_DISK()));
        try (Rounds rounds = new AveragingTrainer(
                spark,
                shards,
                network,
                experiment.training(),
                experiment.averaging(),
                plan,
                kernels,
                initial,
                experiment.seed(),
                null)) {
            int first = start.map(FrameCheckpoint.Kept::epoch).orElse(0);
            StateVector end = rounds(plan, rounds, first, looked, kept);
            State state = new State(network.layout());
            end.copyPrefixTo(state);
            kept.ifPresent(FrameCheckpoint::delete);
            return new StoredModel(
                    network,
                    state,
                    Transformation.none(width),
                    experiment.evaluation(),
                    experiment.arithmetic(),
                    experiment.seed());
        } finally {
            looked.ifPresent(blocks -> blocks.unpersist(false));
        }
    }

    private StateVector rounds(
            RoundPlan plan,
            Rounds rounds,
            int first,
            Optional<JavaRDD<Examples>> valid,
            Optional<FrameCheckpoint> kept) {
        if (valid.isPresent() && valid.get().isEmpty()) {
            throw new UsageException("validationIndicatorCol: got no row that is true, expected some to look at");
        }
        Assessor assessor = new Assessor(network, experiment.evaluation(), kernels, experiment.seed());
        EarlyStopping stopping = new EarlyStopping(
                experiment.validation().patience(), network.layout().length());
        boolean looks = valid.isPresent() && experiment.validation().patience() > 0;
        int every = looks
                ? experiment.validation().every()
                : checkpoint.map(Checkpoint::every).orElse(plan.epochs());
        int epoch = first;
        while (epoch < plan.epochs() && !stopping.isOver()) {
            int next = Math.min(plan.epochs(), epoch + every);
            String[] divergence = new String[1];
            rounds.run(
                    plan.roundsBefore(epoch),
                    plan.roundsBefore(next),
                    round -> divergence[0] = round.result().divergence());
            if (divergence[0] != null) {
                throw new DivergenceException(divergence[0]);
            }
            epoch = next;
            if (looks) {
                StateVector vector = rounds.state();
                Assessment look = assessor.assess(
                        spark, valid.get(), vector, experiment.validation().plan(network.spec()));
                Map<String, Object> score = Summary.look(
                        look.score(), look.measures(), experiment.validation().metric(), network);
                stopping.look(plan.roundsBefore(epoch), experiment.validation().value(score), vector);
            }
            if (kept.isPresent() && epoch < plan.epochs()) {
                kept.get().write(epoch, rounds.state());
            }
        }
        return stopping.best().orElse(rounds.state());
    }
}
