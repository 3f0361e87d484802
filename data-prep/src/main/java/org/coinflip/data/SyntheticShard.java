package org.coinflip.data;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.coinflip.data.parquet.ExampleSchema;
import org.coinflip.data.raw.ImageShape;
import org.coinflip.data.source.SyntheticSource;
import org.coinflip.model.example.Examples;
import org.coinflip.model.example.Features;
import org.coinflip.model.transform.Binarisation;
import org.coinflip.model.transform.Scaling;
import org.coinflip.model.transform.Transformation;

/**
 * A part of a synthetic split, made anew wherever it is read.
 *
 * @param source what it is a part of
 * @param firstId id of its first example
 * @param size number of examples, whose ids go on from there
 */
record SyntheticShard(SyntheticSource source, long firstId, int size) implements ExampleShard {
    private static final int BYTE_MAXIMUM = 255;
    /** Bytes of a shard: it is held whole where it is read. */
    private static final int MOST_BYTES = 4 << 20;

    @Override
    public ExampleSchema schema() {
        return new ExampleSchema(Features.Form.BYTES, 0, false);
    }

    @Override
    public long featureBytes() {
        return (long) size * source.features();
    }

    @Override
    public Examples read() {
        return source.examples(firstId, size, transformation(source).keptScale());
    }

    /** Makes every example once, for the histograms of the labels, and keeps none. */
    static Dataset dataset(SyntheticSource source) {
        Map<Split, SplitDescription> splits = new EnumMap<>(Split.class);
        Map<Split, List<ExampleShard>> shards = new EnumMap<>(Split.class);
        shards.put(Split.TEST, shards(source, 0, source.test()));
        shards.put(Split.VALID, shards(source, source.test(), source.valid()));
        shards.put(Split.TRAIN, shards(source, (long) source.test() + source.valid(), source.train()));
        shards.forEach((split, ofSplit) -> splits.put(split, SplitDescription.of(ofSplit, source.classes())));
        Description description = new Description(
                "synthetic",
                source.features(),
                source.classes(),
                ImageShape.NONE,
                source.seed(),
                splits,
                List.of(source.file()),
                transformation(source));
        return new Dataset(description, shards);
    }

    private static List<ExampleShard> shards(SyntheticSource source, long firstId, int examples) {
        int most = Math.max(1, MOST_BYTES / source.features());
        List<ExampleShard> shards = new ArrayList<>();
        for (int from = 0; from < examples; from += most) {
            shards.add(new SyntheticShard(source, firstId + from, Math.min(most, examples - from)));
        }
        return shards;
    }

    private static Transformation transformation(SyntheticSource source) {
        return new Transformation(
                Scaling.UNIT,
                Binarisation.NONE,
                Collections.nCopies(source.features(), 1f / BYTE_MAXIMUM),
                Collections.nCopies(source.features(), 0f));
    }
}
