package org.coinflip.data.source.file;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.coinflip.data.raw.HeapRoom;
import org.coinflip.data.raw.LabelType;
import org.coinflip.data.raw.Labels;
import org.coinflip.data.raw.RawExamples;
import org.coinflip.data.raw.Resolution;
import org.coinflip.model.error.DataException;

/**
 * The examples of some MAT-files together, all in one form.
 *
 * @param development examples that are split
 * @param test the test file's
 * @param classes what the labels say
 * @param unresolved where float32 does not tell values apart, in words
 */
public record MatExamples(
        RawExamples development, Optional<RawExamples> test, Labels.Classes classes, Optional<String> unresolved) {
    private static final int BYTE_MAXIMUM = 255;

    /**
     * Puts files together.
     *
     * @param files of one width; at least one
     * @param hasTest whether the last of them is the test file
     * @param declared number of classes; absent where the labels decide
     */
    public static MatExamples of(List<MatFile> files, boolean hasTest, OptionalInt declared, boolean isLabelled) {
        String path = files.get(0).path();
        List<MatMatrix> all = files.stream().map(MatFile::matrix).toList();
        int width = all.get(0).columns();
        long size = all.stream().mapToLong(MatMatrix::rows).sum();
        HeapRoom.require(path, size, width, "give smaller files");
        List<Labels> labels = files.stream().map(file -> labels(file, declared)).toList();
        Labels.Classes classes = isLabelled ? Labels.classes(labels, declared, path) : Labels.Classes.UNLABELLED;
        int ofDevelopment = files.size() - (hasTest ? 1 : 0);
        boolean areBits = all.stream().allMatch(MatMatrix::areBits);
        boolean areBytes = areBits || all.stream().allMatch(MatMatrix::isOfBytes);
        List<RawExamples> blocks = new ArrayList<>();
        long firstId = 0;
        for (int k = 0; k < files.size(); k++) {
            MatMatrix matrix = all.get(k);
            int[] own = classes.of(labels.get(k));
            blocks.add(
                    areBytes
                            ? RawExamples.ofBytes(
                                    width,
                                    firstId,
                                    own,
                                    bytes(matrix),
                                    areBits ? 1 : BYTE_MAXIMUM,
                                    files.get(k).path())
                            : RawExamples.ofFloats(width, firstId, own, floats(matrix)));
            firstId += matrix.rows();
        }
        return new MatExamples(
                ofDevelopment == 1 ? blocks.get(0) : RawExamples.merged(blocks.subList(0, ofDevelopment)),
                hasTest ? Optional.of(blocks.get(ofDevelopment)) : Optional.empty(),
                classes,
                areBytes ? Optional.empty() : unresolved(all, path, width));
    }

    private static Labels labels(MatFile file, OptionalInt declared) {
        int size = file.matrix().rows();
        if (file.labels().isEmpty()) {
            return Labels.none(size);
        }
        MatMatrix given = file.labels().get();
        if (Math.min(given.rows(), given.columns()) != 1 || given.length() != size) {
            throw new DataException(file.path() + ": got labels of " + given.rows() + " × " + given.columns()
                    + ", expected a row or a column of " + size + ", one for each example: correct"
                    + " data.label-variable");
        }
        Labels.Builder builder = new Labels.Builder(LabelType.NUMBERS, declared, 1);
        for (int i = 0; i < size; i++) {
            int example = i;
            double label = given.get(i);
            builder.add(
                    label,
                    expected -> new DataException(file.path() + ": example " + example + " has label " + label
                            + ", expected " + expected + ": correct the labels or data.classes"));
        }
        return builder.done();
    }

    private static byte[] bytes(MatMatrix matrix) {
        if (matrix.bytes() != null) {
            return matrix.bytes();
        }
        byte[] bytes = new byte[matrix.length()];
        for (int k = 0; k < bytes.length; k++) {
            bytes[k] = (byte) matrix.get(k);
        }
        return bytes;
    }

    private static float[] floats(MatMatrix matrix) {
        if (matrix.floats() != null) {
            return matrix.floats();
        }
        float[] floats = new float[matrix.length()];
        for (int k = 0; k < floats.length; k++) {
            floats[k] = matrix.get(k);
        }
        return floats;
    }

    private static Optional<String> unresolved(List<MatMatrix> all, String path, int width) {
        Resolution resolution = new Resolution(width);
        all.stream()
                .filter(matrix -> matrix.resolution() != null)
                .forEach(matrix -> resolution.see(matrix.resolution()));
        return resolution.lost(path, j -> "feature " + j);
    }
}
