package org.coinflip.data;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

/** Small IDX files made by hand, right and wrong ones. */
public final class IdxBytes {
    private IdxBytes() {}

    /** An IDX file with this header and these values, which need not fit it. */
    public static byte[] file(int magic, int[] sizes, byte... values) {
        ByteBuffer all = ByteBuffer.allocate(4 + 4 * sizes.length + values.length);
        all.putInt(magic);
        for (int size : sizes) {
            all.putInt(size);
        }
        return all.put(values).array();
    }

    /** Images whose pixels count up: pixel k of the file is {@code k mod 256}. */
    public static byte[] images(int count, int rows, int columns) {
        byte[] pixels = new byte[count * rows * columns];
        for (int k = 0; k < pixels.length; k++) {
            pixels[k] = (byte) k;
        }
        return file(0x0803, new int[] {count, rows, columns}, pixels);
    }

    /** Labels that go round: label i is {@code i mod classes}. */
    public static byte[] labels(int count, int classes) {
        byte[] labels = new byte[count];
        for (int i = 0; i < count; i++) {
            labels[i] = (byte) (i % classes);
        }
        return file(0x0801, new int[] {count}, labels);
    }

    public static byte[] gzip(byte[] content) {
        ByteArrayOutputStream stored = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(stored)) {
            out.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return stored.toByteArray();
    }

    /** Writes a file and gives its path as a user would. */
    public static String write(Path folder, String name, byte[] content) {
        try {
            return Files.write(folder.resolve(name), content).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A folder in the form of MNIST's: 3 × 2 pixels, ten classes, 60 training and 20 test examples, the labels gzipped. */
    public static String mnistFolder(Path folder) {
        write(folder, "train-images-idx3-ubyte", images(60, 3, 2));
        write(folder, "train-labels-idx1-ubyte.gz", gzip(labels(60, 10)));
        write(folder, "t10k-images-idx3-ubyte", images(20, 3, 2));
        write(folder, "t10k-labels-idx1-ubyte.gz", gzip(labels(20, 10)));
        return folder.toString();
    }
}
