package org.coinflip.spark.train;

import org.apache.spark.api.java.JavaRDD;
import org.deeplearning4j.spark.api.RDDTrainingApproach;
import org.deeplearning4j.spark.api.Repartition;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingMaster;
import org.nd4j.linalg.dataset.DataSet;

/**
 * DL4J's averaging of one round, whose batches are there already, a partition for a worker: nothing is repartitioned, exported or
 * cached. The mean of the workers' parameters, and of their updaters' memory, is DL4J's: not weighted by examples.
 */
final class Dl4jRoundMaster extends ParameterAveragingTrainingMaster {
    private static final long serialVersionUID = 1L;

    /**
     * @param batch examples of a batch
     * @param steps the most batches of a worker
     */
    Dl4jRoundMaster(int workers, int batch, int steps, long seed, Dl4jMeter meter) {
        super(new Builder(workers, batch)
                .batchSizePerWorker(batch)
                .averagingFrequency(steps)
                .workerPrefetchNumBatches(0)
                .saveUpdater(true)
                .repartionData(Repartition.Never)
                .rddTrainingApproach(RDDTrainingApproach.Direct)
                .storageLevel(null)
                .rngSeed(seed)
                .trainingHooks(meter.asList()));
    }

    /** The round is one split. DL4J would count its batches first, which makes all of them once more, and cut them at random. */
    @Override
    public void executeTraining(SparkDl4jMultiLayer network, JavaRDD<DataSet> batches) {
        doIteration(network, batches, 1, 1);
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
