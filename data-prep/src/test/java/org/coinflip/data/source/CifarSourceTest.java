package org.coinflip.data.source;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.coinflip.data.IdxBytes;
import org.coinflip.data.OneLine;
import org.coinflip.data.Specs;
import org.coinflip.data.raw.ImageShape;
import org.coinflip.data.raw.RawData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CifarSourceTest {
    private static final int PIXELS = 3072;

    @TempDir
    private Path folder;

    @Test
    void readsTheFilesInTheirOrder() {
        for (int k = 1; k <= 5; k++) {
            byte[] two = examples(1, 2, k);
            IdxBytes.write(
                    folder, "data_batch_" + k + ".bin" + (k == 3 ? ".gz" : ""), k == 3 ? IdxBytes.gzip(two) : two);
        }
        IdxBytes.write(folder, "test_batch.bin", examples(1, 3, 9));
        RawData data = read("");
        assertEquals(new ImageShape(32, 32, 3), data.image());
        assertEquals(10, data.classes());
        assertEquals(10, data.development().size());
        assertEquals(3, data.development().label(4));
        assertEquals(3, data.development().feature(4, 0));
        assertEquals((3 + 77) & 0xFF, data.development().feature(4, 77));
        assertEquals(10, data.test().orElseThrow().id(0));
        assertEquals(9, data.test().orElseThrow().label(2));
    }

    @Test
    void ofAHundredClassesTheFineLabelIsTheSecond() {
        IdxBytes.write(folder, "train.bin", examples(2, 2, 19, 99));
        IdxBytes.write(folder, "test.bin", examples(2, 1, 19, 99));
        assertEquals(99, read("form = fine").development().label(1));
        assertEquals(100, read("form = fine").classes());
        assertEquals(19, read("form = coarse").development().label(1));
        OneLine.ofData(() -> read(""), "data_batch_1.bin: no such file, nor data_batch_1.bin.gz");
        IdxBytes.write(folder, "test.bin", examples(2, 1, 20, 99));
        OneLine.ofData(() -> read("form = coarse"), "test.bin: example 0 has label 20, expected a label from 0 to 19");
        IdxBytes.write(folder, "test.bin", examples(1, 1, 1));
        OneLine.ofData(() -> read("form = coarse"), "test.bin: got 3073 bytes, expected 3074 for each example");
        IdxBytes.write(folder, "test.bin", new byte[0]);
        OneLine.ofData(() -> read("form = coarse"), "test.bin: is empty");
    }

    /** Examples alike: labels, then samples that count up from the first of them. */
    private static byte[] examples(int labelBytes, int size, int... labels) {
        byte[] all = new byte[size * (labelBytes + PIXELS)];
        for (int at = 0; at < all.length; at += labelBytes + PIXELS) {
            for (int k = 0; k < labelBytes; k++) {
                all[at + k] = (byte) labels[k];
            }
            for (int k = 0; k < PIXELS; k++) {
                all[at + labelBytes + k] = (byte) (labels[0] + k);
            }
        }
        return all;
    }

    private RawData read(String keys) {
        String section = "source = cifar, path = \"" + folder + "\"\n" + keys;
        return ((CifarSource) Specs.of(section).source()).read(new Configuration());
    }
}
