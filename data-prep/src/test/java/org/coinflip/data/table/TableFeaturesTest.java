package org.coinflip.data.table;

import static org.coinflip.data.table.CsvTable.dataset;
import static org.coinflip.data.table.CsvTable.read;
import static org.coinflip.data.table.CsvTable.row;
import static org.coinflip.data.table.CsvTable.spec;
import static org.coinflip.data.table.CsvTable.with;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.coinflip.data.Dataset;
import org.coinflip.data.IdxBytes;
import org.coinflip.data.OneLine;
import org.coinflip.data.Selection;
import org.coinflip.data.Specs;
import org.coinflip.data.Split;
import org.coinflip.data.Subset;
import org.coinflip.data.raw.RawData;
import org.coinflip.data.source.RawSource;
import org.coinflip.model.example.Examples;
import org.coinflip.model.transform.Transformation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the columns of a table become as features: categories, holes, those that are chosen; and the files that a table is of. */
class TableFeaturesTest {
    private static final Configuration CONF = new Configuration();

    @TempDir
    private Path folder;

    @Test
    void categoriesBecomeOneFeatureALevel() {
        RawData data = read(folder, "size,colour,kind\n1,red,a\n2,blue,b\n3,red,a\n", "categories = [colour]");
        assertEquals(List.of("size", "colour=blue", "colour=red"), data.naming().columns());
        assertArrayEquals(new float[] {1, 0, 1}, row(data.development(), 0));
        assertArrayEquals(new float[] {2, 1, 0}, row(data.development(), 1));
        assertEquals(List.of("a", "b"), data.naming().names());
    }

    @Test
    void categoriesMayBeHashed() {
        RawData data = read(folder, "colour,kind\nred,0\nblue,1\nred,0\n", "categories = [colour]", "buckets = 5");
        float[] red = row(data.development(), 0);
        assertEquals(5, red.length);
        assertEquals(1, IntStream.range(0, 5).filter(j -> red[j] == 1).count());
        assertArrayEquals(red, row(data.development(), 2));
    }

    @Test
    void aTextThatIsNoCategoryIsRefusedWithTheRemedy() {
        OneLine.ofData(
                () -> read(folder, "size,colour,kind\n1,red,0\n"),
                "line 2, column 2 (colour): got \"red\", expected a finite number: correct the value or leave the row out,"
                        + " or name the column in data.categories");
        OneLine.ofData(
                () -> read(folder, "a,b\n1,0\n", "categories = [b]"), "column 2 (b) is named in data.categories");
        OneLine.ofData(
                () -> read(folder, "a,b\n1,0\n", "categories = [c]"), "has no column \"c\"", "correct data.categories");
    }

    @Test
    void holesAreRefusedUnlessSomethingStandsForThem() {
        OneLine.ofData(() -> read(folder, "a,b\n1,0\n,1\n"), "line 3, column 1 (a): got nothing", "data.holes");
        RawData data = read(folder, "a,b\n1,0\nNA,1\n", "holes = mean", "hole-values = [NA]");
        assertTrue(Float.isNaN(data.development().feature(1, 0)));
        OneLine.ofData(() -> read(folder, "a,b\n1,0\nNA,1\n", "holes = mean"), "got \"NA\", expected a finite number");
    }

    @Test
    void holesAreFilledFromTheTrainingExamples() {
        String table = "part,a,b,y\n" + "train,1,5,0\ntrain,,6,1\ntrain,3,7,0\ntrain,8,8,1\n"
                + "valid,,7,0\nvalid,100,5,1\ntest,,5,0\n";
        String[] keys = {"split { column = part }", "scale = none"};
        assertFilled(4f, table, "holes = mean", keys);
        assertFilled(3f, table, "holes = median", keys);
        assertFilled(-1f, table, "holes { type = constant, value = -1 }", keys);
    }

    private void assertFilled(float filled, String table, String holes, String... keys) {
        Dataset data = dataset(folder, table, with(keys, holes));
        assertEquals(filled, data.examples(Split.TRAIN).feature(1, 0));
        assertEquals(filled, data.examples(Split.VALID).feature(0, 0));
        assertEquals(filled, data.examples(Split.TEST).feature(0, 0));
        assertEquals(100f, data.examples(Split.VALID).feature(1, 0));
        assertEquals(6f, data.examples(Split.TRAIN).feature(1, 1));
    }

    @Test
    void holesMayHaveAFeatureOfTheirOwn() {
        RawData data = read(folder, "a,b,y\n1,5,0\n,6,1\n", "holes { type = mean, mark = true }");
        assertEquals(List.of("a", "a missing", "b"), data.naming().columns());
        assertArrayEquals(new float[] {1, 0, 5}, row(data.development(), 0));
        assertTrue(Float.isNaN(data.development().feature(1, 0)));
        assertEquals(1f, data.development().feature(1, 1));
    }

