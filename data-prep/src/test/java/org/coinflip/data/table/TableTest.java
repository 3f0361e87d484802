package org.coinflip.data.table;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.coinflip.data.DataSpec;
import org.coinflip.data.Dataset;
import org.coinflip.data.IdxBytes;
import org.coinflip.data.OneLine;
import org.coinflip.data.Preparation;
import org.coinflip.data.SameExamples;
import org.coinflip.data.Selection;
import org.coinflip.data.Specs;
import org.coinflip.data.Split;
import org.coinflip.data.Subset;
import org.coinflip.data.raw.RawData;
import org.coinflip.data.raw.RawExamples;
import org.coinflip.data.source.RawSource;
import org.coinflip.model.example.Examples;
import org.coinflip.model.transform.Transformation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the columns of a table become. */
class TableTest {
    private static final Configuration CONF = new Configuration();

    @TempDir
    private Path folder;

    @Test
    void categoriesBecomeOneFeatureALevel() {
        RawData data = read("size,colour,kind\n1,red,a\n2,blue,b\n3,red,a\n", "categories = [colour]");
        assertEquals(List.of("size", "colour=blue", "colour=red"), data.naming().columns());
        assertArrayEquals(new float[] {1, 0, 1}, row(data.development(), 0));
        assertArrayEquals(new float[] {2, 1, 0}, row(data.development(), 1));
        assertEquals(List.of("a", "b"), data.naming().names());
    }

    @Test
    void categoriesMayBeHashed() {
        RawData data = read("colour,kind\nred,0\nblue,1\nred,0\n", "categories = [colour]", "buckets = 5");
        float[] red = row(data.development(), 0);
        assertEquals(5, red.length);
        assertEquals(1, IntStream.range(0, 5).filter(j -> red[j] == 1).count());
        assertArrayEquals(red, row(data.development(), 2));
    }

    @Test
    void aTextThatIsNoCategoryIsRefusedWithTheRemedy() {
        OneLine.ofData(
                () -> read("size,colour,kind\n1,red,0\n"),
                "line 2, column 2 (colour): got \"red\", expected a finite number: correct the value or leave the row out,"
                        + " or name the column in data.categories");
        OneLine.ofData(() -> read("a,b\n1,0\n", "categories = [b]"), "column 2 (b) is named in data.categories");
        OneLine.ofData(() -> read("a,b\n1,0\n", "categories = [c]"), "has no column \"c\"", "correct data.categories");
    }

    @Test
    void holesAreRefusedUnlessSomethingStandsForThem() {
        OneLine.ofData(() -> read("a,b\n1,0\n,1\n"), "line 3, column 1 (a): got nothing", "data.holes");
        RawData data = read("a,b\n1,0\nNA,1\n", "holes = mean", "hole-values = [NA]");
        assertTrue(Float.isNaN(data.development().feature(1, 0)));
        OneLine.ofData(() -> read("a,b\n1,0\nNA,1\n", "holes = mean"), "got \"NA\", expected a finite number");
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
        Dataset data = dataset(table, with(keys, holes));
        assertEquals(filled, data.examples(Split.TRAIN).feature(1, 0));
        assertEquals(filled, data.examples(Split.VALID).feature(0, 0));
        assertEquals(filled, data.examples(Split.TEST).feature(0, 0));
        assertEquals(100f, data.examples(Split.VALID).feature(1, 0));
        assertEquals(6f, data.examples(Split.TRAIN).feature(1, 1));
    }

