package org.coinflip.data;

import java.io.Serializable;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.coinflip.data.source.ImageShape;
import org.coinflip.data.source.SourceFile;
import org.coinflip.model.transform.Transformation;

/**
 * What a data set is, whatever form it is read from.
 *
 * @param name the source's name: digits, mnist, idx, csv
 * @param width features an example
 * @param classes number of classes; labels are 0 … classes − 1
 * @param image how the features make a picture; {@link ImageShape#NONE} where they do not
 * @param splitSeed seed of the split
 * @param splits counts and class histogram of each split
 * @param sourceFiles the files that the examples were first read from
 * @param transformation what the source's features went through, fitted on the training split
 */
public record Description(
        String name,
        int width,
        int classes,
        ImageShape image,
        long splitSeed,
        Map<Split, SplitDescription> splits,
        List<SourceFile> sourceFiles,
        Transformation transformation)
        implements Serializable {
    public Description {
        if (name.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("got a name with control characters");
        }
        splits = Collections.unmodifiableMap(new EnumMap<>(splits));
        sourceFiles = List.copyOf(sourceFiles);
    }

    /** What is in one split. */
    public SplitDescription split(Split split) {
        return splits.get(split);
    }
}
