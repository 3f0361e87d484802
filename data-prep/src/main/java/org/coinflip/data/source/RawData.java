package org.coinflip.data.source;

import java.util.List;
import java.util.Optional;

/**
 * Everything a source holds.
 *
 * @param name the data's name, for reports
 * @param classes number of classes, at least 2; labels are 0 … classes − 1. Without labels what the source declares, or 0
 * @param image shape of an example that is a picture
 * @param development the examples that are split
 * @param test the source's own test examples, never mixed with the others; ids go on after the development examples'
 * @param files the files they were read from
 */
public record RawData(
        String name,
        int classes,
        ImageShape image,
        RawExamples development,
        Optional<RawExamples> test,
        List<SourceFile> files) {
    public RawData {
        files = List.copyOf(files);
    }
}