    @Test
    void holesMayHaveAFeatureOfTheirOwn() {
        RawData data = read("a,b,y\n1,5,0\n,6,1\n", "holes { type = mean, mark = true }");
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
                        "a,colour,y\n1,red,0\n,blue,1\n3,red,0\n4,blue,1\n", keys, "split { seed = 0 }")
                .description()
                .transformation();
        Selection other = Selection.open(
                spec("colour,y,a\nblue,1,\nblue,1,7\n", keys), Subset.ALL, trained, OptionalInt.of(2), CONF);
        Examples seen = other.shards(1).get(0).read();
        assertArrayEquals(new float[] {9, 1, 1, 0}, row(seen, 0));
        assertArrayEquals(new float[] {7, 0, 1, 0}, row(seen, 1));
        OneLine.ofData(
                () -> Selection.open(
                        spec("colour,y,a\ngreen,1,2\n", keys), Subset.ALL, trained, OptionalInt.of(2), CONF),
                "column 1 (colour) has \"green\", expected one of the 2 texts");
        OneLine.ofData(
                () -> Selection.open(
                        spec("y,a\n1,2\n", "label-column = y"), Subset.ALL, trained, OptionalInt.of(2), CONF),
                "lacks the column \"colour\"");
    }

    @Test
    void idsAreTheRowsOwnAndTheOrderOfRowsDoesNotCount() {
        RawExamples some =
                read("id,x,y\n30,3,0\n-10,1,1\n20,2,0\n", "id-column = id").development();
        assertEquals(-10, some.id(0));
        assertEquals(20, some.id(1));
        assertEquals(2f, some.feature(1, 0));
        assertEquals(0, some.label(2));
        String[] keys = {"id-column = id", "weight-column = w", "split { valid = 3, test = 3 }"};
        StringBuilder forth = new StringBuilder("id,x,w,y\n");
        StringBuilder back = new StringBuilder("id,x,w,y\n");
        for (int i = 0; i < 12; i++) {
            forth.append(line(i));
            back.append(line(11 - i));
        }
        for (Split split : Split.values()) {
            Examples one = dataset(forth.toString(), keys).examples(split);
            Examples two = dataset(back.toString(), keys).examples(split);
            assertEquals(one.size(), two.size());
            for (int i = 0; i < one.size(); i++) {
                assertEquals(one.id(i), two.id(i));
                assertEquals(one.feature(i, 0), two.feature(i, 0));
                assertEquals(one.weight(i), two.weight(i));
            }
        }
        OneLine.ofData(
                () -> read("id,x,y\n1,3,0\n2,1,1\n1,2,0\n", "id-column = id"), "examples 1 and 3 both have the id 1");
        OneLine.ofData(() -> read("id,x,y\n1.5,3,0\n", "id-column = id"), "expected an id, a whole number of 64 bits");
    }

    private static String line(int i) {
        return 100 * i + "," + i * i + "," + (i + 1) + "," + i % 2 + "\n";
    }

    @Test
    void weightsOfTrainingExamplesHaveMeanOne() {
        StringBuilder table = new StringBuilder("x,w,y\n");
        for (int i = 0; i < 20; i++) {
            table.append(i).append(',').append(i + 1).append(',').append(i % 2).append('\n');
        }
        Examples train = dataset(table.toString(), "weight-column = w").examples(Split.TRAIN);
        double mean = IntStream.range(0, train.size())
                .mapToDouble(train::weight)
                .average()
                .orElseThrow();
        assertEquals(1, mean, 20 * 0x1p-24);
        assertEquals(
                (train.id(3) + 1.0) / (train.id(2) + 1.0),
                train.weight(3) / (double) train.weight(2),
                4 * 0x1p-24 * 20);
        OneLine.ofData(() -> read("x,w,y\n1,-1,0\n", "weight-column = w"), "expected a weight");
        OneLine.ofData(() -> dataset("x,w,y\n" + "1,0,0\n2,0,1\n".repeat(5), "weight-column = w"), "has weight 0");
    }

    @Test
    void preparedDataKeepWeightsCodesAndHoles() {
        StringBuilder table = new StringBuilder("x,c,w,y\n");
        for (int i = 0; i < 40; i++) {
            table.append(i % 5 == 0 ? "" : i)
                    .append(",c")
                    .append(i % 3)
                    .append(',')
                    .append(i + 1)
                    .append(',');
            table.append(i % 2 == 0 ? "even" : "odd").append('\n');
        }
        DataSpec raw = spec(
                table.toString(),
                "weight-column = w, categories = [c], holes { type = median, mark = true }, scale = standard");
        String output = folder.resolve("prepared").toString();
        Preparation.prepare(raw, output, 3, false, CONF);
        Dataset prepared = Dataset.open(Specs.of("source = prepared", "path = \"" + output + "\""), CONF);
        Dataset whole = Dataset.open(raw, CONF);
        assertEquals(
                whole.description().transformation(), prepared.description().transformation());
        assertEquals(5, prepared.description().width());
        for (Split split : Split.values()) {
            SameExamples.assertSame(whole.examples(split), prepared.examples(split));
            for (int i = 0; i < whole.examples(split).size(); i++) {
                assertEquals(
                        whole.examples(split).weight(i),
                        prepared.examples(split).weight(i));
            }
        }
        assertTrue(prepared.examples(Split.TRAIN).areWeighted());
    }

    @Test
    void classesMayCountAlike() {
        StringBuilder table = new StringBuilder("x,w,y\n");
        for (int i = 0; i < 50; i++) {
            table.append(i)
                    .append(',')
                    .append(1 + i % 2)
                    .append(',')
                    .append(i % 5 == 0 ? "rare" : "usual")
                    .append('\n');
        }
        Dataset balanced = dataset(table.toString(), "class-weights = balanced, leave-out = [w]");
        double[] sums = sums(balanced.examples(Split.TRAIN));
        assertEquals(20, sums[0], 40 * 0x1p-24 * 20);
        assertEquals(20, sums[1], 40 * 0x1p-24 * 20);
        Examples given = dataset(table.toString(), "class-weights = [6, 2], weight-column = w")
                .examples(Split.TRAIN);
        for (int i = 0; i < given.size(); i++) {
            double expected = (1 + given.id(i) % 2) * (given.label(i) == 0 ? 3 : 1);
            assertEquals(
                    expected * given.weight(0) / ((1 + given.id(0) % 2) * (given.label(0) == 0 ? 3 : 1)),
                    given.weight(i),
                    1e-5);
        }
        Examples tested = balanced.examples(Split.TEST);
        assertEquals(1f, tested.weight(0));
        OneLine.ofUsage(() -> dataset(table.toString(), "class-weights = [1, 2, 3]"), "got 3 numbers, expected 2");
        OneLine.ofUsage(() -> dataset(table.toString(), "class-weights = [1, -2]"), "data.class-weights");
        OneLine.ofUsage(() -> dataset(table.toString(), "class-weights = balance"), "one of none, balanced");
        // what a training goes on with has to count as before
        assertNotEquals(
                dataset(table.toString(), "leave-out = [w]").description().weightsSha256(),
                balanced.description().weightsSha256());
    }

    private static double[] sums(Examples examples) {
        double[] sums = new double[examples.classes()];
        for (int i = 0; i < examples.size(); i++) {
            sums[examples.label(i)] += examples.weight(i);
        }
        return sums;
    }

    @Test
    void labelsMayBeValues() {
        StringBuilder table = new StringBuilder("x,w,y\n");
        for (int i = 0; i < 40; i++) {
            table.append(i)
                    .append(',')
                    .append(i + 1)
                    .append(',')
                    .append(Math.sin(i))
                    .append('\n');
        }
        DataSpec raw = spec(table.toString(), "label-type = values, weight-column = w");
        Dataset whole = Dataset.open(raw, CONF);
        assertEquals(0, whole.description().classes());
        assertEquals(32, whole.description().split(Split.TRAIN).examples());
        Examples train = whole.examples(Split.TRAIN);
        for (int i = 0; i < train.size(); i++) {
            assertEquals((float) Math.sin(train.id(i)), train.value(i, 0));
        }
        String output = folder.resolve("prepared").toString();
        Preparation.prepare(raw, output, 3, false, CONF);
        Dataset prepared = Dataset.open(Specs.of("source = prepared", "path = \"" + output + "\""), CONF);
        for (Split split : Split.values()) {
            Examples expected = whole.examples(split);
            Examples got = prepared.examples(split);
            SameExamples.assertSame(expected, got);
            for (int i = 0; i < expected.size(); i++) {
                assertEquals(expected.value(i, 0), got.value(i, 0));
                assertEquals(expected.weight(i), got.weight(i));
            }
        }
        OneLine.ofData(
                () -> read("x,y\n1,high\n", "label-type = values"), "column 2 (y): got \"high\"", "a finite number");
        OneLine.ofUsage(() -> read("x,y\n1,2\n", "label-type = values", "classes = 2"), "data.classes");
    }

    @Test
    void featuresMayBeChosenOrLeftOut() {
        String table = "a,b,c,y\n1,2,3,0\n4,5,6,1\n";
        assertArrayEquals(
                new float[] {3, 1}, row(read(table, "features = [c, a]").development(), 0));
        assertArrayEquals(new float[] {1, 3}, row(read(table, "leave-out = [b]").development(), 0));
        OneLine.ofData(() -> read(table, "features = [y]"), "column 4 (y) is a feature and something else");
        OneLine.ofUsage(() -> read(table, "features = [a]", "leave-out = [b]"), "data.leave-out");
    }

    @Test
    void labelsMayBeOfTwoSigns() {
        RawData data = read("x,y\n1,-1\n2,1\n3,-1\n");
        assertEquals(List.of("-1", "1"), data.naming().names());
        assertEquals(1, data.development().label(1));
    }

    @Test
    void groupsAreNotDivided() {
        StringBuilder table = new StringBuilder("x,patient,y\n");
        for (int i = 0; i < 60; i++) {
            table.append(i)
                    .append(",p")
                    .append(i % 11)
                    .append(',')
                    .append(i % 2)
                    .append('\n');
        }
        long[] tested = new long[11];
        for (int fold = 0; fold < 4; fold++) {
            Dataset data = dataset(table.toString(), "split { group = patient, folds = 4, fold = " + fold + " }");
            int[] splitsOfGroup = new int[11];
            int all = 0;
            for (Split split : Split.values()) {
                Examples some = data.examples(split);
                all += some.size();
                for (int i = 0; i < some.size(); i++) {
                    splitsOfGroup[(int) (some.id(i) % 11)] |= 1 << split.ordinal();
                    if (split == Split.TEST) {
                        tested[(int) (some.id(i) % 11)]++;
                    }
                }
            }
            assertEquals(60, all);
            assertTrue(Arrays.stream(splitsOfGroup).allMatch(bits -> Integer.bitCount(bits) == 1));
        }
        for (int group = 0; group < 11; group++) {
            assertEquals(60 / 11 + (group < 60 % 11 ? 1 : 0), tested[group]);
        }
    }

    @Test
    void theLatestAreTestedOn() {
        StringBuilder table = new StringBuilder("when,x,y\n");
        for (int i = 0; i < 20; i++) {
            table.append(String.format("2026-11-%02d,%d,%d%n", 1 + i * 7 % 20, i, i % 2));
        }
        Dataset data = dataset(table.toString(), "split { time = when, valid = 4, test = 3 }");
        assertEquals(List.of(18, 19, 20), days(data, Split.TEST));
        assertEquals(List.of(14, 15, 16, 17), days(data, Split.VALID));
        assertEquals(13, days(data, Split.TRAIN).size());
        OneLine.ofData(
                () -> dataset("when,x,y\nyesterday,1,0\n", "split { time = when }"),
                "expected a number, or a date such as");
        OneLine.ofData(
                () -> dataset("when,x,y\n+999999999-12-31,1,0\n", "split { time = when }"),
                "expected a number, or a date such as");
        OneLine.ofUsage(() -> spec("when,x,y\n", "split { time = when, seed = 3 }"), "data.split.seed", "beside time");
        OneLine.ofUsage(() -> spec("when,x,y\n", "split { time = when, group = x }"), "nothing beside group");
    }

    private static List<Integer> days(Dataset data, Split split) {
        Examples some = data.examples(split);
        return IntStream.range(0, some.size())
                .mapToObj(i -> 1 + (int) some.id(i) * 7 % 20)
                .sorted()
                .toList();
    }

    @Test
    void aColumnMaySayTheSplit() {
        Dataset data = dataset(
                "x,part,y\n1,train,0\n2,test,1\n3,valid,0\n4,train,1\n5,validation,1\n", "split { column = part }");
        assertEquals(2, data.description().split(Split.TRAIN).examples());
        assertEquals(2, data.description().split(Split.VALID).examples());
        assertEquals(1, data.examples(Split.TEST).id(0));
        OneLine.ofData(
                () -> dataset("x,part,y\n1,train,0\n2,train,1\n3,valid,0\n4,valid,1\n", "split { column = part }"),
                "no row has test in column part");
        OneLine.ofData(() -> dataset("x,part,y\n1,tset,0\n", "split { column = part }"), "got \"tset\"");
    }

    @Test
    void filesOfAFolderOrAPatternAreOneTable() throws IOException {
        Path parts = Files.createDirectories(folder.resolve("parts"));
        write(parts.resolve("part-1.csv"), "x,y\n3,b\n4,c\n");
        write(parts.resolve("part-0.csv"), "x,y\n1,a\n2,b\n");
        Files.write(parts.resolve("part-2.csv"), IdxBytes.gzip("x,y\n5,a\n".getBytes(StandardCharsets.UTF_8)));
        write(parts.resolve("_SUCCESS"), "");
        write(parts.resolve("part-9.csv"), "");
        RawData whole = read("x,y\n1,a\n2,b\n3,b\n4,c\n5,a\n");
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
        RawData data = read("\ufeff\"the size, in m\",y\r\n\"1\",a\r\n2,\"b \"\"x\"\"\"\r\n");
        assertEquals(List.of("the size, in m"), data.naming().columns());
        assertEquals(List.of("a", "b \"x\""), data.naming().names());
        assertEquals(2f, data.development().feature(1, 0));
        assertEquals(
                2, read("x;y\n1;0\n2;1\n", "delimiter = \";\"").development().size());
    }

    private RawData read(String content, String... keys) {
        return ((RawSource) spec(content, keys).source()).read(CONF);
    }

    private Dataset dataset(String content, String... keys) {
        return Dataset.open(spec(content, keys), CONF);
    }

    private DataSpec spec(String content, String... keys) {
        String path = IdxBytes.write(folder, "table.csv", content.getBytes(StandardCharsets.UTF_8));
        return Specs.of(with(keys, "source = csv", "path = \"" + path + "\""));
    }

    private static void write(Path file, String content) throws IOException {
        Files.writeString(file, content);
    }

    private static String[] with(String[] keys, String... more) {
        String[] all = Arrays.copyOf(more, more.length + keys.length);
        System.arraycopy(keys, 0, all, more.length, keys.length);
        return all;
    }

    private static float[] row(RawExamples examples, int i) {
        float[] row = new float[examples.width()];
        for (int j = 0; j < row.length; j++) {
            row[j] = examples.feature(i, j);
        }
        return row;
    }

    private static float[] row(Examples examples, int i) {
        float[] row = new float[examples.width()];
        for (int j = 0; j < row.length; j++) {
            row[j] = examples.feature(i, j);
        }
        return row;
    }
}
