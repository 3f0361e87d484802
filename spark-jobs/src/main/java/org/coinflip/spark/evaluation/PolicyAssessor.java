package org.coinflip.spark.evaluation;

import com.typesafe.config.ConfigFactory;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.kernel.FlushToZero;
import org.coinflip.model.kernel.KernelChoice;
import org.coinflip.model.layer.Mode;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.network.NetworkSpec;
import org.coinflip.model.reward.Environment;
import org.coinflip.model.reward.Environments;
import org.coinflip.model.reward.Experience;
import org.coinflip.model.reward.ReturnScore;
import org.coinflip.model.reward.Rollout;
import org.coinflip.model.settings.Section;
import org.coinflip.spark.experiment.RewardExperiment;
import org.coinflip.spark.preflight.Slots;
import org.coinflip.spark.state.StateVector;

/** Plays a policy's evaluation episodes as Spark tasks, a block each; blocks do not depend on the cluster, so neither does the score. */
public final class PolicyAssessor implements Serializable {
    private static final long serialVersionUID = 1L;
    /** Episodes of a block: another number may round a policy's probabilities otherwise. */
    private static final int BLOCK = 25;
    /** The noise's epoch of looks between rounds, so that each sees the same episodes begin. */
    public static final int LOOK = 0;
    /** The noise's epoch of the test. */
    public static final int TEST = 1;

    private final String network;
    private final String environment;
    private final KernelChoice kernels;
    private final Mode mode;
    private final int episodes;
    private final long seed;

    public PolicyAssessor(RewardExperiment experiment, KernelChoice kernels) {
        this.kernels = kernels;
        network = experiment.network().write().root().render();
        environment =
                ConfigFactory.parseMap(experiment.environment().write()).root().render();
        mode = experiment.evaluation().mode();
        episodes = experiment.episodes();
        seed = experiment.seed();
    }

    private record Block(double[] returns, int[] lengths) implements Serializable {}

    /** Plays the episodes of {@link #LOOK} or {@link #TEST}. */
    public ReturnScore assess(JavaSparkContext spark, StateVector state, int epoch) {
        Broadcast<StateVector> broadcast = spark.broadcast(state);
        try {
            List<Integer> blocks =
                    IntStream.range(0, (episodes + BLOCK - 1) / BLOCK).boxed().toList();
            List<Block> played = spark.parallelize(blocks, Math.min(blocks.size(), Slots.of(spark)))
                    .map(block -> {
                        try (FlushToZero flushing = kernels.arithmetic().begin()) {
                            return play(block, broadcast.value(), epoch);
                        }
                    })
                    .collect();
            return ReturnScore.of(
                    played.stream()
                            .flatMapToDouble(b -> Arrays.stream(b.returns()))
                            .toArray(),
                    played.stream()
                            .flatMapToInt(b -> Arrays.stream(b.lengths()))
                            .toArray());
        } finally {
            broadcast.destroy();
        }
    }

    private Block play(int block, StateVector vector, int epoch) {
        Network compiled = new Network(NetworkSpec.read(section(network)));
        Environment world = Environments.read(section(environment));
        State state = new State(compiled.layout());
        vector.copyPrefixTo(state);
        int first = block * BLOCK;
        int count = Math.min(BLOCK, episodes - first);
        Rollout rollout = new Rollout(compiled, state, world, Backend.of(kernels), count);
        Experience experience = rollout.play(mode, seed, epoch, 1, first, count);
        return new Block(
                IntStream.range(0, count).mapToDouble(experience::returned).toArray(),
                IntStream.range(0, count).map(experience::length).toArray());
    }

    private static Section section(String text) {
        return Section.root(ConfigFactory.parseString(text));
    }
}
