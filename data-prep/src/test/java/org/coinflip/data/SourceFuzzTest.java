package org.coinflip.data;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.management.OperatingSystemMXBean;
import com.typesafe.config.ConfigException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.AfterTry;
import net.jqwik.api.lifecycle.BeforeContainer;
import net.jqwik.api.statistics.Statistics;
import org.apache.hadoop.conf.Configuration;
import org.coinflip.data.parquet.ExampleFileReader;
import org.coinflip.model.error.CoinflipException;
import org.coinflip.model.storage.Sealed;

/**
 * Whatever is in a file, and whatever the section says of it, it is read, or refused in one line: no other exception, no end that never comes, nothing left. Each
 * property tries as many files as {@code -Dcoinflip.fuzz.tries} says, the same ones every time.
 */
class SourceFuzzTest {
    private static final Configuration CONF = new Configuration();
    /** Seconds of a processor that a file of a few hundred bytes never takes, whatever else runs there. */
    private static final int HANGS = 120;

    /** Minutes that it never waits for one. */
    private static final int STARVES = 60;

    /** One in so many that are read is prepared too. */
    private static final int PREPARED = 64;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static ExecutorService reader;
    private static Path root;
    private static Path folder;
    private static byte[] csv;
    private static byte[] libsvm;
    private static byte[] images;
    private static byte[] floats;
    private static byte[] labels;
    private static byte[] dataSet;
    private static byte[] cifar;
    private static byte[] png;
    private static byte[] jpeg;
    private static byte[] manifest;
    private static byte[] manifestOfLists;
    private static byte[] shard;
    private static byte[] shardOfFloats;
    private static byte[] shardOfLists;
    private static Description ofBytes;
    private static Description ofFloats;
    private static Description ofLists;

    private int tries;

