package org.coinflip.spark.train;

import com.typesafe.config.ConfigFactory;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.coinflip.model.error.DivergenceException;
import org.coinflip.model.example.ExampleStore;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.kernel.FlushToZero;
import org.coinflip.model.kernel.KernelChoice;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.network.Network;
import org.coinflip.model.network.NetworkSpec;
import org.coinflip.model.reward.Environments;
import org.coinflip.model.reward.EpisodeReuse;
import org.coinflip.model.reward.Experience;
import org.coinflip.model.reward.PolicyLearner;
import org.coinflip.model.settings.Section;
import org.coinflip.model.training.TrainingSpec;
import org.coinflip.model.training.updater.Progress;
import org.coinflip.spark.experiment.RewardExperiment;
import org.coinflip.spark.round.RoundResult;
import org.coinflip.spark.round.RoundWorker;
import org.coinflip.spark.round.WorkTimes;
import org.coinflip.spark.state.StatePool;

/**
 * The executor's side of a round of rewards: plays the episodes of one logical worker and takes the steps that follow. What it gives back counts steps
 * played as examples, the weight of its state, and as their losses minus their rewards.
 */
final class PolicyWorker implements RoundWorker {
    private static final long serialVersionUID = 1L;

    /** Specifications travel as text, as files hold them: nothing is deserialised by class. */
    private final String network;

    private final String training;
    private final String environment;
    private final double discount;
    private final int steps;
    private final double clip;
    private final KernelChoice kernels;
    private final long seed;
    private transient volatile Queue<PolicyLearner> idle;

    PolicyWorker(RewardExperiment experiment, KernelChoice kernels) {
        this.kernels = kernels;
        network = experiment.network().write().root().render();
        training = ConfigFactory.parseMap(experiment.training().write()).root().render();
        environment =
                ConfigFactory.parseMap(experiment.environment().write()).root().render();
        discount = experiment.discount();
        steps = experiment.reuse().steps();
        clip = experiment.reuse().clip();
        seed = experiment.seed();
    }

    @Override
    public KernelChoice kernels() {
        return kernels;
    }

    @Override
    public RoundResult run(
            Floats start, int number, ExampleStore none, int round, double rateFactor, Floats kept, StatePool pool) {
        long began = System.nanoTime();
        PolicyLearner learner = borrow();
        try (FlushToZero flushing = kernels.arithmetic().begin()) {
            learner.load(start);
            return step(learner, number, round, rateFactor, pool, System.nanoTime() - began);
        } finally {
            idle().add(learner);
        }
    }

    private RoundResult step(
            PolicyLearner learner, int number, int round, double rateFactor, StatePool pool, long loadNanos) {
        long began = System.nanoTime();
        TrainingSpec spec = TrainingSpec.read(section(training));
        Experience experience;
        try {
            Progress progress =
                    new Progress(steps, spec.epochs()).rateFactor(rateFactor).at((long) round * steps);
            experience = learner.step((long) number * spec.batch(), progress);
        } catch (DivergenceException e) {
            return diverged(round, number, e.getMessage());
        }
        if (!learner.state().isFinite()) {
            return diverged(
                    round,
                    number,
                    "training diverged: a parameter is no longer finite, expected finite numbers: lower"
                            + " training.updater.learning-rate or set training.max-column-norm");
        }
        double lossSum = 0;
        for (int e = 0; e < experience.episodes(); e++) {
            lossSum -= experience.returned(e);
        }
        WorkTimes times = new WorkTimes(loadNanos, System.nanoTime() - began, 0);
        Floats end = pool.take();
        learner.store(end);
        return new RoundResult(end, experience.rows(), steps, lossSum, times, learner.ratios(), null);
    }

    private static RoundResult diverged(int round, int number, String why) {
        String line = "round " + (round + 1) + ", worker " + number + ": " + why;
        return new RoundResult(null, 0, 0, 0, WorkTimes.NONE, line);
    }

    private PolicyLearner borrow() {
        PolicyLearner learner = idle().poll();
        if (learner != null) {
            return learner;
        }
        return new PolicyLearner(
                new Network(NetworkSpec.read(section(network))),
                TrainingSpec.read(section(training)),
                Environments.read(section(environment)),
                discount,
                new EpisodeReuse(steps, clip),
                Backend.of(kernels),
                seed);
    }

    private static Section section(String text) {
        return Section.root(ConfigFactory.parseString(text));
    }

    private Queue<PolicyLearner> idle() {
        Queue<PolicyLearner> queue = idle;
        if (queue == null) {
            synchronized (this) {
                if (idle == null) {
                    idle = new ConcurrentLinkedQueue<>();
                }
                queue = idle;
            }
        }
        return queue;
    }
}
