package org.coinflip.spark.sweep.trial;

import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.coinflip.data.Dataset;
import org.coinflip.data.ExampleShard;
import org.coinflip.data.Split;
import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.KernelChoice;
import org.coinflip.model.layer.FeatureShape;
import org.coinflip.spark.shard.LocalShards;

/**
 * The examples of trials, broadcast: read and parted among workers once in a process, then shared by its trials.
 */
public final class TrialData implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Partings kept; each is as large as the training split. Trials of one sweep mostly differ in few seeds and numbers of workers. */
    private static final int PARTINGS = 4;

    private final List<ExampleShard> train;
    private final List<ExampleShard> valid;
    private final List<ExampleShard> test;
    private final FeatureShape shape;
    private final KernelChoice kernels;
    private transient Examples trainExamples;
    private transient Examples validExamples;
    private transient Examples testExamples;
    private transient Map<Parting, LocalShards> partings;

    private record Parting(int workers, long seed) {}

    /** @param kernels what all trials compute with */
    public TrialData(Dataset data, KernelChoice kernels) {
        this.kernels = kernels;
        this.shape = data.description().shape();
        this.train = List.copyOf(data.shards(Split.TRAIN));
        this.valid = List.copyOf(data.shards(Split.VALID));
        this.test = List.copyOf(data.shards(Split.TEST));
    }

    /** How features make pictures. */
    public FeatureShape shape() {
        return shape;
    }

    /** What all trials compute with. */
    public KernelChoice kernels() {
        return kernels;
    }

    /** The training split, still in its shards. */
    public List<ExampleShard> train() {
        return train;
    }

    /** The training examples of so many workers. */
    synchronized LocalShards shards(int workers, long seed) {
        if (partings == null) {
            trainExamples = read(train);
            partings = new LinkedHashMap<>(PARTINGS * 2, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<Parting, LocalShards> eldest) {
                    return size() > PARTINGS;
                }
            };
        }
        return partings.computeIfAbsent(
                new Parting(workers, seed), parting -> new LocalShards(trainExamples, workers, seed));
    }

    /** The validation split. */
    public synchronized Examples valid() {
        if (validExamples == null) {
            validExamples = read(valid);
        }
        return validExamples;
    }

    /** The test split. */
    public synchronized Examples test() {
        if (testExamples == null) {
            testExamples = read(test);
        }
        return testExamples;
    }

    private static Examples read(List<ExampleShard> shards) {
        return Examples.concatenate(shards.stream().map(ExampleShard::read).toList());
    }
}
