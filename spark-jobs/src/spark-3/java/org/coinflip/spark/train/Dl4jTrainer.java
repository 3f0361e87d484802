package org.coinflip.spark.train;

import java.util.Iterator;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.coinflip.dl4j.DataSets;
import org.coinflip.dl4j.NetworkConversion;
import org.coinflip.dl4j.Parameters;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.training.TrainingSpec;
import org.coinflip.model.training.WorkerOrder;
import org.coinflip.spark.experiment.AveragingSpec;
import org.coinflip.spark.round.Round;
import org.coinflip.spark.round.RoundPlan;
import org.coinflip.spark.round.RoundResult;
import org.coinflip.spark.round.RoundTimes;
import org.coinflip.spark.round.Rounds;
import org.coinflip.spark.round.WorkTimes;
import org.coinflip.spark.shard.Shards;
import org.coinflip.spark.state.StateVector;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The same rounds with DL4J: the network as DL4J's, from the same initial parameters, every worker's examples in the same order, averaged by
 * {@code ParameterAveragingTrainingMaster}. Where shards are equal and descent is plain its parameters are those of {@link
 * AveragingTrainer} but for rounding. DL4J adds the workers up as they arrive: with three or more, the last bits differ from run to run.
 *
 * <p>The updater's memory stays in DL4J's network: in {@link #state} it is zero, {@link #memory} has it.
 */
final class Dl4jTrainer implements Rounds {
    private static final String UPDATER = "dl4j.updater";

    private final JavaSparkContext spark;
    private final Shards shards;
    private final RoundPlan plan;
    private final int batch;
    private final long seed;
    private final MultiLayerNetwork network;
    private final State scratch;
    private StateVector state;

    Dl4jTrainer(
            JavaSparkContext spark,
            Shards shards,
            Network network,
            TrainingSpec training,
            RoundPlan plan,
            State initial,
            long seed) {
        this.spark = spark;
        this.shards = shards;
        this.plan = plan;
        this.batch = training.batch();
        this.seed = seed;
        this.network = new MultiLayerNetwork(
                new NetworkConversion(network.spec(), training, plan.stepsPerEpoch()).configuration(seed));
        this.network.init();
        Parameters.copy(initial, this.network);
        this.scratch = new State(initial.layout());
        this.state = StateVector.of(initial);
    }

    /** Refuses a network or a training that DL4J has no counterpart of. */
    static void check(Network network, TrainingSpec training, AveragingSpec averaging) {
        if (!averaging.isPlain()) {
            throw new UsageException(
                    "averaging: got outer or updater-state, expected plain averaging with backend = dl4j:"
                            + " remove them, or take backend = coinflip");
        }
        new NetworkConversion(network.spec(), training, 1).configuration(0);
    }

    @Override
    public Round run(int round, double rateFactor) {
        long began = System.nanoTime();
        Dl4jMeter meter = new Dl4jMeter(spark);
        network.setIterationCount(plan.epoch(round) * plan.stepsPerEpoch() + plan.firstStep(round));
        int steps = plan.endStep(round) - plan.firstStep(round);
        Dl4jRoundMaster master = new Dl4jRoundMaster(shards.workers(), batch, steps, seed, meter);
        new SparkDl4jMultiLayer(spark, network, master).fit(batches(round));
        Parameters.copy(network, scratch);
        String divergence = Double.isFinite(meter.lossSum()) && scratch.isFinite()
                ? null
                : "round " + (round + 1)
                        + ": training diverged: a loss or a parameter is no longer finite, expected finite numbers:"
                        + " lower training.updater.learning-rate";
        if (divergence == null) {
            state = StateVector.of(scratch);
        }
        RoundResult result = new RoundResult(
                divergence == null ? scratch.values() : null,
                taken(round, 1),
                taken(round, batch),
                meter.lossSum(),
                new WorkTimes(0, meter.nanos(), 0),
                divergence);
        long wall = System.nanoTime() - began;
        return new Round(round, result, RoundTimes.ofSteps(meter.nanos(), wall, shards.workers()));
    }

    /** Examples of all workers in a round, by so many at a time: with 1 their number, with a batch the steps. */
    private long taken(int round, int at) {
        return IntStream.of(shards.sizes())
                .mapToLong(size -> {
                    long first = Math.min(size, (long) plan.firstStep(round) * batch);
                    long end = Math.min(size, (long) plan.endStep(round) * batch);
                    return (end - first + at - 1) / at;
                })
                .sum();
    }

    /** Every worker's batches of a round, a partition for a worker, made where they are trained on. */
    private JavaRDD<DataSet> batches(int round) {
        RoundPlan rounds = plan;
        int size = batch;
        long orders = seed;
        return shards.rdd().mapPartitions(blocks -> {
            if (!blocks.hasNext()) {
                return java.util.Collections.emptyIterator();
            }
            return batches(blocks.next(), rounds, round, size, orders);
        });
    }

    private static Iterator<DataSet> batches(Shards.Shard shard, RoundPlan plan, int round, int batch, long seed) {
        WorkerOrder order = new WorkerOrder(
                seed, plan.epoch(round), shard.worker(), shard.examples().size(), batch);
        int[] places = new int[batch];
        return IntStream.range(plan.firstStep(round), plan.endStep(round))
                .filter(step -> order.places(step, places) > 0)
                .mapToObj(step -> {
                    int count = order.places(step, places);
                    return DataSets.of(shard.examples().bring(places, count), places, count);
                })
                .iterator();
    }

    @Override
    public StateVector state() {
        return state;
    }

    @Override
    public Map<String, float[]> memory() {
        INDArray updater = network.getUpdater().getStateViewArray();
        return updater == null ? Map.of() : Map.of(UPDATER, updater.toFloatVector());
    }

    @Override
    public void restore(Map<String, float[]> vectors) {
        float[] updater = vectors.get(UPDATER);
        if (updater != null) {
            network.getUpdater()
                    .setStateViewArray(network, Nd4j.createFromArray(updater).reshape(1, updater.length), false);
        }
    }

    @Override
    public void close() {
        network.close();
        shards.close();
    }
}
