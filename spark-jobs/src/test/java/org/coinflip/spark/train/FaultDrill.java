package org.coinflip.spark.train;

import com.typesafe.config.ConfigFactory;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.coinflip.data.Dataset;
import org.coinflip.data.ExampleShard;
import org.coinflip.data.Split;
import org.coinflip.model.example.ExampleStore;
import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.Arithmetic;
import org.coinflip.model.kernel.KernelChoice;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.training.Learner;
import org.coinflip.model.training.StepProducts;
import org.coinflip.spark.averaging.AveragingTrainer;
import org.coinflip.spark.evaluation.Assessor;
import org.coinflip.spark.evaluation.Validation;
import org.coinflip.spark.experiment.Experiment;
import org.coinflip.spark.round.LocalTrainer;
import org.coinflip.spark.round.Round;
import org.coinflip.spark.round.RoundPlan;
import org.coinflip.spark.round.RoundResult;
import org.coinflip.spark.round.RoundSnapshot;
import org.coinflip.spark.round.RoundWorker;
import org.coinflip.spark.round.Rounds;
import org.coinflip.spark.round.SnapshotSchedule;
import org.coinflip.spark.round.Worker;
import org.coinflip.spark.shard.LocalShards;
import org.coinflip.spark.shard.Shards;
import org.coinflip.spark.state.StatePool;
import org.coinflip.spark.state.StateVector;

/**
 * A driver that trains each of two networks several times, its workers failing in several ways, and prints a line each: the fault and the parameters,
 * with a digest of what was handed over on the way, those of trainings without Spark first; and what Spark saw of them. The second network keeps states of examples from epoch to epoch.
 */
public final class FaultDrill {
    private static final int VALID = 20;
    /** The round after which an executor ends in a look. */
    private static final int LOOKED_AT = 3;

    private static final String SETTINGS =
            """
            data.split { train = 300, valid = %d, test = 20 }
            training { epochs = 2, batch = 10, updater { type = Momentum, learning-rate = 0.1 } }
            averaging { workers = 4, steps-per-round = 3, outer { type = nesterov, momentum = 0.5 } }
            """
                    .formatted(VALID);

    private static final List<String> NETWORKS = List.of(
            "network.layers = [{ type = stochastic, units = 8, law = bernoulli }, { type = output, units = 10 }]\n",
            "network.layers = [{ type = energy, hidden = [8], units = 10, persistent = true, steps = 4 }]\n");

    private enum Fault {
        NONE,
        FAILS,
        ENDS_ITS_EXECUTOR,
        IS_SLOW,
        HANGS,
        STOPS_ITS_EXECUTOR,
        ENDS_AN_EXECUTOR_IN_A_LOOK,
        HAS_NO_EXAMPLES;

        /** Whether it takes seconds until somebody notices: once is enough. */
        private boolean takesTime() {
            return this == HANGS || this == STOPS_ITS_EXECUTOR;
        }
    }

    private FaultDrill() {}

    /** @param arguments the faults; all where none is named */
    public static void main(String[] arguments) throws Exception {
        List<Fault> faults = arguments.length == 0
                ? List.of(Fault.values())
                : Arrays.stream(arguments).map(Fault::valueOf).toList();
        SparkConf conf = new SparkConf().setAppName("drill").set("spark.ui.enabled", "false");
        try (JavaSparkContext spark = new JavaSparkContext(conf)) {
            Watch watch = new Watch();
            spark.sc().addSparkListener(watch);
            for (String network : NETWORKS) {
                for (Fault fault : faults) {
                    if (fault.takesTime() && !network.equals(NETWORKS.get(0))) {
                        continue;
                    }
                    String workers = fault == Fault.HAS_NO_EXAMPLES ? "averaging.workers = 400" : "";
                    Experiment experiment = Experiment.read(ConfigFactory.parseString(SETTINGS + network + workers));
                    if (fault == Fault.NONE || fault == Fault.HAS_NO_EXAMPLES) {
                        System.out.println("LOCAL " + train(spark, experiment, null));
                    }
                    System.out.println(fault + " " + train(spark, experiment, fault));
                }
                System.out.println("lost " + watch.lost.getAndSet(0));
            }
        }
    }

    private static String train(JavaSparkContext spark, Experiment experiment, Fault fault) {
        Dataset data = Dataset.open(experiment.data(), new Configuration());
        Network network = new Network(experiment.networkSpec(data.description().width()));
        int workers = experiment.averaging().workers();
        LocalShards local = new LocalShards(data.examples(Split.TRAIN), workers, experiment.seed());
        RoundPlan plan = RoundPlan.of(local.sizes(), experiment.training(), experiment.averaging());
        State state = new State(Learner.layout(network, experiment.training()));
        network.initialise(state, experiment.seed());
        KernelChoice kernels = StepProducts.choice(Arithmetic.FAST, network, experiment.training());
        Worker worker =
                new Worker(network, experiment.training(), experiment.averaging(), plan, kernels, experiment.seed());
        try (Rounds rounds = fault == null
                ? new LocalTrainer(
                        local,
                        network,
                        experiment.training(),
                        experiment.averaging(),
                        plan,
                        kernels,
                        StateVector.of(state),
                        experiment.seed())
                : new AveragingTrainer(
                        spark,
                        distribute(spark, data, experiment),
                        new FaultyWorker(worker, fault),
                        experiment.averaging().outer(),
                        network.layout().parameters(),
                        state,
                        new Validation(
                                new Assessor(network, experiment.evaluation(), kernels, experiment.seed()),
                                data.shards(Split.VALID),
                                true,
                                experiment.validation().plan(network.spec())))) {
            Handed handed = new Handed(fault == Fault.ENDS_AN_EXECUTOR_IN_A_LOOK ? () -> look(spark) : () -> {});
            rounds.run(0, plan.rounds(), EVERY_SECOND, handed);
            rounds.state().copyTo(state);
            return state.parametersSha256() + ":" + handed.digest();
        }
    }

