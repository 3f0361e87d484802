package org.coinflip.data.source;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.coinflip.data.raw.ImageShape;
import org.coinflip.data.raw.RawData;
import org.coinflip.data.raw.RawExamples;
import org.coinflip.data.raw.SourceFile;
import org.coinflip.data.source.file.GzippedOrNot;
import org.coinflip.data.source.file.SourceContent;
import org.coinflip.data.source.file.StoredBytes;
import org.coinflip.model.error.DataException;
import org.coinflip.model.settings.Section;

/**
 * A folder with the files of CIFAR-10 or CIFAR-100 in their binary version (Krizhevsky 2009), each gzipped or not: 32 × 32 pixels of red, then green, then blue. Ids: the training
 * files' examples in the order of the files, then the test file's.
 *
 * @param path the folder, any Hadoop path
 * @param form which of the two, and which labels
 */
public record CifarSource(String path, Form form) implements RawSource {
    private static final ImageShape IMAGE = new ImageShape(32, 32, 3);

    /** Which labels are learned. */
    public enum Form {
        /** CIFAR-10, {@code data_batch_1.bin} to {@code data_batch_5.bin} and {@code test_batch.bin}. */
        TEN(10, 1, 0),
        /** The 100 classes of CIFAR-100, {@code train.bin} and {@code test.bin}. */
        FINE(100, 2, 1),
        /** The 20 groups of CIFAR-100's classes. */
        COARSE(20, 2, 0);

        private final int classes;
        private final int labelBytes;
        private final int label;

        Form(int classes, int labelBytes, int label) {
            this.classes = classes;
            this.labelBytes = labelBytes;
            this.label = label;
        }

        private List<String> training() {
            return this == TEN
                    ? IntStream.rangeClosed(1, 5)
                            .mapToObj(k -> "data_batch_" + k + ".bin")
                            .toList()
                    : List.of("train.bin");
        }

        private String test() {
            return this == TEN ? "test_batch.bin" : "test.bin";
        }
    }

    static CifarSource read(Section section) {
        return new CifarSource(section.text("path"), section.choice("form", Form.TEN));
    }

    @Override
    public SourceType type() {
        return SourceType.CIFAR;
    }

    @Override
    public Map<String, Object> keys() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("path", path);
        keys.put("form", Section.name(form));
        return keys;
    }

    @Override
    public boolean hasTestSet() {
        return true;
    }

    @Override
    public RawData read(Configuration conf) {
        Path folder = StoredBytes.path(path);
        List<SourceFile> files = new ArrayList<>();
        RawExamples training = examples(folder, form.training(), 0, files, conf);
        RawExamples test = examples(folder, List.of(form.test()), training.size(), files, conf);
        return new RawData("cifar", form.classes, IMAGE, training, Optional.of(test), files);
    }

    private RawExamples examples(
            Path folder, List<String> names, long firstId, List<SourceFile> files, Configuration conf) {
        List<SourceContent> contents = names.stream()
                .map(name -> SourceContent.read(
                        GzippedOrNot.file(folder, name, "the binary files of CIFAR", conf),
                        "a binary file of CIFAR",
                        conf))
                .toList();
        int width = (int) IMAGE.features();
        int size = contents.stream().mapToInt(this::size).sum();
        int[] labels = new int[size];
        byte[] pixels = new byte[Math.multiplyExact(size, width)];
        int next = 0;
        for (SourceContent content : contents) {
            byte[] bytes = content.bytes();
            for (int i = 0; i < size(content); i++, next++) {
                int start = i * (form.labelBytes + width);
                labels[next] = bytes[start + form.label] & 0xFF;
                if (labels[next] >= form.classes) {
                    throw new DataException(content.path() + ": example " + i + " has label " + labels[next]
                            + ", expected a label from 0 to " + (form.classes - 1)
                            + ": correct data.form, or fetch the file again");
                }
                System.arraycopy(bytes, start + form.labelBytes, pixels, next * width, width);
            }
            files.add(content.file());
        }
        return RawExamples.ofBytes(width, firstId, labels, pixels, 0xFF, path);
    }

    private int size(SourceContent content) {
        int each = form.labelBytes + (int) IMAGE.features();
        if (content.bytes().length % each != 0) {
            throw new DataException(content.path() + ": got " + content.bytes().length + " bytes, expected " + each
                    + " for each example: correct data.form, or fetch the file again");
        }
        return content.bytes().length / each;
    }
}
