package org.coinflip.data;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.coinflip.data.raw.ImageShape;
import org.coinflip.data.raw.SourceFile;
import org.coinflip.model.layer.FeatureShape;
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
 * @param weightsSha256 checksum of what the training examples count for; empty where they count alike
 * @param unused how many of the source's examples are in no split, by the sizes of the splits
 */
public record Description(
        String name,
        int width,
        int classes,
        ImageShape image,
        long splitSeed,
        Map<Split, SplitDescription> splits,
        List<SourceFile> sourceFiles,
        Transformation transformation,
        String weightsSha256,
        int unused)
        implements Serializable {
    private static final int LISTED = 10;

    public Description {
        if (name.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("got a name with control characters");
        }
        splits = Collections.unmodifiableMap(new EnumMap<>(splits));
        sourceFiles = List.copyOf(sourceFiles);
    }

    /** Of examples that count alike and are all in a split. */
    public Description(
            String name,
            int width,
            int classes,
            ImageShape image,
            long splitSeed,
            Map<Split, SplitDescription> splits,
            List<SourceFile> sourceFiles,
            Transformation transformation) {
        this(name, width, classes, image, splitSeed, splits, sourceFiles, transformation, "", 0);
    }

    /** How the features make pictures, for layers that read them as such. */
    public FeatureShape shape() {
        return image.features() == width
                ? FeatureShape.pictures(image.rows(), image.columns(), image.planes())
                : FeatureShape.flat(width);
    }

    /** What the user should know before a network is trained on the data, a line each. */
    public List<String> notes() {
        List<String> notes = new ArrayList<>();
        if (classes > 0) {
            transformation.naming().note().ifPresent(notes::add);
        }
        List<Integer> histogram = split(Split.TRAIN).classHistogram();
        List<String> missing = IntStream.range(0, histogram.size())
                .filter(category -> histogram.get(category) == 0)
                .mapToObj(transformation.naming()::called)
                .toList();
        if (!missing.isEmpty()) {
            notes.add(
                    "no training example has the label "
                            + missing.stream().limit(LISTED).collect(Collectors.joining(", "))
                            + (missing.size() > LISTED ? ", …" : "") + ": " + missing.size() + " of " + classes
                            + " classes cannot be learned; data.split.stratified = true gives each split its part of each class");
        }
        if (unused > 0) {
            notes.add(unused + " examples are in no split, by the sizes that data.split gives");
        }
        return notes;
    }

    /** What is in one split. */
    public SplitDescription split(Split split) {
        return splits.get(split);
    }
}
