package org.coinflip.data.table;

import static org.coinflip.data.table.CsvTable.dataset;
import static org.coinflip.data.table.CsvTable.read;
import static org.coinflip.data.table.CsvTable.spec;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.coinflip.data.DataSpec;
import org.coinflip.data.Dataset;
import org.coinflip.data.OneLine;
import org.coinflip.data.Preparation;
import org.coinflip.data.SameExamples;
import org.coinflip.data.Specs;
import org.coinflip.data.Split;
import org.coinflip.data.raw.RawData;
import org.coinflip.data.raw.RawExamples;
import org.coinflip.model.example.Examples;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the columns of a table become as labels, weights and ids. */
class TableLabelsTest {
    private static final Configuration CONF = new Configuration();

    @TempDir
    private Path folder;

    @Test
    void idsAreTheRowsOwnAndTheOrderOfRowsDoesNotCount() {
        RawExamples some = read(folder, "id,x,y\n30,3,0\n-10,1,1\n20,2,0\n", "id-column = id")
                .development();
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
            Examples one = dataset(folder, forth.toString(), keys).examples(split);
            Examples two = dataset(folder, back.toString(), keys).examples(split);
            assertEquals(one.size(), two.size());
            for (int i = 0; i < one.size(); i++) {
                assertEquals(one.id(i), two.id(i));
                assertEquals(one.feature(i, 0), two.feature(i, 0));
                assertEquals(one.weight(i), two.weight(i));
            }
        }
        OneLine.ofData(
                () -> read(folder, "id,x,y\n1,3,0\n2,1,1\n1,2,0\n", "id-column = id"),
                "examples 1 and 3 both have the id 1");
        OneLine.ofData(
                () -> read(folder, "id,x,y\n1.5,3,0\n", "id-column = id"), "expected an id, a whole number of 64 bits");
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
        Examples train = dataset(folder, table.toString(), "weight-column = w").examples(Split.TRAIN);
        double mean = IntStream.range(0, train.size())
                .mapToDouble(train::weight)
                .average()
                .orElseThrow();
        assertEquals(1, mean, 20 * 0x1p-24);
        assertEquals(
                (train.id(3) + 1.0) / (train.id(2) + 1.0),
                train.weight(3) / (double) train.weight(2),
                4 * 0x1p-24 * 20);
        OneLine.ofData(() -> read(folder, "x,w,y\n1,-1,0\n", "weight-column = w"), "expected a weight");
        OneLine.ofData(
                () -> dataset(folder, "x,w,y\n" + "1,0,0\n2,0,1\n".repeat(5), "weight-column = w"), "has weight 0");
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
                folder,
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
        Dataset balanced = dataset(folder, table.toString(), "class-weights = balanced, leave-out = [w]");
        double[] sums = sums(balanced.examples(Split.TRAIN));
        assertEquals(20, sums[0], 40 * 0x1p-24 * 20);
        assertEquals(20, sums[1], 40 * 0x1p-24 * 20);
        Examples given = dataset(folder, table.toString(), "class-weights = [6, 2], weight-column = w")
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
        OneLine.ofUsage(
                () -> dataset(folder, table.toString(), "class-weights = [1, 2, 3]"), "got 3 numbers, expected 2");
        OneLine.ofUsage(() -> dataset(folder, table.toString(), "class-weights = [1, -2]"), "data.class-weights");
        OneLine.ofUsage(() -> dataset(folder, table.toString(), "class-weights = balance"), "one of none, balanced");
        // what a training goes on with has to count as before
        assertNotEquals(
                dataset(folder, table.toString(), "leave-out = [w]")
                        .description()
                        .weightsSha256(),
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
        DataSpec raw = spec(folder, table.toString(), "label-type = values, weight-column = w");
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
                () -> read(folder, "x,y\n1,high\n", "label-type = values"),
                "column 2 (y): got \"high\"",
                "a finite number");
        OneLine.ofUsage(() -> read(folder, "x,y\n1,2\n", "label-type = values", "classes = 2"), "data.classes");
    }

    @Test
    void labelsMayBeOfTwoSigns() {
        RawData data = read(folder, "x,y\n1,-1\n2,1\n3,-1\n");
        assertEquals(List.of("-1", "1"), data.naming().names());
        assertEquals(1, data.development().label(1));
    }
}
