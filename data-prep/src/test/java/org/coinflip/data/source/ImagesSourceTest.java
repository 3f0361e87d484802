package org.coinflip.data.source;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import org.apache.hadoop.conf.Configuration;
import org.coinflip.data.IdxBytes;
import org.coinflip.data.OneLine;
import org.coinflip.data.Pictures;
import org.coinflip.data.Specs;
import org.coinflip.data.raw.ImageShape;
import org.coinflip.data.raw.RawData;
import org.coinflip.data.raw.RawExamples;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImagesSourceTest {
    private static final int[] RAMP = IntStream.range(0, 256).toArray();

    @TempDir
    private Path folder;

    @Test
    void countsPicturesInTheOrderOfTheirFoldersAndNames() {
        put("train/dog/b.png", Pictures.png(2, 2, 1, 40));
        put("train/cat/2.PNG", Pictures.png(2, 2, 1, 10));
        put("train/cat/10.png", Pictures.png(2, 2, 1, 20));
        put("train/dog/_thumbs/x.png", Pictures.png(1, 1, 1, 0));
        put("train/dog/.a.png", Pictures.png(1, 1, 1, 0));
        put("train/labels.csv", new byte[] {1});
        put("test/dog/a.png", Pictures.png(2, 2, 1, 50));
        RawData data = read("train", "test-path = \"" + folder.resolve("test") + "\"");
        assertEquals(new ImageShape(2, 2), data.image());
        assertEquals(List.of("cat", "dog"), data.naming().names());
        assertArrayEquals(new int[] {20, 10, 40}, firstFeatures(data.development()));
        assertEquals(List.of(0, 0, 1), labels(data.development()));
        RawExamples test = data.test().orElseThrow();
        assertEquals(3, test.id(0));
        assertEquals(1, test.label(0));
        assertArrayEquals(new int[] {50}, firstFeatures(test));
        assertEquals(
                List.of("cat", "dog", "dog"),
                data.files().stream().map(file -> file.name()).toList());
    }

    @Test
    void foldersThatAreNumbersAreTheClassesOfTheseNumbers() {
        for (int label : new int[] {0, 2, 10, 1}) {
            put("train/" + label + "/a.png", Pictures.png(1, 1, 1, label));
        }
        RawData data = read("train", "classes = 11");
        assertEquals(List.of(0, 1, 10, 2), labels(data.development()));
        assertEquals(11, data.classes());
    }

    @Test
    void withoutLabelsPicturesLieInTheFolderItself() {
        put("train/a.png", Pictures.png(1, 3, 1, 7));
        RawData data = read("train", "labelled = false");
        assertEquals(1, data.development().size());
        assertEquals(-1, data.development().label(0));
    }

    @Test
    void samplesAreTheFilesOwn() {
        BufferedImage grey = new BufferedImage(256, 1, BufferedImage.TYPE_BYTE_GRAY);
        grey.getRaster().setSamples(0, 0, 256, 1, 0, RAMP);
        assertArrayEquals(RAMP, features(Pictures.written(grey, "png")));
        BufferedImage deep = new BufferedImage(256, 1, BufferedImage.TYPE_USHORT_GRAY);
        deep.getRaster()
                .setSamples(
                        0,
                        0,
                        256,
                        1,
                        0,
                        Arrays.stream(RAMP)
                                .map(v -> Math.min(65535, 257 * v + 128))
                                .toArray());
        assertArrayEquals(RAMP, features(Pictures.written(deep, "png")));
        byte[] ramp = new byte[256];
        IntStream.range(0, 256).forEach(i -> ramp[i] = (byte) i);
        IndexColorModel greys = new IndexColorModel(8, 256, ramp, ramp, ramp);
        BufferedImage palette = new BufferedImage(256, 1, BufferedImage.TYPE_BYTE_INDEXED, greys);
        palette.getRaster().setSamples(0, 0, 256, 1, 0, RAMP);
        assertArrayEquals(RAMP, features(Pictures.written(palette, "png")));
        BufferedImage bits = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_BINARY);
        bits.getRaster().setSample(1, 0, 0, 1);
        assertArrayEquals(new int[] {0, 255}, features(Pictures.written(bits, "png")));
    }

    @Test
    void coloursAreThreePlanes() {
        assertArrayEquals(new int[] {5, 6, 7, 8, 9, 10}, features(Pictures.png(1, 2, 3, 5)));
        BufferedImage opaque = new BufferedImage(1, 1, BufferedImage.TYPE_INT_ARGB);
        opaque.setRGB(0, 0, 0xFF102030);
        assertArrayEquals(new int[] {0x10, 0x20, 0x30}, features(Pictures.written(opaque, "png")));
    }

    /** Pure red, green and blue have 0.299, 0.587 and 0.114 of white's luma. */
    @Test
    void greyOfColoursIsTheirLuma() {
        BufferedImage three = new BufferedImage(4, 1, BufferedImage.TYPE_INT_RGB);
        int[] colours = {0xFF0000, 0x00FF00, 0x0000FF, 0xFFFFFF};
        IntStream.range(0, 4).forEach(i -> three.setRGB(i, 0, colours[i]));
        put("train/0/a.png", Pictures.written(three, "png"));
        RawData data = read("train", "colour = grey, classes = 2");
        assertArrayEquals(new int[] {76, 150, 29, 255}, features(data.development(), 0));
        put("grey/0/a.png", Pictures.png(1, 2, 1, 9));
        RawData coloured = read("grey", "colour = rgb, classes = 2");
        assertArrayEquals(new int[] {9, 10, 9, 10, 9, 10}, features(coloured.development(), 0));
        assertEquals(new ImageShape(1, 2, 3), coloured.image());
    }

    /** Held to the mean over a grid as fine as both sizes, which has each pixel of either whole. */
    @Test
    void aScaledPixelIsTheMeanOfTheAreaThatItCovers() {
        put("train/0/a.png", Pictures.png(5, 7, 3, 3));
        for (int[] size : new int[][] {{5, 7}, {2, 3}, {1, 1}, {10, 14}, {3, 9}}) {
            int rows = size[0];
            int columns = size[1];
            RawData data = read("train", "classes = 2, rows = " + rows + ", columns = " + columns);
            int[] got = features(data.development(), 0);
            for (int k = 0; k < got.length; k++) {
                int plane = k / (rows * columns);
                int i = k / columns % rows;
                int j = k % columns;
                double sum = 0;
                for (int r = 0; r < 5; r++) {
                    for (int c = 0; c < 7; c++) {
                        int row = (i * 5 + r) / rows;
                        int column = (j * 7 + c) / columns;
                        sum += (3 + plane * 35 + row * 7 + column) & 0xFF;
                    }
                }
                assertEquals(sum / 35, got[k], 0.5 + 1e-9, rows + " × " + columns + ", " + k);
            }
        }
    }

    @Test
    void aPictureOfAnotherSizeOrOtherColoursIsRefusedUnlessAskedFor() {
        put("train/0/a.png", Pictures.png(2, 2, 1, 0));
        put("train/1/b.png", Pictures.png(2, 3, 3, 0));
        refused(
                "1/b.png: got a picture of 2 × 3 pixels of colours, expected 2 × 2 pixels of grey as the first one is",
                "data.rows and data.columns");
        refusedWith("colour = grey", "data.rows and data.columns");
        refusedWith("rows = 2, columns = 2", "give data.colour");
        assertEquals(2, read("train", "rows = 2, columns = 2, colour = rgb").examples());
    }

    @Test
    void aCutOrChangedFileIsRefused() throws IOException {
        BufferedImage noise = new BufferedImage(40, 40, BufferedImage.TYPE_INT_RGB);
        IntStream.range(0, 1600).forEach(i -> noise.setRGB(i % 40, i / 40, i * 0x9E3779B1));
        put("train/0/a.png", Pictures.png(40, 40, 3, 0));
        for (String form : new String[] {"png", "jpg"}) {
            byte[] whole = Pictures.written(noise, form);
            put("train/1/b." + form, whole);
            assertEquals(2, read("train", "").examples());
            for (int k = 0; k < 50; k++) {
                put("train/1/b." + form, Arrays.copyOf(whole, whole.length * k / 50));
                refused("1/b." + form + ": ");
            }
            if (form.equals("png")) {
                for (int k = 8; k < whole.length; k += 97) {
                    byte[] changed = whole.clone();
                    changed[k] ^= 4;
                    put("train/1/b.png", changed);
                    refused("1/b.png: ");
                }
            }
            Files.delete(folder.resolve("train/1/b." + form));
        }
    }

    @Test
    void whatIsNoPictureIsRefused() {
        put("train/0/a.png", Pictures.png(1, 1, 1, 0));
        put("train/1/b.gif", Pictures.written(new BufferedImage(1, 1, BufferedImage.TYPE_BYTE_GRAY), "gif"));
        refused("1/b.gif: begins as no PNG or JPEG does");
        BufferedImage glass = new BufferedImage(1, 1, BufferedImage.TYPE_INT_ARGB);
        glass.setRGB(0, 0, 0x80102030);
        put("train/1/b.gif", Pictures.written(glass, "png"));
        refusedWith("colour = grey", "1/b.gif: has transparent pixels");
    }

    /** A few bytes that say that there are very many pixels. */
    @Test
    void morePixelsThanMemoryHoldsAreRefused() {
        byte[] png = Pictures.png(1, 1, 1, 0);
        ByteBuffer.wrap(png).putInt(16, 1 << 20).putInt(20, 1 << 20);
        CRC32 sum = new CRC32();
        sum.update(png, 12, 17);
        ByteBuffer.wrap(png).putInt(29, (int) sum.getValue());
        put("train/0/a.png", png);
        refused("got a picture of 1048576 × 1048576 pixels", "DRIVER_MEMORY");
    }

    @Test
    void foldersThatAreNotAsExpectedAreRefused() throws IOException {
        refused("cannot be listed");
        Files.createDirectory(folder.resolve("train"));
        refused("has no folder, expected one of pictures for each class");
        Files.createDirectory(folder.resolve("train/0"));
        refused("train/0: has no file");
        put("train/0/a.png", Pictures.png(1, 1, 1, 0));
        put("train/b.jpeg", Pictures.png(1, 1, 1, 0));
        refused("b.jpeg: got a picture beside the folders of classes");
        Files.delete(folder.resolve("train/b.jpeg"));
        put("train/0/more/c.png", Pictures.png(1, 1, 1, 0));
        refused("0/more: got a folder among pictures");
    }

    @Test
    void keysThatDoNotGoTogetherAreRefused() {
        OneLine.ofUsage(() -> read("train", "rows = 8"), "data.columns");
        OneLine.ofUsage(() -> read("train", "labelled = false, test-path = x"), "data.test-path");
        OneLine.ofUsage(() -> read("train", "colour = blue"), "data.colour: got \"blue\", expected one of grey, rgb");
    }

    private int[] features(byte[] file) {
        put("one/0/a.png", file);
        return features(read("one", "classes = 2").development(), 0);
    }

    private static int[] features(RawExamples examples, int index) {
        return IntStream.range(0, examples.width())
                .map(j -> (int) examples.feature(index, j))
                .toArray();
    }

    private static int[] firstFeatures(RawExamples examples) {
        return IntStream.range(0, examples.size())
                .map(i -> (int) examples.feature(i, 0))
                .toArray();
    }

    private static List<Integer> labels(RawExamples examples) {
        return IntStream.range(0, examples.size()).mapToObj(examples::label).toList();
    }

    private void refused(String... parts) {
        OneLine.ofData(() -> read("train", ""), parts);
    }

    private void refusedWith(String keys, String... parts) {
        OneLine.ofData(() -> read("train", keys), parts);
    }

    private RawData read(String path, String keys) {
        String section = "source = images, path = \"" + folder.resolve(path) + "\"\n" + keys;
        return ((ImagesSource) Specs.of(section).source()).read(new Configuration());
    }

    private void put(String name, byte[] content) {
        Path file = folder.resolve(name);
        try {
            Files.createDirectories(file.getParent());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        IdxBytes.write(file.getParent(), file.getFileName().toString(), content);
    }
}