    /** A job of Spark's between rounds, in which an executor ends, once. */
    private static void look(JavaSparkContext spark) {
        File once = new File(System.getProperty("java.io.tmpdir"), "drill-" + UUID.randomUUID());
        once.deleteOnExit();
        spark.parallelize(List.of(1), 1).foreach(one -> {
            if (once.createNewFile()) {
                Runtime.getRuntime().halt(137);
            }
        });
    }

    /** Looks after every fourth round, hands over after every second. */
    private static final SnapshotSchedule EVERY_SECOND = new SnapshotSchedule(round -> round % 4 == 3, 2);

    /** Digests the rounds that were told of, and the states and memories that were handed over, in their order. */
    private static final class Handed implements Rounds.Listener {
        private final StringBuilder all = new StringBuilder();
        private final Runnable look;
        private int rounds;

        private Handed(Runnable look) {
            this.look = look;
        }

        @Override
        public void done(Round round) {
            if (round.number() != rounds++) {
                throw new IllegalStateException("round " + round.number() + " is not the next");
            }
        }

        @Override
        public void handed(RoundSnapshot snapshot) {
            if (snapshot.round() >= rounds
                    || snapshot.score() != null && snapshot.score().examples() != VALID) {
                throw new IllegalStateException(
                        "handed over " + snapshot.round() + " after " + rounds + " with " + snapshot.score());
            }
            all.append(snapshot.round());
            if (snapshot.round() == LOOKED_AT) {
                look.run();
            }
            new TreeMap<>(snapshot.vectors())
                    .forEach((name, numbers) -> all.append(name).append(Arrays.hashCode(numbers)));
        }

        private String digest() {
            return Integer.toHexString(all.toString().hashCode());
        }
    }

    private static Shards distribute(JavaSparkContext spark, Dataset data, Experiment experiment) {
        List<ExampleShard> parts = new ArrayList<>(data.shards(Split.TRAIN));
        JavaRDD<Examples> blocks = spark.parallelize(parts, 2).map(ExampleShard::read);
        return Shards.distribute(blocks, experiment.averaging().workers(), experiment.seed(), 2);
    }

    /** Does a worker's steps, after something has gone wrong in a round of the second epoch. */
    private static final class FaultyWorker implements RoundWorker {
        private static final long serialVersionUID = 1L;
        private static final int ROUND = 4;
        private static final int NUMBER = 1;
        private static final long SLOW_MILLIS = 1_000;
        private static final long HANGING_MILLIS = 10_000;

        private final Worker worker;
        private final Fault fault;
        /** There when it has gone wrong. */
        private final File once;

        FaultyWorker(Worker worker, Fault fault) {
            this.worker = worker;
            this.fault = fault;
            this.once = new File(System.getProperty("java.io.tmpdir"), "drill-" + UUID.randomUUID());
            once.deleteOnExit();
        }

        @Override
        public KernelChoice kernels() {
            return worker.kernels();
        }

        @Override
        public RoundResult run(
                Floats start,
                int number,
                ExampleStore shard,
                int round,
                double rateFactor,
                Floats kept,
                StatePool pool) {
            RoundResult result = worker.run(start, number, shard, round, rateFactor, kept, pool);
            if (number == NUMBER && round == ROUND) {
                goWrong();
            }
            return result;
        }

        @Override
        public int keptPerExample() {
            return worker.keptPerExample();
        }

        /** Once: where it is done again, the file is there. */
        private void goWrong() {
            try {
                Files.createFile(once.toPath());
            } catch (FileAlreadyExistsException e) {
                return;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            switch (fault) {
                case NONE, HAS_NO_EXAMPLES, ENDS_AN_EXECUTOR_IN_A_LOOK -> {}
                case FAILS -> throw new IllegalStateException("a drill");
                case ENDS_ITS_EXECUTOR -> Runtime.getRuntime().halt(137);
                case IS_SLOW -> sleep(SLOW_MILLIS);
                case HANGS -> sleep(HANGING_MILLIS);
                case STOPS_ITS_EXECUTOR -> stop();
            }
        }

        /** As a process is that swaps, or whose machine does not answer: it is there, and says nothing. */
        private static void stop() {
            try {
                new ProcessBuilder(
                                "kill",
                                "-STOP",
                                String.valueOf(ProcessHandle.current().pid()))
                        .start();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            sleep(HANGING_MILLIS);
        }

        private static void sleep(long millis) {
            try {
                Thread.sleep(millis);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** What Spark does about it. */
    private static final class Watch extends SparkListener {
        private final AtomicInteger lost = new AtomicInteger();

        @Override
        public void onExecutorRemoved(SparkListenerExecutorRemoved executor) {
            lost.incrementAndGet();
        }
    }
}
