package org.coinflip.data;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.coinflip.data.raw.ImageShape;
import org.coinflip.data.raw.RawData;
import org.coinflip.data.raw.RawExamples;
import org.coinflip.data.source.PreparedSource;
import org.coinflip.data.source.RawSource;
import org.coinflip.data.source.SyntheticSource;
import org.coinflip.data.source.TableSource;
import org.coinflip.data.table.Reading;
import org.coinflip.data.transform.TrainingExamples;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.example.Examples;
import org.coinflip.model.transform.Transformation;

/**
 * A data set that was found, checked, split and scaled. Raw sources are read whole at once; of prepared data the manifest is read, and a
 * shard only where it is used; synthetic shards are made where they are used. All give the same examples. Without labels they are of no classes: for networks that learn none. Immutable.
 */
public final class Dataset {
    private final Description description;
    private final Map<Split, List<ExampleShard>> shards;

    Dataset(Description description, Map<Split, List<ExampleShard>> shards) {
        this.description = description;
        this.shards = Collections.unmodifiableMap(new EnumMap<>(shards));
    }

    /**
     * Opens what a section {@code data { … }} says.
     *
     * @param conf settings of the Hadoop file systems, not modified
     * @throws org.coinflip.model.error.DataException where data is missing, damaged or not what it should be
     * @throws UsageException where the splits do not fit the data, or class weights the classes
     */
    public static Dataset open(DataSpec spec, Configuration conf) {
        if (spec.source() instanceof PreparedSource prepared) {
            return PreparedDirectory.open(prepared.path(), conf);
        }
        if (spec.source() instanceof SyntheticSource synthetic) {
            return SyntheticShard.dataset(synthetic);
        }
        RawSource source = (RawSource) spec.source();
        SplitSizes sizes = spec.split().orElseThrow();
        RawData data =
                source instanceof TableSource table ? table.read(Reading.toTrain(sizes.by()), conf) : source.read(conf);
        data.requireLearnable(source.keys().containsKey("classes"));
        Map<Split, int[]> places = sizes.assign(source, data);
        Transformation transformation =
                spec.fit().fit(TrainingExamples.of(data.development(), places.get(Split.TRAIN)), data.naming());
        Weights weights = new Weights(data, places.get(Split.TRAIN), spec.classWeights());
        Map<Split, SplitDescription> splits = new EnumMap<>(Split.class);
        Map<Split, List<ExampleShard>> shards = new EnumMap<>(Split.class);
        for (Split split : Split.values()) {
            RawExamples raw = split == Split.TEST ? data.test().orElse(data.development()) : data.development();
            Examples examples = weights.of(transformation.apply(raw, places.get(split), data.classes()), split);
            splits.put(split, SplitDescription.of(examples));
            shards.put(split, MemoryShard.shards(examples));
        }
        Description description = new Description(
                data.name(),
                transformation.width(),
                data.classes(),
                transformation.projection().applies() ? ImageShape.NONE : data.image(),
                sizes.seed(),
                splits,
                data.files(),
                transformation,
                weights.sha256(),
                unused(data, places));
        return new Dataset(description, shards);
    }

    /** How many examples of a source are in none of its splits. */
    static int unused(RawData data, Map<Split, int[]> places) {
        return data.examples()
                - places.values().stream().mapToInt(split -> split.length).sum();
    }

    public Description description() {
        return description;
    }

    /** The shards of a split, in ascending order of ids; together all its examples. */
    public List<ExampleShard> shards(Split split) {
        return shards.get(split);
    }

    /** A whole split in memory, in ascending order of ids. */
    public Examples examples(Split split) {
        return Examples.concatenate(
                shards(split).stream().map(ExampleShard::read).toList());
    }
}
