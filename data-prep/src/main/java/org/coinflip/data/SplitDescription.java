package org.coinflip.data;

import java.io.Serializable;
import java.util.List;
import org.coinflip.model.example.Examples;

/**
 * What is in one split.
 *
 * @param examples number of examples, at least 1
 * @param classHistogram examples of each class; empty where there are none
 */
public record SplitDescription(int examples, List<Integer> classHistogram) implements Serializable {
    public SplitDescription {
        classHistogram = List.copyOf(classHistogram);
    }

    static SplitDescription of(Examples examples) {
        return of(List.of(new MemoryShard(examples)), examples.classes());
    }

    /** Reads shards one after another. */
    static SplitDescription of(List<ExampleShard> shards, int classes) {
        Integer[] histogram = new Integer[classes];
        java.util.Arrays.fill(histogram, 0);
        int count = 0;
        for (ExampleShard shard : shards) {
            Examples examples = shard.read();
            for (int i = 0; i < examples.size() && examples.isLabelled(); i++) {
                histogram[examples.label(i)]++;
            }
            count += examples.size();
        }
        return new SplitDescription(count, List.of(histogram));
    }
}
