package org.coinflip.data;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.coinflip.data.SmallSource.LABELS;
import static org.junit.jupiter.api.Assertions.assertEquals;

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
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.Util;
import org.coinflip.data.raw.RawExamples;
import org.coinflip.model.storage.Sealed;
import org.coinflip.model.storage.Sha256;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What says that it is larger than it is, or is larger than there is memory for, is refused in one line, and leaves nothing behind. */
class SourceLimitsTest {
    private static final int BILLION = 1_000_000_000;
    private static final int LONG_LINE = 10 << 20;

    @TempDir
    private Path folder;

    private Path input;

    @BeforeEach
    void makeRoom() throws IOException {
        input = Files.createDirectory(folder.resolve("input"));
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
                    Refusal.of(folder, section, "as the header says");
                    Files.write(file, IdxBytes.gzip(vast));
                    Refusal.of(folder, section, "as the header says");
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
        Refusal.of(folder, section, "as the header says");
    }

    @Test
    void aMatrixThatSaysABillionIsRefused() {
        for (int[] sizes : new int[][] {{BILLION, 3}, {3, BILLION}, {BILLION, BILLION}, {1 << 16, 1 << 16}}) {
            byte[] vast = MatBytes.littleEndian()
                    .compressed()
                    .variable("X", MatBytes.UINT8_CLASS, sizes, 2, new byte[100])
                    .file();
            IdxBytes.write(input, "train.mat", vast);
            Refusal.of(
                    folder,
                    "source = matlab, valid = none, test = none, path = \"" + input + "\"",
                    sizes[0] + " examples of " + sizes[1] + " features",
                    "DRIVER_MEMORY");
        }
    }

    @Test
    void aManifestThatSaysABillionIsRefused() {
        String section = SmallSource.PREPARED.write(input, LABELS);
        edit(manifest -> ((ObjectNode) manifest.at("/shards/train/0")).put("examples", BILLION));
        Refusal.of(folder, section, "contradicts itself");
        edit(manifest -> {
            long others = manifest.at("/shards/train/1/examples").asLong();
            ((ObjectNode) manifest.at("/description/splits/train")).put("examples", BILLION + others);
            ArrayNode histogram = (ArrayNode) manifest.at("/description/splits/train/classHistogram");
            histogram.removeAll().add(BILLION).add(others).add(0);
        });
        Refusal.of(folder, section, "train/part-00000.parquet: got ", "expected 1000000000");
    }

    @Test
    void aManifestThatSaysABillionFeaturesOrClassesIsRefused() {
        String section = SmallSource.PREPARED.write(input, LABELS);
        edit(manifest -> ((ObjectNode) manifest.at("/description")).put("width", BILLION));
        Refusal.of(folder, section, "contradicts itself");
        edit(manifest ->
                ((ObjectNode) manifest.at("/description")).put("width", 3).put("classes", BILLION));
        Refusal.of(folder, section, "contradicts itself");
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
            Refusal.of(folder, section, "train/part-00000.parquet: ");
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
            Refusal.of(folder, csv(line + "\n1,0\n2,1\n"));
            Refusal.of(folder, csv("x,y\n1,0\n" + line + "\n2,1\n"));
            Refusal.of(folder, csv("x,y\n1,0\n2,1\n" + line));
        }
        String names = IntStream.range(0, 100_000)
                        .mapToObj(j -> "a-name-that-is-long" + j + ",")
                        .reduce(new StringBuilder(), StringBuilder::append, StringBuilder::append)
                + "y";
        Refusal.of(folder, csv(names + "\n1,0\n"), "line 2 has 2 values, expected 100001");
        Refusal.of(folder, csv(names.substring(0, 4000).replace(",", "") + ",y\nx,0\n"), "line 2, column 1 (a-name");
    }

    @Test
    void aLineOfTenMegabytesOfLibsvmIsRefusedOrRead() {
        for (String line :
                new String[] {"7".repeat(LONG_LINE), "1 1:" + "7".repeat(LONG_LINE), "1 " + "2:1 ".repeat(LONG_LINE / 4)
                }) {
            Refusal.of(folder, libsvm(line + "\n1 1:0\n"), "line 1: got \"");
            Refusal.of(folder, libsvm("0 1:1\n1 1:0\n" + line), "line 3: got \"");
        }
        RawExamples read = Specs.raw(libsvm("0 1:1\n1 1:0 #" + "x".repeat(LONG_LINE) + "\n"));
        assertEquals(2, read.size());
        StringBuilder wide = new StringBuilder("0");
        for (int j = 1; wide.length() < LONG_LINE; j++) {
            wide.append(' ').append(j).append(":1");
        }
        assertEquals(2, Specs.raw(libsvm(wide + "\n1 1:0\n")).size());
    }

    /** A few bytes of a file, or of the section, that ask for more numbers than there is memory. */
    @Test
    void moreNumbersThanMemoryHoldsAreRefused() {
        Refusal.of(
                folder,
                libsvm("0 1:1\n1 16777216:1\n".repeat(64)),
                "128 examples of 16777216 features",
                "DRIVER_MEMORY");
        Refusal.of(
                folder,
                csv("a,b,c,d,e,f,g,h,y\n" + "a,,,,,,,,0\nb,,,,,,,,1\n".repeat(500))
                        + ", holes = mean, categories = [a, b, c, d, e, f, g, h], buckets = 1048576",
                "1000 examples of 8388608 features",
                "prepare them first");
        Refusal.of(
                folder,
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
}
