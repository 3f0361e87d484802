package org.coinflip.data;

import static org.coinflip.data.SectionKeys.ANY;
import static org.coinflip.data.SectionKeys.OF_LIBSVM;
import static org.coinflip.data.SectionKeys.OF_TABLES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.AfterTry;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.apache.hadoop.conf.Configuration;

/**
 * Whatever is in a file, and whatever the section says of it, it is read, or refused in one line: no other exception, no end that never comes, nothing left. Each
 * property tries as many files as {@code -Dcoinflip.fuzz.tries} says, the same ones every time.
 */
class SourceFuzzTest {
    private static final Configuration CONF = new Configuration();

    /** One in so many that are read is prepared too. */
    private static final int PREPARED = 64;

    private static ReadOrRefused reading;
    private static Path root;
    private static Path folder;
    private static byte[] csv;
    private static byte[] libsvm;
    private static byte[] images;
    private static byte[] floats;
    private static byte[] labels;
    private static byte[] dataSet;
    private static byte[] plainMat;
    private static byte[] compressedMat;
    private static byte[] cifar;
    private static byte[] png;
    private static byte[] jpeg;

    private int tries;

    @BeforeContainer
    static void makeFiles() throws IOException {
        reading = new ReadOrRefused();
        root = Files.createTempDirectory("fuzz");
        folder = Files.createDirectory(root.resolve("in"));
        csv = SeedCorpus.csv();
        libsvm = SeedCorpus.libsvm();
        images = SeedCorpus.images();
        floats = SeedCorpus.floats();
        labels = SeedCorpus.labels();
        int[] classes = IntStream.range(0, 24).map(i -> i % 3).toArray();
        dataSet = SmallSource.dataSet(0, classes);
        plainMat = SeedCorpus.mat(MatBytes.bigEndian());
        compressedMat = SeedCorpus.mat(MatBytes.littleEndian().compressed());
        png = Pictures.png(5, 4, 3, 200);
        jpeg = Pictures.written(ImageIO.read(new ByteArrayInputStream(png)), "jpg");
        cifar = new byte[24 * 3074];
        for (int i = 0; i < 24; i++) {
            cifar[i * 3074] = (byte) (i % 3);
        }
    }

    @AfterContainer
    static void removeFiles() throws IOException {
        reading.close();
        delete(root);
    }

    @AfterTry
    void leavesNothing() throws IOException {
        assertEquals(List.of(folder), list(root));
        for (Path file : list(folder)) {
            assertTrue(
                    Files.isRegularFile(file) || file.getFileName().toString().startsWith("class"),
                    () -> file + " is left");
            delete(file);
        }
    }