    @BeforeContainer
    static void makeFiles() throws IOException {
        reader = Executors.newSingleThreadExecutor(run -> {
            Thread thread = new Thread(run, "reader");
            thread.setDaemon(true);
            return thread;
        });
        root = Files.createTempDirectory("fuzz");
        folder = Files.createDirectory(root.resolve("in"));
        StringBuilder table = new StringBuilder("id,size,colour,when,part,weight,kind\n");
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 24; i++) {
            table.append(100 - i)
                    .append(',')
                    .append(i % 7 == 6 ? "NA" : i / 3f)
                    .append(i % 2 == 0 ? ",red," : ",\"blue, light\",");
            table.append("2026-11-")
                    .append(10 + i % 20)
                    .append(',')
                    .append(List.of("train", "valid", "test", "train").get(i % 4));
            table.append(',').append(i % 5).append(i % 3 == 0 ? ",a\n" : ",b\n");
            lines.append(i % 3 - 1)
                    .append(" qid:")
                    .append(i / 4)
                    .append(" 1:")
                    .append(i / 3f)
                    .append(" 3:-2e")
                    .append(i % 4);
            lines.append(i % 5 == 0 ? " 7:1 # comment\n" : "\n");
        }
        csv = table.toString().getBytes(UTF_8);
        libsvm = lines.toString().getBytes(UTF_8);
        images = IdxBytes.images(24, 3, 2);
        byte[] values = new byte[24 * 6 * 4];
        for (int k = 0; k < values.length; k += 4) {
            java.nio.ByteBuffer.wrap(values).putFloat(k, k / 7f);
        }
        floats = IdxBytes.file(0x0D03, new int[] {24, 3, 2}, values);
        labels = IdxBytes.labels(24, 3);
        int[] classes = IntStream.range(0, 24).map(i -> i % 3).toArray();
        dataSet = SmallSource.dataSet(0, classes);
        png = Pictures.png(5, 4, 3, 200);
        jpeg = Pictures.written(ImageIO.read(new ByteArrayInputStream(png)), "jpg");
        cifar = new byte[24 * 3074];
        for (int i = 0; i < 24; i++) {
            cifar[i * 3074] = (byte) (i % 3);
        }
        Path made = Files.createTempDirectory("fuzz");
        IdxBytes.write(made, "images", images);
        IdxBytes.write(made, "floats", floats);
        IdxBytes.write(made, "labels", labels);
        ofBytes = prepare(made, "images");
        shard = Files.readAllBytes(made.resolve("images-out/train/part-00000.parquet"));
        ofFloats = prepare(made, "floats");
        shardOfFloats = Files.readAllBytes(made.resolve("floats-out/train/part-00000.parquet"));
        manifest = Files.readAllBytes(made.resolve("floats-out/manifest.json"));
        DataSpec lists =
                Specs.of("source = libsvm, features = 40, path = \"" + IdxBytes.write(made, "lists", libsvm) + "\"");
        ofLists = Preparation.prepare(lists, made.resolve("lists-out").toString(), 1, false, CONF);
        shardOfLists = Files.readAllBytes(made.resolve("lists-out/train/part-00000.parquet"));
        manifestOfLists = Files.readAllBytes(made.resolve("lists-out/manifest.json"));
        delete(made);
    }

    private static Description prepare(Path made, String name) {
        DataSpec spec = Specs.of(
                "source = idx, images = \"" + made.resolve(name) + "\", labels = \"" + made.resolve("labels") + "\"");
        return Preparation.prepare(spec, made.resolve(name + "-out").toString(), 1, false, CONF);
    }

    @AfterContainer
    static void removeFiles() throws IOException {
        reader.shutdownNow();
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
        tried(() -> open(
                "source = csv, path = \"" + path + "\", label-column = kind, categories = [colour], hole-values = [NA]",
                "holes = mean, leave-out = [id, when, part, weight]",
                String.join("\n", keys)));
    }

    @Property(seed = "2", edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void libsvmIsReadOrRefused(@ForAll("edits") List<Edit> edits, @ForAll("keysOfLibsvm") List<String> keys) {
        String path = write("t.libsvm", libsvm, edits);
        tried(() -> open("source = libsvm, path = \"" + path + "\"", String.join("\n", keys)));
    }

    @Property(seed = "3", edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void idxIsReadOrRefused(
            @ForAll("edits") List<Edit> ofImages,
            @ForAll("edits") List<Edit> ofLabels,
            @ForAll boolean areFloats,
            @ForAll("keys") List<String> keys) {
        String imagePath = write("images", areFloats ? floats : images, ofImages);
        String labelPath = write("labels", labels, ofImages.size() > 1 ? List.of() : ofLabels);
        tried(() -> open(
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
        tried(() -> open("source = mnist, path = \"" + folder + "\"", String.join("\n", keys)));
    }

    /** Every second time sealed anew, as who writes manifests by other means would. */
    @Property(seed = "5", edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void manifestsAreReadOrRefused(
            @ForAll("edits") List<Edit> edits, @ForAll boolean isSealed, @ForAll boolean areLists) {
        byte[] changed = edited(areLists ? manifestOfLists : manifest, edits);
        tried(() -> Manifest.of("manifest.json", isSealed ? sealed(changed) : changed)
                .toJson());
    }

    /** What is decoded is what the checksum in the manifest is of: here of the changed file. */
    @Property(seed = "6", edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void shardsAreReadOrRefused(@ForAll("edits") List<Edit> edits, @ForAll boolean areFloats) {
        byte[] changed = edited(areFloats ? shardOfFloats : shard, edits);
        Description says = areFloats ? ofFloats : ofBytes;
        tried(() -> ExampleFileReader.read("part", changed, says.width(), says.classes(), says.transformation()));
    }

    @Property(seed = "7", edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void sectionsOfOtherSourcesAreReadOrRefused(@ForAll("keysOfAll") List<String> keys, @ForAll byte which) {
        String source = which % 2 == 0
                ? "source = digits"
                : "source = synthetic, split { train = 9, valid = 2, test = 2 }, features = 2";
        tried(() -> open(source, String.join("\n", keys)));
    }

    @Property(seed = "8", edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void dataSetsOfDl4jAreReadOrRefused(@ForAll("edits") List<Edit> edits, @ForAll("keysOfDl4j") List<String> keys) {
        String path = write("set.bin", dataSet, edits);
        tried(() -> open("source = dl4j, path = \"" + path + "\"", String.join("\n", keys)));
    }

    @Property(seed = "9", edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void cifarIsReadOrRefused(
            @ForAll("edits") List<Edit> edits, @ForAll("keysOfCifar") List<String> keys, @ForAll boolean isTest) {
        write("train.bin", cifar, isTest ? List.of() : edits);
        write("test.bin.gz", IdxBytes.gzip(cifar), isTest ? edits : List.of());
        tried(() -> open("source = cifar, form = coarse, path = \"" + folder + "\"", String.join("\n", keys)));
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
            byte[] changed = i > 0 ? picture : edited(picture, edits);
            IdxBytes.write(ofClass, i + ".png", i == 0 && isPng && isSealed ? Pictures.sealed(changed) : changed);
        }
        tried(() -> open("source = images, path = \"" + folder + "\"", String.join("\n", keys)));
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
        return Combinators.combine(
                        Arbitraries.of(Edit.Kind.class),
                        uniform(1 << 20),
                        uniform(40),
                        uniform(255 * Edit.WORDS.size()))
                .as(Edit::new)
                .list()
                .ofMaxSize(3);
    }

    private static Arbitrary<Integer> uniform(int most) {
        return Arbitraries.integers().between(0, most).withDistribution(RandomDistribution.uniform());
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

    @Property(seed = "11", edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void shardsOfListsAreReadOrRefused(@ForAll("edits") List<Edit> edits) {
        byte[] changed = edited(shardOfLists, edits);
        tried(() ->
                ExampleFileReader.read("part", changed, ofLists.width(), ofLists.classes(), ofLists.transformation()));
    }

    private static final String[] OF_LIBSVM = {"features = 7", "features = 100000", "features = 1", "labelled = false"};

    private static final String[] ANY = {
        "classes = 2",
        "classes = 3",
        "classes = 1048576",
        "classes = 1",
        "split { seed = -9223372036854775808 }",
        "split { stratified = true }",
        "split { folds = 5, fold = 2 }",
        "split { folds = 1000, fold = 999 }",
        "split { train = 1, valid = 1 }",
        "split { test = 1 }",
        "split { train = 2147483647 }",
        "split { valid = 2147483647 }",
        "split { valid = 0 }",
        "scale = standard",
        "scale = none",
        "scale = unit",
        "binarise = bernoulli",
        "binarise = threshold",
        "project { type = pca, components = 2 }",
        "project = rotation"
    };

    private static final String[] OF_TABLES = {
        "label-column = last",
        "label-column = none",
        "label-column = 0",
        "label-column = 99",
        "label-column = \"\"",
        "label-column = size",
        "label-type = names",
        "label-type = values",
        "label-type = values, label-column = size, leave-out = [id, when, part, weight, kind]",
        "label-type = numbers",
        "header = false",
        "delimiter = \";\"",
        "delimiter = \"\\t\"",
        "delimiter = \"\\n\"",
        "delimiter = \"\\r\"",
        "delimiter = \"\\\"\"",
        "delimiter = \" \"",
        "delimiter = \"e\"",
        "delimiter = \"\\u0000\"",
        "delimiter = \"é\"",
        "delimiter = \"1\"",
        "holes = refuse",
        "holes = median",
        "holes { type = constant, value = 1e38, mark = true }",
        "holes { type = mean, mark = true }",
        "hole-values = [\"0\"]",
        "hole-values = [a]",
        "categories = []",
        "categories = [kind]",
        "categories = [colour, size]",
        "categories = [nothing]",
        "buckets = 1",
        "buckets = 1000",
        "id-column = id",
        "id-column = size",
        "id-column = colour",
        "weight-column = weight",
        "weight-column = size",
        "weight-column = kind",
        "leave-out = []",
        "leave-out = [colour]",
        "split { column = part }",
        "split { group = colour }",
        "split { group = part, folds = 3, fold = 1 }",
        "split { time = when }",
        "split { time = size, test = 3 }",
        "split { time = colour }"
    };

    private static String write(String name, byte[] content, List<Edit> edits) {
        return IdxBytes.write(folder, name, edited(content, edits));
    }

    private static byte[] edited(byte[] content, List<Edit> edits) {
        byte[] changed = content;
        for (Edit edit : edits) {
            changed = edit.apply(changed);
        }
        return changed;
    }

    private static byte[] sealed(byte[] changed) {
        try {
            JsonNode tree = JSON.readTree(changed);
            return tree instanceof ObjectNode fields ? JSON.writeValueAsBytes(Sealed.seal(fields)) : changed;
        } catch (IOException e) {
            return changed;
        }
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

    private static void tried(Callable<Object> reading) {
        Statistics.collect(isRead(reading) ? "read" : "refused");
        Statistics.coverage(of -> {
            of.check("read").percentage(part -> part > 5);
            of.check("refused").percentage(part -> part > 5);
        });
    }

    private static boolean isRead(Callable<Object> reading) {
        try {
            long before = processorSeconds();
            Future<Object> read = reader.submit(reading);
            for (int minutes = 0; !isDone(read); minutes++) {
                assertTrue(processorSeconds() - before < HANGS && minutes < STARVES, "it hangs");
            }
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof CoinflipException known) {
                OneLine.check(known);
                return false;
            }
            throw new AssertionError("neither read nor refused", e.getCause());
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }

    /** Whether it is within a minute. */
    private static boolean isDone(Future<Object> read) throws ExecutionException, InterruptedException {
        try {
            read.get(1, TimeUnit.MINUTES);
            return true;
        } catch (TimeoutException e) {
            return false;
        }
    }

    /** What the readers have used. */
    private static long processorSeconds() {
        return TimeUnit.NANOSECONDS.toSeconds(
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime());
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
