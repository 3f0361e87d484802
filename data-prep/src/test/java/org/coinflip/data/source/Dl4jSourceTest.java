package org.coinflip.data.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.coinflip.data.IdxBytes;
import org.coinflip.data.OneLine;
import org.coinflip.data.Specs;
import org.coinflip.data.raw.ImageShape;
import org.coinflip.data.raw.RawData;
import org.coinflip.data.raw.RawExamples;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** Files are written by ND4J itself. */
class Dl4jSourceTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource(names = {"FLOAT", "DOUBLE", "INT", "LONG", "SHORT", "BYTE", "UBYTE"})
    void readsArraysOfEveryTypeAndOrder(DataType type) {
        INDArray numbers = Nd4j.arange(12).reshape(4, 3).castTo(type);
        INDArray codes = Nd4j.eye(4);
        for (INDArray features : List.of(numbers, numbers.dup('f'))) {
            put("a.bin", new DataSet(features, codes));
            RawData data = read("a.bin", "");
            assertEquals(4, data.classes());
            for (int i = 0; i < 4; i++) {
                assertEquals(i, data.development().label(i));
                for (int j = 0; j < 3; j++) {
                    assertEquals(3 * i + j, data.development().feature(i, j));
                }
            }
        }
    }

    @Test
    void picturesArePlaneByPlane() {
        put("a.bin", new DataSet(Nd4j.arange(24).reshape(1, 2, 3, 4).castTo(DataType.FLOAT), Nd4j.create(new float[][] {
            {0, 1}
        })));
        RawData data = read("a.bin", "");
        assertEquals(new ImageShape(3, 4, 2), data.image());
        assertEquals(13, data.development().feature(0, 13));
    }

    @Test
    void labelsThatAreNotOneHotAreValues() {
        put("sets/1.bin", new DataSet(Nd4j.ones(2, 1), Nd4j.create(new float[][] {{0.5f, 1}, {1, 1}})));
        put("sets/2.bin", new DataSet(Nd4j.zeros(1, 1), Nd4j.create(new float[][] {{0, 1}})));
        RawExamples examples = read("sets", "").development();
        assertEquals(2, examples.targets());
        assertEquals("[0.5, 1.0, 0.0, 1.0]", Arrays.toString(examples.values(new int[] {0, 2})));
        put("one.bin", new DataSet(Nd4j.ones(2, 1), Nd4j.create(new float[][] {{0, 1}, {1, 0}})));
        assertEquals(0, read("one.bin", "").development().targets());
        assertEquals(2, read("one.bin", "label-type = values").development().targets());
        RawData unlabelled = read("one.bin", "labelled = false");
        assertEquals(-1, unlabelled.development().label(1));
    }

    @Test
    void aCutFileIsRefused() {
        byte[] whole = written(new DataSet(Nd4j.rand(5, 3), Nd4j.eye(5)));
        for (int length = 1; length < whole.length; length++) {
            IdxBytes.write(folder, "a.bin", Arrays.copyOf(whole, length));
            OneLine.ofData(() -> read("a.bin", ""), "a.bin: ");
        }
    }

    /** Each byte of all that is no number of an array is changed in turn: read, or refused in a line. */
    @Test
    void aChangedFileIsReadOrRefused() {
        byte[] whole = written(new DataSet(Nd4j.rand(5, 3), Nd4j.eye(5)));
        int refused = 0;
        for (int place = 0; place < whole.length; place++) {
            for (int value : new int[] {0, 1, 0x7F, 0xFF}) {
                byte[] changed = whole.clone();
                changed[place] = (byte) value;
                IdxBytes.write(folder, "a.bin", changed);
                try {
                    read("a.bin", "");
                } catch (org.coinflip.model.error.CoinflipException e) {
                    OneLine.check(e);
                    refused++;
                }
            }
        }
        assertTrue(refused > whole.length / 4, refused + " refused");
    }

    @Test
    void whatIsNoExampleIsRefused() {
        DataSet masked = new DataSet(Nd4j.ones(2, 1), Nd4j.eye(2), Nd4j.ones(2, 1), null);
        put("a.bin", masked);
        OneLine.ofData(() -> read("a.bin", ""), "has a mask of features");
        put("a.bin", new DataSet(Nd4j.ones(2, 1), null));
        OneLine.ofData(() -> read("a.bin", ""), "has no labels", "data.labelled = false");
        put("a.bin", new DataSet(Nd4j.ones(2, 3, 4), Nd4j.eye(2)));
        OneLine.ofData(() -> read("a.bin", ""), "got features of the shape [2, 3, 4]");
        put("a.bin", new DataSet(Nd4j.create(new float[][] {{1}, {Float.NaN}}), Nd4j.eye(2)));
        OneLine.ofData(() -> read("a.bin", ""), "got the number NaN");
        put("sets/1.bin", new DataSet(Nd4j.ones(2, 1), Nd4j.eye(2)));
        put("sets/2.bin", new DataSet(Nd4j.ones(2, 2), Nd4j.eye(2)));
        OneLine.ofData(() -> read("sets", ""), "2.bin: got features or labels of the shape of another file's");
        OneLine.ofUsage(() -> read("a.bin", "label-type = names"), "data.label-type");
    }

    private void put(String name, DataSet set) {
        Path file = folder.resolve(name);
        try {
            Files.createDirectories(file.getParent());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        IdxBytes.write(file.getParent(), file.getFileName().toString(), written(set));
    }

    private static byte[] written(DataSet set) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        set.save(out);
        return out.toByteArray();
    }

    private RawData read(String name, String keys) {
        String section = "source = dl4j, path = \"" + folder.resolve(name) + "\"\n" + keys;
        return ((Dl4jSource) Specs.of(section).source()).read(new Configuration());
    }
}
