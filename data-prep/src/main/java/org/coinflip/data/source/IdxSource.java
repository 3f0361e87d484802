package org.coinflip.data.source;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.coinflip.data.raw.ClassCount;
import org.coinflip.data.raw.Labels;
import org.coinflip.data.raw.RawData;
import org.coinflip.data.raw.RawExamples;
import org.coinflip.data.raw.SourceFile;
import org.coinflip.data.source.file.SourceContent;
import org.coinflip.model.error.DataException;
import org.coinflip.model.settings.Section;
import org.coinflip.model.transform.Naming;

/**
 * Pairs of IDX files, plain or gzipped; images alone where there are no labels. Ids count the development examples from 0 in file order, then the test examples.
 *
 * @param images path of the development images
 * @param labels path of their labels; absent where there are none
 * @param testImages path of the test images, where the source has its own test set
 * @param testLabels path of their labels; present with the test images only
 * @param classes number of classes; where absent, the labels that there are decide, see {@link ClassCount}
 */
public record IdxSource(
        String images,
        Optional<String> labels,
        Optional<String> testImages,
        Optional<String> testLabels,
        OptionalInt classes)
        implements RawSource {
    private static final int BYTE_MAXIMUM = 255;

    static IdxSource read(Section section) {
        String images = section.text("images");
        Optional<String> labels = section.optionalText("labels");
        if (section.has("test-images") != section.has("test-labels")) {
            String missing = section.has("test-images") ? "test-labels" : "test-images";
            throw section.wrong(missing, "a path: test-images and test-labels are given together or not at all");
        }
        if (labels.isEmpty() && section.has("test-images")) {
            throw section.wrong("test-images", "nothing: images without data.labels are no development examples");
        }
        return new IdxSource(
                images,
                labels,
                section.optionalText("test-images"),
                section.optionalText("test-labels"),
                ClassCount.read(section));
    }

    @Override
    public SourceType type() {
        return SourceType.IDX;
    }

    @Override
    public Map<String, Object> keys() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("images", images);
        labels.ifPresent(path -> keys.put("labels", path));
        testImages.ifPresent(path -> keys.put("test-images", path));
        testLabels.ifPresent(path -> keys.put("test-labels", path));
        classes.ifPresent(count -> keys.put("classes", count));
        return keys;
    }

    @Override
    public boolean hasTestSet() {
        return testImages.isPresent();
    }

    @Override
    public boolean isLabelled() {
        return labels.isPresent();
    }

    @Override
    public RawData read(Configuration conf) {
        return read("idx", conf);
    }

    RawData read(String name, Configuration conf) {
        IdxPair development = pair(images, labels, 0, conf);
        List<SourceFile> files = new ArrayList<>(development.files());
        Optional<RawExamples> test = Optional.empty();
        if (testImages.isPresent()) {
            IdxPair own =
                    pair(testImages.get(), testLabels, development.examples().size(), conf);
            requireSameForm(development, own);
            files.addAll(own.files());
            test = Optional.of(own.examples());
        }
        List<Labels> given = Stream.concat(Stream.of(development.examples()), test.stream())
                .map(examples -> Labels.of(examples.distinctLabels()))
                .toList();
        Labels.Classes found = isLabelled() ? Labels.classes(given, classes, images) : Labels.Classes.UNLABELLED;
        return new RawData(
                name,
                found.classes(),
                new Naming(List.of(), found.numbers()),
                Optional.empty(),
                development.image(),
                development.examples(),
                test,
                files);
    }

    private IdxPair pair(String imagePath, Optional<String> labelPath, long firstId, Configuration conf) {
        return IdxPair.of(
                SourceContent.read(imagePath, IdxPair.IMAGES, conf),
                labelPath.map(path -> SourceContent.read(path, IdxPair.LABELS, conf)),
                classes,
                firstId,
                BYTE_MAXIMUM);
    }

    private void requireSameForm(IdxPair development, IdxPair own) {
        RawExamples expected = development.examples();
        RawExamples got = own.examples();
        if (got.width() != expected.width()
                || got.features().form() != expected.features().form()
                || !own.image().equals(development.image())) {
            throw new DataException(testImages.orElseThrow() + ": got examples of " + form(got) + ", expected "
                    + form(expected) + " as in " + images + ": give two files of one data set");
        }
    }

    private static String form(RawExamples examples) {
        return examples.width() + " " + examples.features().form().name().toLowerCase(Locale.ROOT);
    }
}