    @Test
    void aNetworkReadsOtherTablesByItsOwnCodes() {
        String keys =
                "label-column = y, holes { type = constant, value = 9, mark = true }, categories = [colour], scale = none,"
                        + " split { valid = 1, test = 1 }";
        Transformation trained = dataset(
                        folder, "a,colour,y\n1,red,0\n,blue,1\n3,red,0\n4,blue,1\n", keys, "split { seed = 0 }")
                .description()
                .transformation();
        Selection other = Selection.open(
                spec(folder, "colour,y,a\nblue,1,\nblue,1,7\n", keys), Subset.ALL, trained, OptionalInt.of(2), CONF);
        Examples seen = other.shards(1).get(0).read();
        assertArrayEquals(new float[] {9, 1, 1, 0}, row(seen, 0));
        assertArrayEquals(new float[] {7, 0, 1, 0}, row(seen, 1));
        OneLine.ofData(
                () -> Selection.open(
                        spec(folder, "colour,y,a\ngreen,1,2\n", keys), Subset.ALL, trained, OptionalInt.of(2), CONF),
                "column 1 (colour) has \"green\", expected one of the 2 texts");
        OneLine.ofData(
                () -> Selection.open(
                        spec(folder, "y,a\n1,2\n", "label-column = y"), Subset.ALL, trained, OptionalInt.of(2), CONF),
                "lacks the column \"colour\"");
    }

    @Test
    void featuresMayBeChosenOrLeftOut() {
        String table = "a,b,c,y\n1,2,3,0\n4,5,6,1\n";
        assertArrayEquals(
                new float[] {3, 1}, row(read(folder, table, "features = [c, a]").development(), 0));
        assertArrayEquals(
                new float[] {1, 3}, row(read(folder, table, "leave-out = [b]").development(), 0));
        OneLine.ofData(() -> read(folder, table, "features = [y]"), "column 4 (y) is a feature and something else");
        OneLine.ofUsage(() -> read(folder, table, "features = [a]", "leave-out = [b]"), "data.leave-out");
    }

    @Test
    void filesOfAFolderOrAPatternAreOneTable() throws IOException {
        Path parts = Files.createDirectories(folder.resolve("parts"));
        write(parts.resolve("part-1.csv"), "x,y\n3,b\n4,c\n");
        write(parts.resolve("part-0.csv"), "x,y\n1,a\n2,b\n");
        Files.write(parts.resolve("part-2.csv"), IdxBytes.gzip("x,y\n5,a\n".getBytes(StandardCharsets.UTF_8)));
        write(parts.resolve("_SUCCESS"), "");
        write(parts.resolve("part-9.csv"), "");
        RawData whole = read(folder, "x,y\n1,a\n2,b\n3,b\n4,c\n5,a\n");
        for (String path : List.of(parts.toString(), parts + "/part-*.csv", parts + "/part-{0,1,2}.csv")) {
            RawData data = ((RawSource)
                            Specs.of("source = csv", "path = \"" + path + "\"").source())
                    .read(CONF);
            assertEquals(whole.naming(), data.naming());
            assertEquals(3, data.files().size());
            for (int i = 0; i < 5; i++) {
                assertEquals(whole.development().id(i), data.development().id(i));
                assertEquals(whole.development().label(i), data.development().label(i));
                assertEquals(
                        whole.development().feature(i, 0), data.development().feature(i, 0));
            }
        }
        write(parts.resolve("part-3.csv"), "y,x\nb,3\n");
        OneLine.ofData(
                () -> ((RawSource) Specs.of("source = csv", "path = \"" + parts + "\"")
                                .source())
                        .read(CONF),
                "part-3.csv: line 1 names other columns");
        OneLine.ofData(
                () -> ((RawSource) Specs.of("source = csv", "path = \"" + parts + "/*.tsv\"")
                                .source())
                        .read(CONF),
                "no file matches the pattern");
    }

    @Test
    void readsTablesAsSpreadsheetsWriteThem() {
        RawData data = read(folder, "\ufeff\"the size, in m\",y\r\n\"1\",a\r\n2,\"b \"\"x\"\"\"\r\n");
        assertEquals(List.of("the size, in m"), data.naming().columns());
        assertEquals(List.of("a", "b \"x\""), data.naming().names());
        assertEquals(2f, data.development().feature(1, 0));
        assertEquals(
                2,
                read(folder, "x;y\n1;0\n2;1\n", "delimiter = \";\"")
                        .development()
                        .size());
    }

    private static void write(Path file, String content) throws IOException {
        Files.writeString(file, content);
    }
}
