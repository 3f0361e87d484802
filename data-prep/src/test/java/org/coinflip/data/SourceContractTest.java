package org.coinflip.data;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.Util;
import org.coinflip.data.raw.RawExamples;
import org.coinflip.data.source.RawSource;
import org.coinflip.model.error.CoinflipException;
import org.coinflip.model.storage.Sealed;
import org.coinflip.model.storage.Sha256;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What holds of every source: the same examples however often it is read and in however many shards it is prepared; what is cut, empty, mislabelled or says what is
 * not so is refused in one line, and leaves nothing behind.
 */
class SourceContractTest {
    private static final Configuration CONF = new Configuration();
    private static final int BILLION = 1_000_000_000;
    private static final int LONG_LINE = 10 << 20;
    private static final int CUTS = 50;

    /** Of three classes, each ten times. */
    private static final int[] LABELS =
            IntStream.range(0, 30).map(i -> i * 7 % 3).toArray();

    @TempDir
    private Path folder;

    private Path input;

    @BeforeEach
    void makeRoom() throws IOException {
        input = Files.createDirectory(folder.resolve("input"));
    }

    @ParameterizedTest
    @EnumSource
    void isTheSameHoweverOftenItIsReadAndInHoweverManyShards(SmallSource source) {
        assertIsTheSame(source.write(input, LABELS));
    }

