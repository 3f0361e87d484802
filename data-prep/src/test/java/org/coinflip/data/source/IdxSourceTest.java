package org.coinflip.data.source;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.hadoop.conf.Configuration;
import org.coinflip.data.IdxBytes;
import org.coinflip.data.OneLine;
import org.coinflip.data.raw.ImageShape;
import org.coinflip.data.raw.RawData;
import org.coinflip.data.raw.RawExamples;
import org.coinflip.model.example.ByteFeatures;
import org.coinflip.model.example.Examples;
import org.coinflip.model.example.Features;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxSourceTest {
    private static final byte[] IMAGES = IdxBytes.images(5, 2, 3);
    private static final byte[] LABELS = IdxBytes.labels(5, 3);

    @TempDir
    Path folder;

    @Test
    void readsImagesAndLabelsPlainAndGzipped() {
        for (RawData data : new RawData[] {
            read(IMAGES, LABELS, OptionalInt.empty()),
            read(IdxBytes.gzip(IMAGES), IdxBytes.gzip(LABELS), OptionalInt.empty())
        }) {
            RawExamples examples = data.development();
            assertEquals(new ImageShape(2, 3), data.image());
            assertEquals(3, data.classes());
            assertEquals(5, examples.size());
            assertEquals(255, examples.byteMaximum());
            assertArrayEquals(
                    Arrays.copyOfRange(IMAGES, 16, IMAGES.length), ((ByteFeatures) examples.features()).bytes());
            assertEquals(4, examples.id(4));
            assertEquals(1, examples.label(4));
            assertEquals(2, data.files().size());
        }
    }

    @Test
    void readsImagesAlone() {
        String images = IdxBytes.write(folder, "images", IMAGES);
        RawData data = new IdxSource(images, Optional.empty(), Optional.empty(), Optional.empty(), OptionalInt.empty())
                .read(new Configuration());
        assertEquals(5, data.development().size());
        assertEquals(Examples.UNLABELLED, data.development().label(4));
        assertEquals(1, data.files().size());
    }

    @Test
    void readsLabelsOfSixteenAndThirtyTwoBits() {
        byte[] shorts = IdxBytes.file(
                0x0B01,
                new int[] {5},
                ByteBuffer.allocate(10).putShort((short) 260).array());
        byte[] ints = IdxBytes.file(
                0x0C01, new int[] {5}, ByteBuffer.allocate(20).putInt(260).array());
        assertEquals(
                260, read(IMAGES, shorts, OptionalInt.empty()).development().label(0));
        assertEquals(
                List.of(0, 260),
                read(IMAGES, ints, OptionalInt.empty()).naming().labels());
    }

    @Test
    void readsVectorsOfFloats() {
        byte[] values = ByteBuffer.allocate(40).putFloat(0.5f).putFloat(-3e8f).array();
        RawData data = read(IdxBytes.file(0x0D02, new int[] {5, 2}, values), LABELS, OptionalInt.empty());
        assertEquals(Features.Form.FLOATS, data.development().features().form());
        assertEquals(ImageShape.NONE, data.image());
        assertEquals(-3e8f, data.development().features().get(0, 1));
    }

    @Test
    void refusesAFloatThatIsNotFinite() {
        byte[] values = ByteBuffer.allocate(40).putFloat(12, Float.NaN).array();
        OneLine.ofData(
                () -> read(IdxBytes.file(0x0D02, new int[] {5, 2}, values), LABELS, OptionalInt.empty()),
                "images: example 1 has feature 1 = NaN, expected a finite number");
    }

    @Test
    void refusesAWrongMagicNumberAndNamesIt() {
        OneLine.ofData(
                () -> read(LABELS, LABELS, OptionalInt.empty()),
                "images: got the magic number 0x00000801 (2049), expected 0x00000803 (2051)",
                "an IDX file of images");
        OneLine.ofData(
                () -> read(IMAGES, IMAGES, OptionalInt.empty()),
                "labels: got the magic number 0x00000803 (2051), expected 0x00000801 (2049)");
    }

    @Test
    void refusesACountThatDisagreesWithTheLength() {
        OneLine.ofData(
                () -> read(Arrays.copyOf(IMAGES, IMAGES.length - 1), LABELS, OptionalInt.empty()),
                "images: got 45 bytes, expected 46 for 5 examples");
        OneLine.ofData(
                () -> read(Arrays.copyOf(IMAGES, IMAGES.length + 1), LABELS, OptionalInt.empty()),
                "images: got 47 bytes, expected 46 for 5 examples");
        OneLine.ofData(
                () -> read(Arrays.copyOf(IMAGES, 9), LABELS, OptionalInt.empty()), "got 9 bytes", "header of 16");
        OneLine.ofData(() -> read(new byte[] {0, 0}, LABELS, OptionalInt.empty()), "images: got 2 bytes, expected");
    }

    @Test
    void refusesSizesThatOverflow() {
        byte[] huge = IdxBytes.file(0x0803, new int[] {Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE});
        OneLine.ofData(() -> read(huge, LABELS, OptionalInt.empty()), "images: got 16 bytes, expected");
        byte[] negative = IdxBytes.file(0x0803, new int[] {-1, 2, 3});
        OneLine.ofData(() -> read(negative, LABELS, OptionalInt.empty()), "got size 4294967295 in dimension 0");
    }

    @Test
    void refusesAFileOfNoExamples() {
        OneLine.ofData(
                () -> read(IdxBytes.images(0, 2, 3), LABELS, OptionalInt.empty()),
                "images: got size 0 in dimension 0",
                "no examples");
    }

    @Test
    void refusesAnotherNumberOfLabelsThanImages() {
        OneLine.ofData(
                () -> read(IMAGES, IdxBytes.labels(4, 3), OptionalInt.empty()),
                "labels: got 4 labels, expected 5, one for each image of",
                "images");
    }

    @Test
    void refusesALabelOutsideTheClasses() {
        OneLine.ofData(
                () -> read(IMAGES, LABELS, OptionalInt.of(2)),
                "labels: example 2 has label 2, expected a label from 0 to 1");
        byte[] negative = IdxBytes.file(
                0x0B01,
                new int[] {5},
                ByteBuffer.allocate(10).putShort((short) -256).array());
        OneLine.ofData(() -> read(IMAGES, negative, OptionalInt.empty()), "example 0 has label -256");
    }

    @Test
    void takesLabelsThatAreNotTheClassesNumbersForClassesInTheirOrder() {
        byte[] oneAndTwo = IdxBytes.file(0x0801, new int[] {5}, new byte[] {2, 1, 1, 2, 1});
        RawData data = read(IMAGES, oneAndTwo, OptionalInt.empty());
        assertEquals(2, data.classes());
        assertEquals(List.of(1, 2), data.naming().labels());
        assertEquals(
                List.of(), read(IMAGES, oneAndTwo, OptionalInt.of(3)).naming().labels());
    }

    @Test
    void refusesTestImagesOfAnotherForm() {
        String images = IdxBytes.write(folder, "images", IMAGES);
        String labels = IdxBytes.write(folder, "labels", LABELS);
        String testImages = IdxBytes.write(folder, "test-images", IdxBytes.images(5, 3, 3));
        IdxSource source = new IdxSource(
                images, Optional.of(labels), Optional.of(testImages), Optional.of(labels), OptionalInt.empty());
        OneLine.ofData(
                () -> source.read(new Configuration()), "test-images: got examples of 9 bytes, expected 6 bytes as in");
    }

    private RawData read(byte[] images, byte[] labels, OptionalInt classes) {
        String imagePath = IdxBytes.write(folder, "images", images);
        String labelPath = IdxBytes.write(folder, "labels", labels);
        return new IdxSource(imagePath, Optional.of(labelPath), Optional.empty(), Optional.empty(), classes)
                .read(new Configuration());
    }
}