    private static List<Path> list(Path directory) throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.toList();
        }
    }

    @Property(seed = "1", edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void csvIsReadOrRefused(@ForAll("edits") List<Edit> edits, @ForAll("keysOfTables") List<String> keys) {
        String path = write("t.csv", csv, edits);
        reading.tried(() -> open(
                "source = csv, path = \"" + path + "\", label-column = kind, categories = [colour], hole-values = [NA]",
                "holes = mean, leave-out = [id, when, part, weight]",
                String.join("\n", keys)));
    }

    @Property(seed = "2", edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void libsvmIsReadOrRefused(@ForAll("edits") List<Edit> edits, @ForAll("keysOfLibsvm") List<String> keys) {
        String path = write("t.libsvm", libsvm, edits);
        reading.tried(() -> open("source = libsvm, path = \"" + path + "\"", String.join("\n", keys)));
    }

    @Property(seed = "3", edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void idxIsReadOrRefused(
            @ForAll("edits") List<Edit> ofImages,
            @ForAll("edits") List<Edit> ofLabels,
            @ForAll boolean areFloats,
            @ForAll("keys") List<String> keys) {
        String imagePath = write("images", areFloats ? floats : images, ofImages);
        String labelPath = write("labels", labels, ofImages.size() > 1 ? List.of() : ofLabels);
        reading.tried(() -> open(
                "source = idx, images = \"" + imagePath + "\", labels = \"" + labelPath + "\"",
                String.join("\n", keys)));
    }

    @Property(seed = "4", edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void mnistIsReadOrRefused(
            @ForAll("edits") List<Edit> edits, @ForAll("keys") List<String> keys, @ForAll byte which) {
        String[] names = {
            "train-images-idx3-ubyte",
            "train-labels-idx1-ubyte.gz",
            "t10k-images-idx3-ubyte.gz",
            "t10k-labels-idx1-ubyte"
        };
        for (int k = 0; k < names.length; k++) {
            byte[] content = k % 2 == 0 ? images : labels;
            write(names[k], k == 1 || k == 2 ? IdxBytes.gzip(content) : content, k == (which & 3) ? edits : List.of());
        }
        reading.tried(() -> open("source = mnist, path = \"" + folder + "\"", String.join("\n", keys)));
    }

    @Property(seed = "7", edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void sectionsOfOtherSourcesAreReadOrRefused(@ForAll("keysOfAll") List<String> keys, @ForAll byte which) {
        String source = which % 2 == 0
                ? "source = digits"
                : "source = synthetic, split { train = 9, valid = 2, test = 2 }, features = 2";
        reading.tried(() -> open(source, String.join("\n", keys)));
    }

    @Property(seed = "8", edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void dataSetsOfDl4jAreReadOrRefused(@ForAll("edits") List<Edit> edits, @ForAll("keysOfDl4j") List<String> keys) {
        String path = write("set.bin", dataSet, edits);
        reading.tried(() -> open("source = dl4j, path = \"" + path + "\"", String.join("\n", keys)));
    }

    @Property(seed = "9", edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void cifarIsReadOrRefused(
            @ForAll("edits") List<Edit> edits, @ForAll("keysOfCifar") List<String> keys, @ForAll boolean isTest) {
        write("train.bin", cifar, isTest ? List.of() : edits);
        write("test.bin.gz", IdxBytes.gzip(cifar), isTest ? edits : List.of());
        reading.tried(() -> open("source = cifar, form = coarse, path = \"" + folder + "\"", String.join("\n", keys)));
    }

    /** Checksums of a PNG's chunks are made right again every second time, as who makes such files on purpose would. */
    @Property(seed = "10", edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void picturesAreReadOrRefused(
            @ForAll("edits") List<Edit> edits,
            @ForAll("keysOfImages") List<String> keys,
            @ForAll boolean isPng,
            @ForAll boolean isSealed)
            throws IOException {
        for (int i = 0; i < 12; i++) {
            Path ofClass = Files.createDirectories(folder.resolve("class" + i % 2));
            byte[] picture = i == 0 && !isPng ? jpeg : png;
            byte[] changed = i > 0 ? picture : Edit.all(picture, edits);
            IdxBytes.write(ofClass, i + ".png", i == 0 && isPng && isSealed ? Pictures.sealed(changed) : changed);
        }
        reading.tried(() -> open("source = images, path = \"" + folder + "\"", String.join("\n", keys)));
    }

    @Property(seed = "11", edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void matlabIsReadOrRefused(
            @ForAll("edits") List<Edit> edits,
            @ForAll boolean isCompressed,
            @ForAll boolean isSplit,
            @ForAll("keysOfMatlab") List<String> keys) {
        write("train.mat", isCompressed ? compressedMat : plainMat, edits);
        write("valid.mat", isCompressed ? plainMat : compressedMat, List.of());
        write("test.mat", compressedMat, List.of());
        reading.tried(() -> open(
                "source = matlab, label-variable = y, path = \"" + folder + "\"",
                isSplit ? "" : "valid = none",
                String.join("\n", keys)));
    }

    @Provide
    Arbitrary<List<String>> keysOfMatlab() {
        return some(ANY, new String[] {
            "variable = X", "variable = Z", "label-variable = X", "test = none", "rows = 2, columns = 3", "rows = 1"
        });
    }

    @Provide
    Arbitrary<List<String>> keysOfImages() {
        return some(ANY, new String[] {
            "rows = 1, columns = 3",
            "rows = 40, columns = 7",
            "colour = grey",
            "colour = rgb",
            "labelled = false",
            "test-path = x"
        });
    }

    @Provide
    Arbitrary<List<Edit>> edits() {
        return Edit.several();
    }

    @Provide
    Arbitrary<List<String>> keys() {
        return some(ANY);
    }

    @Provide
    Arbitrary<List<String>> keysOfLibsvm() {
        return some(ANY, OF_LIBSVM);
    }

    @Provide
    Arbitrary<List<String>> keysOfDl4j() {
        return some(ANY, new String[] {"label-type = values", "label-type = names", "labelled = false"});
    }

    /** 3,074 features are enough: no table of 9 million numbers is fitted to them. */
    @Provide
    Arbitrary<List<String>> keysOfCifar() {
        return Arbitraries.of(
                        Stream.of(ANY).filter(key -> !key.startsWith("project")).toList())
                .list()
                .ofMaxSize(3);
    }

    @Provide
    Arbitrary<List<String>> keysOfAll() {
        return some(ANY, OF_LIBSVM, OF_TABLES);
    }

    @Provide
    Arbitrary<List<String>> keysOfTables() {
        return some(ANY, OF_TABLES);
    }

    private static Arbitrary<List<String>> some(String[]... keys) {
        return Arbitraries.of(Stream.of(keys).flatMap(Stream::of).toList())
                .list()
                .ofMaxSize(3);
    }

    private static String write(String name, byte[] content, List<Edit> edits) {
        return IdxBytes.write(folder, name, Edit.all(content, edits));
    }

    private Object open(String... lines) {
        DataSpec spec;
        try {
            spec = Specs.of(lines);
        } catch (ConfigException e) {
            throw new AssertionError("the section is no HOCON", e);
        }
        Dataset data = Dataset.open(spec, CONF);
        for (Split split : Split.values()) {
            data.examples(split);
        }
        if (++tries % PREPARED == 0) {
            Path output = root.resolve("out");
            Preparation.prepare(spec, output.toString(), 2, false, CONF);
            delete(output);
        }
        return data;
    }

    private static void delete(Path path) {
        try (Stream<Path> all = Files.walk(path)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