    @Test
    void soAreValuesAndWeights() {
        String section = SmallSource.CSV.write(input, LABELS);
        assertIsTheSame(section + ", label-type = values, weight-column = kind, label-column = x");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "digits",
                "sequences, steps = 11, examples = 90",
                "sequences, task = recall, steps = 10, examples = 90",
                "sequences, task = copy, steps = 21, examples = 90",
                "synthetic, features = 5, split { train = 70, valid = 9, test = 10 }"
            })
    void soAreThoseWithoutFiles(String source) {
        assertIsTheSame("source = " + source);
    }

    private void assertIsTheSame(String section) {
        DataSpec spec = Specs.of(section);
        Dataset expected = Dataset.open(spec, CONF);
        SameExamples.assertIn(expected, Dataset.open(spec, CONF));
        for (int shards : new int[] {1, 3, 7}) {
            String output = folder.resolve("in" + shards).toString();
            Preparation.prepare(spec, output, shards, false, CONF);
            Dataset prepared = Dataset.open(Specs.of("source = prepared, path = \"" + output + "\""), CONF);
            SameExamples.assertIn(expected, prepared);
            int most = expected.description().split(Split.TRAIN).examples();
            assertEquals(Math.min(shards, most), prepared.shards(Split.TRAIN).size());
        }
    }

    /** Of a text the lines before the cut are left, the last of them perhaps shorter. */
    @ParameterizedTest
    @EnumSource
    void cutAnywhereItIsRefusedOrATextOfFewerLines(SmallSource source) throws IOException {
        String section = source.write(input, LABELS);
        RawExamples whole = source.knowsItsEnd() ? null : raw(section);
        int refused = 0;
        for (Path file : source.files(input)) {
            byte[] content = Files.readAllBytes(file);
            for (int k = 0; k < CUTS; k++) {
                Files.write(file, Arrays.copyOf(content, content.length * k / CUTS));
                if (source.knowsItsEnd()) {
                    refused(section);
                    refused++;
                } else {
                    refused += assertRefusedOrFewer(whole, section) ? 1 : 0;
                }
            }
            Files.write(file, content);
        }
        assertTrue(refused > 0);
    }

    /** Whether it is refused. */
    private static boolean assertRefusedOrFewer(RawExamples whole, String section) {
        RawExamples some;
        try {
            some = raw(section);
        } catch (CoinflipException e) {
            OneLine.check(e);
            return true;
        }
        int next = 0;
        int changed = 0;
        for (int i = 0; i < some.size(); i++) {
            int at = next;
            while (at < whole.size() && !isSame(whole, at, some, i)) {
                at++;
            }
            next = at < whole.size() ? at + 1 : next;
            changed += at < whole.size() ? 0 : 1;
        }
        assertTrue(some.size() <= whole.size() && changed <= 1, changed + " of " + some.size() + " are others");
        return false;
    }

    private static boolean isSame(RawExamples whole, int at, RawExamples some, int i) {
        return whole.label(at) == some.label(i)
                && IntStream.range(0, whole.width()).allMatch(j -> whole.feature(at, j) == some.feature(i, j));
    }

    @ParameterizedTest
    @EnumSource
    void emptyItIsRefused(SmallSource source) throws IOException {
        String section = source.write(input, LABELS);
        for (Path file : source.files(input)) {
            Files.write(file, new byte[0]);
        }
        refused(section);
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"CSV_FOLDER", "IMAGES", "DL4J"})
    void withAFolderForAFileItIsRefused(SmallSource source) throws IOException {
        String section = source.write(input, LABELS);
        for (Path file : source.files(input)) {
            byte[] content = Files.readAllBytes(file);
            Files.delete(file);
            refused(section);
            Files.createDirectory(file);
            refused(section);
            Files.delete(file);
            Files.write(file, content);
        }
        assertIsTheSame(section);
    }

    @ParameterizedTest
    @EnumSource
    void withAFileForAFolderItIsRefused(SmallSource source) {
        String section = source.write(input, LABELS);
        String file = IdxBytes.write(folder, "a-file", new byte[] {1, 2});
        refused(section.replaceAll("(path|images) = \"[^\"]+\"", "$1 = \"" + file + "\""));
        refused(section.replaceAll("(path|images) = \"[^\"]+\"", "$1 = \"" + file + "/below\""));
    }

    /** Prepared data of one row there are none. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "PREPARED")
    void ofOneRowItIsRefused(SmallSource source) {
        refused(source.write(input, 1));
    }

    /** MNIST says that it has ten classes, and one-hot labels how many; of others a single label is one too few. */
    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"PREPARED", "DL4J"})
    void ofOneClassItIsRefusedUnlessTheClassesAreDeclared(SmallSource source) {
        String section = source.write(input, new int[30]);
        if (source != SmallSource.MNIST) {
            refused(section, "every label is 0, expected at least two classes");
            section += "\nclasses = 2";
        }
        assertIsTheSame(section);
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"PREPARED", "DL4J"})
    void aLabelOutOfRangeIsRefused(SmallSource source) {
        int[] labels = LABELS.clone();
        labels[17] = source == SmallSource.MNIST ? 10 : 3;
        String section = source.write(input, labels) + (source == SmallSource.MNIST ? "" : "\nclasses = 3");
        refused(section, "expected a label from 0 to " + (source == SmallSource.MNIST ? 9 : 2));
    }

    @ParameterizedTest
    @EnumSource(names = {"IDX", "MNIST"})
    void aHeaderThatSaysABillionIsRefused(SmallSource source) throws IOException {
        String section = source.write(input, LABELS);
        for (Path file : source.files(input)) {
            byte[] content = Files.readAllBytes(file);
            if (content[0] == 0) {
                for (int dimension = 0; dimension < content[3]; dimension++) {
                    byte[] vast = content.clone();
                    ByteBuffer.wrap(vast).putInt(4 + 4 * dimension, BILLION);
                    Files.write(file, vast);
                    refused(section, "as the header says");
                    Files.write(file, IdxBytes.gzip(vast));
                    refused(section, "as the header says");
                }
                Files.write(file, content);
            }
        }
        for (Path file : source.files(input)) {
            byte[] magic = Arrays.copyOf(Files.readAllBytes(file), 4);
            if (magic[0] == 0) {
                int[] sizes = new int[magic[3]];
                Arrays.fill(sizes, 1 << 16);
                Files.write(file, IdxBytes.file(ByteBuffer.wrap(magic).getInt(), sizes, new byte[100]));
            }
        }
        refused(section, "as the header says");
    }

    @Test
    void aManifestThatSaysABillionIsRefused() {
        String section = SmallSource.PREPARED.write(input, LABELS);
        edit(manifest -> ((ObjectNode) manifest.at("/shards/train/0")).put("examples", BILLION));
        refused(section, "contradicts itself");
        edit(manifest -> {
            long others = manifest.at("/shards/train/1/examples").asLong();
            ((ObjectNode) manifest.at("/description/splits/train")).put("examples", BILLION + others);
            ArrayNode histogram = (ArrayNode) manifest.at("/description/splits/train/classHistogram");
            histogram.removeAll().add(BILLION).add(others).add(0);
        });
        refused(section, "train/part-00000.parquet: got ", "expected 1000000000");
    }

    @Test
    void aManifestThatSaysABillionFeaturesOrClassesIsRefused() {
        String section = SmallSource.PREPARED.write(input, LABELS);
        edit(manifest -> ((ObjectNode) manifest.at("/description")).put("width", BILLION));
        refused(section, "contradicts itself");
        edit(manifest ->
                ((ObjectNode) manifest.at("/description")).put("width", 3).put("classes", BILLION));
        refused(section, "contradicts itself");
    }

    /** Who says it takes care that the sums fit. */
    @Test
    void aShardThatSaysABillionIsRefused() throws IOException {
        String section = SmallSource.PREPARED.write(input, LABELS);
        for (int rows : new int[] {BILLION, 1000, -1}) {
            Path shard = input.resolve("prepared/train/part-00000.parquet");
            byte[] content = saying(rows, Files.readAllBytes(shard));
            Files.write(shard, content);
            edit(manifest -> ((ObjectNode) manifest.at("/shards/train/0"))
                    .put("bytes", content.length)
                    .put("sha256", Sha256.hex(content)));
            refused(section, "train/part-00000.parquet: ");
        }
    }

    /** A Parquet file whose footer says that it has so many rows. */
    private static byte[] saying(int rows, byte[] content) throws IOException {
        ByteBuffer end = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
        int start = content.length - 8 - end.getInt(content.length - 8);
        FileMetaData footer =
                Util.readFileMetaData(new ByteArrayInputStream(content, start, content.length - 8 - start));
        footer.setNum_rows(rows);
        footer.getRow_groups().get(0).setNum_rows(rows);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(content, 0, start);
        Util.writeFileMetaData(footer, out);
        int length = out.size() - start;
        out.write(ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(length)
                .array());
        out.write("PAR1".getBytes(UTF_8));
        return out.toByteArray();
    }

    @Test
    void aLineOfTenMegabytesOfCsvIsRefused() {
        for (String line : new String[] {
            "7".repeat(LONG_LINE),
            '"' + "a".repeat(LONG_LINE) + '"',
            "1,".repeat(LONG_LINE / 2),
            "\"\n".repeat(LONG_LINE / 2)
        }) {
            refused(csv(line + "\n1,0\n2,1\n"));
            refused(csv("x,y\n1,0\n" + line + "\n2,1\n"));
            refused(csv("x,y\n1,0\n2,1\n" + line));
        }
        String names = IntStream.range(0, 100_000)
                        .mapToObj(j -> "a-name-that-is-long" + j + ",")
                        .reduce(new StringBuilder(), StringBuilder::append, StringBuilder::append)
                + "y";
        refused(csv(names + "\n1,0\n"), "line 2 has 2 values, expected 100001");
        refused(csv(names.substring(0, 4000).replace(",", "") + ",y\nx,0\n"), "line 2, column 1 (a-name");
    }

    @Test
    void aLineOfTenMegabytesOfLibsvmIsRefusedOrRead() {
        for (String line :
                new String[] {"7".repeat(LONG_LINE), "1 1:" + "7".repeat(LONG_LINE), "1 " + "2:1 ".repeat(LONG_LINE / 4)
                }) {
            refused(libsvm(line + "\n1 1:0\n"), "line 1: got \"");
            refused(libsvm("0 1:1\n1 1:0\n" + line), "line 3: got \"");
        }
        RawExamples read = raw(libsvm("0 1:1\n1 1:0 #" + "x".repeat(LONG_LINE) + "\n"));
        assertEquals(2, read.size());
        StringBuilder wide = new StringBuilder("0");
        for (int j = 1; wide.length() < LONG_LINE; j++) {
            wide.append(' ').append(j).append(":1");
        }
        assertEquals(2, raw(libsvm(wide + "\n1 1:0\n")).size());
    }

    /** A few bytes of a file, or of the section, that ask for more numbers than there is memory. */
    @Test
    void moreNumbersThanMemoryHoldsAreRefused() {
        refused(libsvm("0 1:1\n1 16777216:1\n".repeat(64)), "128 examples of 16777216 features", "DRIVER_MEMORY");
        refused(
                csv("a,b,c,d,e,f,g,h,y\n" + "a,,,,,,,,0\nb,,,,,,,,1\n".repeat(500))
                        + ", holes = mean, categories = [a, b, c, d, e, f, g, h], buckets = 1048576",
                "1000 examples of 8388608 features",
                "prepare them first");
        refused(
                libsvm("0 1:1\n1 16384:1\n".repeat(9)) + "\nproject = rotation",
                "data.project.type: got rotation of 16384 features");
    }

    private String csv(String content) {
        return "source = csv, path = \"" + IdxBytes.write(input, "t.csv", content.getBytes(UTF_8)) + "\"";
    }

    private String libsvm(String content) {
        return "source = libsvm, path = \"" + IdxBytes.write(input, "t.libsvm", content.getBytes(UTF_8)) + "\"";
    }

    private void edit(Consumer<ObjectNode> change) {
        try {
            Path file = input.resolve("prepared/manifest.json");
            ObjectMapper mapper = new ObjectMapper();
            ObjectNode manifest = (ObjectNode) mapper.readTree(file.toFile());
            change.accept(manifest);
            mapper.writeValue(file.toFile(), Sealed.seal(manifest));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static RawExamples raw(String section) {
        return ((RawSource) Specs.of(section).source()).read(CONF).development();
    }

    /** Refused on the way to prepared data, of which then nothing is there. */
    private void refused(String section, String... parts) {
        List<String> before = listing();
        OneLine.of(
                () -> Preparation.prepare(
                        Specs.of(section), folder.resolve("new/out").toString(), 2, false, CONF),
                parts);
        assertEquals(before, listing());
    }

    private List<String> listing() {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.map(Path::toString).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
