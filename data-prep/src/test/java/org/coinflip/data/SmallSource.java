package org.coinflip.data;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** Each source in small: its files, of examples of three features, and the keys that read them. */
public enum SmallSource {
    CSV {
        @Override
        String write(Path folder, int... labels) {
            return "source = csv, path = \"" + IdxBytes.write(folder, "t.csv", csv(0, labels)) + "\"";
        }
    },
    CSV_GZIPPED {
        @Override
        String write(Path folder, int... labels) {
            String path = IdxBytes.write(folder, "t.csv.gz", IdxBytes.gzip(csv(0, labels)));
            return "source = csv, path = \"" + path + "\"";
        }
    },
    /** Two files of one table. */
    CSV_FOLDER {
        @Override
        String write(Path folder, int... labels) {
            Path parts = directory(folder.resolve("parts"));
            int half = (labels.length + 1) / 2;
            IdxBytes.write(parts, "part-0.csv", csv(0, Arrays.copyOf(labels, half)));
            IdxBytes.write(parts, "part-1.csv", csv(half, Arrays.copyOfRange(labels, half, labels.length)));
            return "source = csv, path = \"" + parts + "\"";
        }
    },
    LIBSVM {
        @Override
        String write(Path folder, int... labels) {
            return "source = libsvm, features = 3, path = \"" + IdxBytes.write(folder, "t.libsvm", libsvm(labels))
                    + "\"";
        }
    },
    LIBSVM_GZIPPED {
        @Override
        String write(Path folder, int... labels) {
            String path = IdxBytes.write(folder, "t.libsvm.gz", IdxBytes.gzip(libsvm(labels)));
            return "source = libsvm, features = 3, path = \"" + path + "\"";
        }
    },
    /** Bytes. */
    IDX {
        @Override
        String write(Path folder, int... labels) {
            String images = IdxBytes.write(folder, "images", IdxBytes.images(labels.length, 3, 1));
            return "source = idx, images = \"" + images + "\", labels = \""
                    + IdxBytes.write(folder, "labels", idxLabels(labels)) + "\"";
        }
    },
    /** Floats, with labels of 32 bits, gzipped. */
    IDX_FLOATS {
        @Override
        String write(Path folder, int... labels) {
            ByteBuffer values = ByteBuffer.allocate(4 * 3 * labels.length);
            ByteBuffer wide = ByteBuffer.allocate(4 * labels.length);
            for (int i = 0; i < labels.length; i++) {
                values.putFloat(i / 3f).putFloat(-i * i).putFloat(1e-3f * i);
                wide.putInt(labels[i]);
            }
            byte[] images = IdxBytes.file(0x0D02, new int[] {labels.length, 3}, values.array());
            byte[] numbers = IdxBytes.file(0x0C01, new int[] {labels.length}, wide.array());
            return "source = idx, images = \"" + IdxBytes.write(folder, "images.gz", IdxBytes.gzip(images))
                    + "\", labels = \"" + IdxBytes.write(folder, "labels.gz", IdxBytes.gzip(numbers)) + "\"";
        }
    },
    MNIST {
        @Override
        String write(Path folder, int... labels) {
            int[] tested = Arrays.copyOf(labels, (labels.length + 2) / 3);
            IdxBytes.write(folder, "train-images-idx3-ubyte", IdxBytes.images(labels.length, 3, 1));
            IdxBytes.write(folder, "train-labels-idx1-ubyte.gz", IdxBytes.gzip(idxLabels(labels)));
            IdxBytes.write(folder, "t10k-images-idx3-ubyte.gz", IdxBytes.gzip(IdxBytes.images(tested.length, 3, 1)));
            IdxBytes.write(folder, "t10k-labels-idx1-ubyte", idxLabels(tested));
            return "source = mnist, path = \"" + folder + "\"";
        }
    },
    /** Of PNG, 1 × 3 pixels of grey, a folder a label. */
    IMAGES {
        @Override
        String write(Path folder, int... labels) {
            Path pictures = directory(folder.resolve("pictures"));
            for (int i = 0; i < labels.length; i++) {
                Path ofClass = directory(pictures.resolve(String.valueOf(labels[i])));
                IdxBytes.write(ofClass, String.format("%04d.png", i), Pictures.png(1, 3, 1, 3 * i));
            }
            return "source = images, path = \"" + pictures + "\"";
        }
    },
    /** Two files of one data set. */
    DL4J {
        @Override
        String write(Path folder, int... labels) {
            Path sets = directory(folder.resolve("sets"));
            int half = (labels.length + 1) / 2;
            IdxBytes.write(sets, "0.bin", dataSet(0, Arrays.copyOf(labels, half)));
            IdxBytes.write(sets, "1.bin", dataSet(half, Arrays.copyOfRange(labels, half, labels.length)));
            return "source = dl4j, path = \"" + sets + "\"";
        }
    },
    /** Two files of doubles, little-endian, compressed and gzipped the one, big-endian and plain the other. */
    MATLAB {
        @Override
        String write(Path folder, int... labels) {
            MatBytes train = MatBytes.littleEndian().compressed();
            IdxBytes.write(folder, "a.mat.gz", IdxBytes.gzip(mat(train, 0, labels)));
            int[] tested = Arrays.copyOf(labels, (labels.length + 2) / 3);
            IdxBytes.write(folder, "b.mat", mat(MatBytes.bigEndian(), labels.length, tested));
            return "source = matlab, train = a.mat, valid = none, test = b.mat, label-variable = y, path = \"" + folder
                    + "\"";
        }
    },
    /** Three files of bits, each compressed, with the validation examples. */
    MATLAB_BITS {
        @Override
        String write(Path folder, int... labels) {
            for (String name : new String[] {"train", "valid", "test"}) {
                byte[] bits = new byte[3 * labels.length];
                for (int k = 0; k < bits.length; k++) {
                    bits[k] = (byte) (k * k % 5 & 1);
                }
                MatBytes file =
                        MatBytes.littleEndian().compressed().bytes("X", MatBytes.DOUBLE_CLASS, labels.length, bits);
                IdxBytes.write(folder, name + ".mat", file.ints("y", labels).file());
            }
            return "source = matlab, label-variable = y, path = \"" + folder + "\"";
        }
    },
    PREPARED {
        @Override
        String write(Path folder, int... labels) {
            Path raw = directory(folder.resolve("raw"));
            String prepared = folder.resolve("prepared").toString();
            Preparation.prepare(Specs.of(CSV.write(raw, labels)), prepared, 2, false, new Configuration());
            delete(raw);
            // the sums of the local file system, which copies of the files do not have
            files(folder).stream()
                    .filter(file -> file.toString().endsWith(".crc"))
                    .forEach(SmallSource::delete);
            return "source = prepared, path = \"" + prepared + "\"";
        }

        /** But for the note that the folder is a job's. */
        @Override
        List<Path> files(Path folder) {
            return super.files(folder).stream()
                    .filter(file -> !file.endsWith(".coinflip.json"))
                    .toList();
        }
    };

