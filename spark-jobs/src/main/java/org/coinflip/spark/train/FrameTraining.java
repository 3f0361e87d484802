package org.coinflip.spark.train;

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
import org.coinflip.spark.experiment.Experiment;
import org.coinflip.spark.preflight.Slots;

/**
 * A training on examples that Spark has already, which writes no files: the averaging trainer's, to the bits of the job {@code train} with the
 * same examples, ids and settings, however they are partitioned. Examples stay on the executors.
 */
public final class FrameTraining {
    private FrameTraining() {}

    /**
     * Trains.
     *
     * @param experiment its data, output and checkpoints do not count
     * @param train blocks of examples, none of them empty
     * @param valid what patience looks at; empty for none
     * @throws DivergenceException when a loss or the state is no longer finite
     */
    public static StoredModel run(
            JavaSparkContext spark,
            Experiment experiment,
            JavaRDD<Examples> train,
            Optional<JavaRDD<Examples>> valid,
            int width,
            int classes) {
        Network network = new Network(experiment.networkSpec(width));
        network.check(width, classes);
        KernelChoice kernels = StepProducts.choice(experiment.arithmetic(), network, experiment.training());
        int slots = Slots.of(spark);
        Shards shards = Shards.distribute(train, experiment.averaging().workers(), experiment.seed(), slots);
        RoundPlan plan = RoundPlan.of(shards.sizes(), experiment.training(), experiment.averaging());
        State initial = new State(Learner.layout(network, experiment.training()));
        network.initialise(initial, experiment.seed());
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
            StateVector end = rounds(spark, experiment, network, kernels, plan, rounds, looked);
            State state = new State(network.layout());
            end.copyPrefixTo(state);
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

    private static StateVector rounds(
            JavaSparkContext spark,
            Experiment experiment,
            Network network,
            KernelChoice kernels,
            RoundPlan plan,
            Rounds rounds,
            Optional<JavaRDD<Examples>> valid) {
        if (valid.isPresent() && valid.get().isEmpty()) {
            throw new UsageException("validationIndicatorCol: got no row that is true, expected some to look at");
        }
        Assessor assessor = new Assessor(network, experiment.evaluation(), kernels, experiment.seed());
        EarlyStopping stopping = new EarlyStopping(
                experiment.validation().patience(), network.layout().length());
        int every = experiment.validation().every();
        int epoch = 0;
        while (epoch < plan.epochs() && !stopping.isOver()) {
            int next = valid.isPresent() ? Math.min(plan.epochs(), epoch + every) : plan.epochs();
            String[] divergence = new String[1];
            rounds.run(
                    plan.roundsBefore(epoch),
                    plan.roundsBefore(next),
                    round -> divergence[0] = round.result().divergence());
            if (divergence[0] != null) {
                throw new DivergenceException(divergence[0]);
            }
            epoch = next;
            if (valid.isPresent()) {
                StateVector vector = rounds.state();
                Map<String, Object> score = Summary.score(
                        assessor.assess(spark, valid.get(), vector).score(), network);
                stopping.look(plan.roundsBefore(epoch), experiment.validation().value(score), vector);
            }
        }
        return stopping.best().orElse(rounds.state());
    }
}
