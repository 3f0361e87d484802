package org.coinflip.data;

import java.io.Serializable;
import java.util.List;
import org.coinflip.model.example.Examples;

/**
 * What is in one split.
 *
 * @param examples number of examples, at least 1
 * @param classHistogram examples of each class
 */
public record SplitDescription(int examples, List<Integer> classHistogram) implements Serializable {
    public SplitDescription {
        classHistogram = List.copyOf(classHistogram);
    }

    static SplitDescription of(Examples examples) {
        Integer[] histogram = new Integer[examples.classes()];
        java.util.Arrays.fill(histogram, 0);
        for (int i = 0; i < examples.size(); i++) {
            histogram[examples.label(i)]++;
        }
        return new SplitDescription(examples.size(), List.of(histogram));
    }
}
