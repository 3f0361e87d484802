package org.coinflip.data.raw;

import java.util.List;
import java.util.Optional;
import org.coinflip.model.error.DataException;
import org.coinflip.model.transform.Naming;

/**
 * Everything a source holds.
 *
 * @param name the data's name, for reports
 * @param classes number of classes, of {@link Naming#labels} where there are any, else of labels 0 … classes − 1. 0 without labels
 * @param naming what the source calls features and classes
 * @param unresolved where float32 does not tell values of a feature apart, in words; no network is fitted to such data
 * @param image shape of an example that is a picture
 * @param development the examples that are split
 * @param test the source's own test examples, never mixed with the others; ids go on after the development examples'
 * @param files the files they were read from
 * @param splitKeys what the development examples are split by, where it is not their ids
 * @param idTexts what ids are called, where they are texts
 */
public record RawData(
        String name,
        int classes,
        Naming naming,
        Optional<String> unresolved,
        ImageShape image,
        RawExamples development,
        Optional<RawExamples> test,
        List<SourceFile> files,
        Optional<SplitKeys> splitKeys,
        IdTexts idTexts) {
    public RawData {
        files = List.copyOf(files);
    }

    /** Data that are split by their ids. */
    public RawData(
            String name,
            int classes,
            Naming naming,
            Optional<String> unresolved,
            ImageShape image,
            RawExamples development,
            Optional<RawExamples> test,
            List<SourceFile> files) {
        this(name, classes, naming, unresolved, image, development, test, files, Optional.empty(), IdTexts.NONE);
    }

    /** Data whose features have places only and whose labels are the classes' numbers. */
    public RawData(
            String name,
            int classes,
            ImageShape image,
            RawExamples development,
            Optional<RawExamples> test,
            List<SourceFile> files) {
        this(name, classes, Naming.NONE, Optional.empty(), image, development, test, files);
    }

    /**
     * Refuses data that no network can be fitted to.
     *
     * @param declared whether the user says how many classes there are
     * @throws DataException where there are no classes to learn, or float32 does not tell values apart
     */
    public void requireLearnable(boolean declared) {
        ClassCount.requireLearnable(this, declared);
        unresolved.ifPresent(where -> {
            throw new DataException(where);
        });
    }

    /** The same of other files. */
    public RawData withFiles(List<SourceFile> others) {
        return new RawData(name, classes, naming, unresolved, image, development, test, others, splitKeys, idTexts);
    }

    /** Number of examples, the source's own test examples included. */
    public int examples() {
        return development.size() + test.map(RawExamples::size).orElse(0);
    }
}
