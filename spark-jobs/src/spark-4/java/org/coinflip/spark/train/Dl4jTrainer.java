package org.coinflip.spark.train;

import org.apache.spark.api.java.JavaSparkContext;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.training.TrainingSpec;
import org.coinflip.spark.experiment.AveragingSpec;
import org.coinflip.spark.round.Round;
import org.coinflip.spark.round.RoundPlan;
import org.coinflip.spark.round.Rounds;
import org.coinflip.spark.shard.Shards;
import org.coinflip.spark.state.StateVector;

/** Stands where the trainer of {@code backend = dl4j} stands, in builds for a Scala that {@code dl4j-spark} does not exist for: refuses. */
final class Dl4jTrainer implements Rounds {
    Dl4jTrainer(
            JavaSparkContext spark,
            Shards shards,
            Network network,
            TrainingSpec training,
            RoundPlan plan,
            State initial,
            long seed) {
        throw refusal();
    }

    /** Refuses. */
    static void check(Network network, TrainingSpec training, AveragingSpec averaging) {
        throw refusal();
    }

    private static UsageException refusal() {
        return new UsageException("backend: got dl4j, expected coinflip: DL4J's averaging exists for Scala 2.12 alone, and this"
                + " build is for another: take the build for Spark 3.5");
    }

    @Override
    public Round run(int round, double rateFactor) {
        throw refusal();
    }

    @Override
    public StateVector state() {
        throw refusal();
    }

    @Override
    public void close() {}
}
