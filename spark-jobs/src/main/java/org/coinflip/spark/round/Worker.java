package org.coinflip.spark.round;

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
import org.coinflip.model.settings.Section;
import org.coinflip.model.training.Learner;
import org.coinflip.model.training.TrainingSpec;
import org.coinflip.model.training.WorkerOrder;
import org.coinflip.model.training.updater.Progress;
import org.coinflip.spark.experiment.AveragingSpec;
import org.coinflip.spark.experiment.UpdaterState;
import org.coinflip.spark.state.StatePool;

/**
 * The executor's side of a round: takes the steps of one logical worker. Broadcast once; on each executor it keeps the learners that are
 * idle, so that a round allocates no workspaces. The result is a function of (state, shard, persistent per-example state, round), whichever
 * executor computes it.
 */
public final class Worker implements RoundWorker {
    private static final long serialVersionUID = 1L;

    /** Specifications travel as text, as files hold them: nothing is deserialised by class. */
    private final String network;

    private final String training;
    private final int keptPerExample;
    private final boolean restarts;
    private final boolean waitsForLooks;
    private final RoundPlan plan;
    private final KernelChoice kernels;
    private final long seed;
    private transient volatile Queue<Learner> idle;

    public Worker(
            Network network,
            TrainingSpec training,
            AveragingSpec averaging,
            RoundPlan plan,
            KernelChoice kernels,
            long seed) {
        this.network = network.spec().write().root().render();
        this.training = ConfigFactory.parseMap(training.write()).root().render();
        this.keptPerExample = network.spec().top().keptPerExample();
        this.restarts = averaging.updaterState() == UpdaterState.RESTART;
        this.waitsForLooks = training.schedule().isDecidedByLooks();
        this.plan = plan;
        this.kernels = kernels;
        this.seed = seed;
    }

    @Override
    public boolean waitsForLooks() {
        return waitsForLooks;
    }

    @Override
    public int keptPerExample() {
        return keptPerExample;
    }

    @Override
    public KernelChoice kernels() {
        return kernels;
    }

    @Override
    public RoundResult run(
            Floats start, int number, ExampleStore shard, int round, double rateFactor, Floats kept, StatePool pool) {
        return run(start, number, shard, round, rateFactor, kept, pool, -1, null);
    }

    /**
     * Takes a worker's steps of a round up to one, and has someone look at the learner before it; what was computed is forgotten.
     *
     * @param kept of the shard's examples; overwritten
     * @param step counted from the epoch's start, one of the round's that the worker takes
     */
    public void look(
            Floats start,
            int number,
            ExampleStore shard,
            int round,
            double rateFactor,
            Floats kept,
            int step,
            StepLook look) {
        run(start, number, shard, round, rateFactor, kept, null, step, look);
    }

    private RoundResult run(
            Floats start,
            int number,
            ExampleStore shard,
            int round,
            double rateFactor,
            Floats kept,
            StatePool pool,
            int lookedAt,
            StepLook look) {
        long began = System.nanoTime();
        Learner learner = borrow();
        try (FlushToZero flushing = kernels.arithmetic().begin()) {
            learner.load(start);
            if (restarts) {
                learner.clearUpdaterMemory();
            }
            learner.keep(kept);
            return steps(learner, number, shard, round, rateFactor, pool, System.nanoTime() - began, lookedAt, look);
        } finally {
            learner.keep(null);
            idle().add(learner);
        }
    }

    private RoundResult steps(
            Learner learner,
            int number,
            ExampleStore shard,
            int round,
            double rateFactor,
            StatePool pool,
            long loadNanos,
            int lookedAt,
            StepLook look) {
        long began = System.nanoTime();
        int batch = learner.pass().capacity();
        int epoch = plan.epoch(round);
        WorkerOrder order = new WorkerOrder(seed, epoch, number, shard.size(), batch);
        Progress progress = new Progress(plan.stepsPerEpoch(), plan.epochs()).rateFactor(rateFactor);
        if (restarts) {
            progress.updaterSince((long) epoch * plan.stepsPerEpoch() + plan.firstStep(round));
        }
        int[] places = new int[batch];
        long examples = 0;
        long steps = 0;
        double lossSum = 0;
        for (int step = plan.firstStep(round); step < plan.endStep(round); step++) {
            int count = order.places(step, places);
            if (count == 0) {
                break;
            }
            progress.at((long) epoch * plan.stepsPerEpoch() + step);
            if (step == lookedAt) {
                look.before(learner, shard.bring(places, count), places, count, progress);
                return RoundResult.NONE;
            }
            try {
                lossSum += count * learner.step(shard.bring(places, count), places, count, progress);
            } catch (DivergenceException e) {
                return diverged(round, number, e.getMessage(), examples, steps, lossSum);
            }
            examples += count;
            steps++;
        }
        WorkTimes times = new WorkTimes(loadNanos, System.nanoTime() - began, 0);
        if (!learner.isFinite()) {
            // a stochastic unit turns a NaN into 0 or 1: the loss alone does not show it
            String why = "training diverged: a parameter is no longer finite, expected finite numbers: lower"
                    + " training.updater.learning-rate or set training.max-column-norm";
            return diverged(round, number, why, examples, steps, lossSum);
        }
        Floats end = examples == 0 ? null : pool.take();
        if (end != null) {
            learner.store(end);
        }
        return new RoundResult(end, examples, steps, lossSum, times, null);
    }

    private static RoundResult diverged(int round, int number, String why, long examples, long steps, double lossSum) {
        String line = "round " + (round + 1) + ", worker " + number + ": " + why;
        return new RoundResult(null, examples, steps, lossSum, WorkTimes.NONE, line);
    }

    private Learner borrow() {
        Learner learner = idle().poll();
        if (learner != null) {
            return learner;
        }
        NetworkSpec spec = NetworkSpec.read(Section.root(ConfigFactory.parseString(network)));
        TrainingSpec steps = TrainingSpec.read(Section.root(ConfigFactory.parseString(training)));
        return new Learner(new Network(spec), steps, Backend.of(kernels), seed);
    }

    private Queue<Learner> idle() {
        Queue<Learner> queue = idle;
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