    /** Of three classes, each ten times. */
    static final int[] LABELS = IntStream.range(0, 30).map(i -> i * 7 % 3).toArray();

    /**
     * Makes the files.
     *
     * @param folder empty
     * @param labels one for each example
     * @return the section that reads them, without classes and split
     */
    abstract String write(Path folder, int... labels);

    /** The files that were made. */
    List<Path> files(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether a file that lacks its end is known to lack it; a text whose last lines are gone is a text. */
    boolean knowsItsEnd() {
        return this != CSV && this != CSV_FOLDER && this != LIBSVM;
    }

    /** One-hot, of four classes. */
    static byte[] dataSet(int from, int... labels) {
        float[][] features = new float[labels.length][];
        float[][] codes = new float[labels.length][4];
        for (int i = 0; i < labels.length; i++) {
            int n = from + i;
            features[i] = new float[] {n / 3f, -n * n, 1e-3f * n};
            codes[i][labels[i]] = 1;
        }
        if (labels.length == 0) {
            return new byte[0];
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new DataSet(Nd4j.create(features), Nd4j.create(codes)).save(out);
        return out.toByteArray();
    }

    private static byte[] csv(int from, int... labels) {
        StringBuilder table = new StringBuilder("x,y,z,kind\n");
        for (int i = 0; i < labels.length; i++) {
            int n = from + i;
            table.append(n / 3f).append(',').append(-n * n).append(",\"").append(1e-3 * n);
            table.append("\",").append(labels[i]).append('\n');
        }
        return table.toString().getBytes(UTF_8);
    }

    private static byte[] libsvm(int... labels) {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < labels.length; i++) {
            lines.append(labels[i]).append(i % 2 == 0 ? " qid:4 1:" : " 1:").append(i / 3f);
            lines.append(" 3:").append(-i * i).append(" # ").append(i).append('\n');
        }
        return lines.toString().getBytes(UTF_8);
    }

    private static byte[] mat(MatBytes file, int from, int... labels) {
        double[] columns = new double[3 * labels.length];
        for (int i = 0; i < labels.length; i++) {
            int n = from + i;
            columns[i] = n / 3.0;
            columns[labels.length + i] = -n * n;
            columns[2 * labels.length + i] = 1e-3 * n;
        }
        return file.doubles("X", labels.length, columns).ints("y", labels).file();
    }

    private static byte[] idxLabels(int... labels) {
        byte[] bytes = new byte[labels.length];
        for (int i = 0; i < labels.length; i++) {
            bytes[i] = (byte) labels[i];
        }
        return IdxBytes.file(0x0801, new int[] {labels.length}, bytes);
    }

    private static Path directory(Path folder) {
        try {
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path path) {
        try (Stream<Path> all = Files.walk(path)) {
            for (Path each : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
