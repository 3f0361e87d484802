package org.coinflip.spark.train;

import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.DoubleAccumulator;
import org.apache.spark.util.LongAccumulator;
import org.coinflip.dl4j.Replicas;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.spark.api.TrainingHook;
import org.nd4j.linalg.dataset.api.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** Stands beside DL4J's workers: gives each the noise of its number, and adds up their losses and the time of their steps. */
final class Dl4jMeter implements TrainingHook {
    private static final long serialVersionUID = 1L;

    private final DoubleAccumulator lossSum;
    private final LongAccumulator nanos;
    private transient double penalty;
    private transient long began;

    Dl4jMeter(JavaSparkContext spark) {
        lossSum = spark.sc().doubleAccumulator();
        nanos = spark.sc().longAccumulator();
    }

    List<TrainingHook> asList() {
        return List.of(this);
    }

    /** Sum of the examples' losses, without the penalty on weights. */
    double lossSum() {
        return lossSum.sum();
    }

    /** Time spent in steps, summed over workers. */
    long nanos() {
        return nanos.sum();
    }

    @Override
    public void preUpdate(DataSet batch, Model model) {
        MultiLayerNetwork network = (MultiLayerNetwork) model;
        Replicas.number(network, TaskContext.getPartitionId());
        penalty = network.calcRegularizationScore(true);
        began = System.nanoTime();
    }

    @Override
    public void postUpdate(DataSet batch, Model model) {
        nanos.add(System.nanoTime() - began);
        lossSum.add(batch.numExamples() * (model.score() - penalty));
    }

    @Override
    public void preUpdate(MultiDataSet batch, Model model) {
        throw new UnsupportedOperationException("networks of one input and one output are trained");
    }

    @Override
    public void postUpdate(MultiDataSet batch, Model model) {
        throw new UnsupportedOperationException("networks of one input and one output are trained");
    }
}
