package org.coinflip.spark.train;

import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.storage.StorageLevel;
import org.coinflip.data.Dataset;
import org.coinflip.data.ExampleShard;
import org.coinflip.data.Split;
import org.coinflip.model.example.Examples;
import org.coinflip.model.measure.MeasurePlan;
import org.coinflip.spark.evaluation.Assessor;
import org.coinflip.spark.evaluation.Validation;
import org.coinflip.spark.experiment.ExampleStorage;
import org.coinflip.spark.experiment.Experiment;
import org.coinflip.spark.preflight.Slots;
import org.coinflip.spark.shard.SentShards;
import org.coinflip.spark.shard.Shards;
import org.coinflip.spark.shard.Storage;
import org.coinflip.spark.shard.StoredExamples;

/** The splits of a training on the executors: in memory where they fit, in files where they do not. */
final class TrainingExamples {
    private final JavaSparkContext spark;
    private final Experiment experiment;
    private final Dataset data;
    private final int slots;
    private final boolean isTrainInFiles;
    private final boolean isValidInFiles;

    TrainingExamples(JavaSparkContext spark, Experiment experiment, Dataset data) {
        this.spark = spark;
        this.experiment = experiment;
        this.data = data;
        this.slots = Slots.of(spark);
        this.isTrainInFiles = inFiles(experiment.averaging().storage(), Split.TRAIN);
        this.isValidInFiles = inFiles(ExampleStorage.AUTO, Split.VALID);
    }

    private boolean inFiles(ExampleStorage wanted, Split split) {
        return Storage.inFiles(spark, wanted, data.shards(split));
    }

    /** Tasks that run at once. */
    int slots() {
        return slots;
    }

    /**
     * Gives each worker its training examples.
     *
     * @param areWorkersPartitions whether each worker is a partition of its own, as DL4J takes them
     */
    Shards distribute(boolean areWorkersPartitions) {
        int workers = experiment.averaging().workers();
        int partitions = experiment.averaging().partitions();
        JavaRDD<Examples> train = blocks(Split.TRAIN, partitions == 0 ? slots : partitions);
        int tasks = areWorkersPartitions ? workers : slots;
        return isTrainInFiles
                ? Shards.distributeToFiles(train, workers, experiment.seed(), tasks, StoredExamples.BLOCK_BYTES)
                : Shards.distribute(train, workers, experiment.seed(), tasks);
    }

    /** The validation split for jobs that look at it again and again. */
    JavaRDD<Examples> validation() {
        JavaRDD<Examples> valid = blocks(Split.VALID, slots);
        return isValidInFiles ? valid : valid.persist(StorageLevel.MEMORY_AND_DISK());
    }

    /** The validation split for rounds that look at it themselves. */
    Validation validation(Assessor assessor, MeasurePlan looks) {
        return new Validation(assessor, data.shards(Split.VALID), !isValidInFiles, looks);
    }

    /** The examples of the test split, read where they are used. */
    JavaRDD<Examples> test() {
        return blocks(Split.TEST, slots);
    }

    /** The first examples of the validation split, for the driver. */
    Examples probe() {
        return data.shards(Split.VALID).get(0).read();
    }

    private JavaRDD<Examples> blocks(Split split, int partitions) {
        return SentShards.of(spark, data.shards(split), Math.max(1, partitions)).map(ExampleShard::read);
    }
}
