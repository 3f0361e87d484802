package org.coinflip.data.source;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.coinflip.data.raw.ClassCount;
import org.coinflip.data.raw.ImageShape;
import org.coinflip.data.raw.RawExamples;
import org.coinflip.data.raw.SourceFile;
import org.coinflip.data.source.file.IdxFile;
import org.coinflip.data.source.file.SourceContent;
import org.coinflip.model.error.DataException;
import org.coinflip.model.example.Examples;

/**
 * A file of images and, where there is one, the file of their labels.
 *
 * @param image the shape of an image
 * @param examples what the files say together
 * @param files the files
 */
record IdxPair(ImageShape image, RawExamples examples, List<SourceFile> files) {
    static final String IMAGES = "an IDX file of images";
    static final String LABELS = "an IDX file of labels";

    /** Vectors or images, of bytes or floats. */
    private static final List<Integer> IMAGE_MAGICS = List.of(0x0803, 0x0802, 0x0D03, 0x0D02);

    /** Labels of 8, 16 or 32 bits. */
    private static final List<Integer> LABEL_MAGICS = List.of(0x0801, 0x0B01, 0x0C01);

    /**
     * Reads the files and holds them against each other.
     *
     * @param labelContent absent where the examples have no labels
     * @param classes number of classes, where it is known; labels are 0 … classes − 1
     * @param firstId id of the first example
     * @param byteMaximum the greatest value of a byte
     */
    static IdxPair of(
            SourceContent imageContent,
            Optional<SourceContent> labelContent,
            OptionalInt classes,
            long firstId,
            int byteMaximum) {
        IdxFile images = new IdxFile(imageContent, IMAGE_MAGICS, IMAGES);
        int[] read = new int[images.examples()];
        Arrays.fill(read, Examples.UNLABELLED);
        List<SourceFile> files = new ArrayList<>(List.of(imageContent.file()));
        if (labelContent.isPresent()) {
            SourceContent content = labelContent.get();
            IdxFile labels = new IdxFile(content, LABEL_MAGICS, LABELS);
            if (labels.examples() != images.examples()) {
                throw new DataException(content.path() + ": got " + labels.examples() + " labels, expected "
                        + images.examples() + ", one for each image of " + imageContent.path()
                        + ": give the two files of one data set");
            }
            read = labels(labels, content.path(), classes);
            files.add(content.file());
        }
        RawExamples examples = images.type() == IdxFile.BYTES
                ? RawExamples.ofBytes(images.width(), firstId, read, bytes(images), byteMaximum, imageContent.path())
                : RawExamples.ofFloats(images.width(), firstId, read, floats(images, imageContent.path()));
        return new IdxPair(images.image(), examples, files);
    }

    private static byte[] bytes(IdxFile images) {
        ByteBuffer values = images.values();
        byte[] bytes = new byte[values.remaining()];
        values.get(bytes);
        return bytes;
    }

    private static float[] floats(IdxFile images, String path) {
        ByteBuffer values = images.values();
        float[] floats = new float[values.remaining() / Float.BYTES];
        for (int k = 0; k < floats.length; k++) {
            floats[k] = values.getFloat();
            if (!Float.isFinite(floats[k])) {
                throw new DataException(path + ": example " + k / images.width() + " has feature " + k % images.width()
                        + " = " + floats[k] + ", expected a finite number: correct the file");
            }
        }
        return floats;
    }

    private static int[] labels(IdxFile file, String path, OptionalInt classes) {
        ByteBuffer values = file.values();
        int[] labels = new int[file.examples()];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = switch (file.type()) {
                case IdxFile.BYTES -> values.get() & 0xFF;
                case IdxFile.SHORTS -> values.getShort();
                default -> values.getInt();
            };
            if (!ClassCount.admits(classes, labels[i])) {
                throw new DataException(path + ": example " + i + " has label " + labels[i] + ", expected "
                        + ClassCount.expected(classes) + ": correct the labels or the number of classes");
            }
        }
        return labels;
    }
}
