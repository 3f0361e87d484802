package org.coinflip.data.table;

import static org.coinflip.data.table.CsvTable.dataset;
import static org.coinflip.data.table.CsvTable.spec;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.coinflip.data.Dataset;
import org.coinflip.data.OneLine;
import org.coinflip.data.Split;
import org.coinflip.model.example.Examples;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Splits of a table by what its columns say. */
class TableSplitTest {
    @TempDir
    private Path folder;

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
            Dataset data =
                    dataset(folder, table.toString(), "split { group = patient, folds = 4, fold = " + fold + " }");
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
        Dataset data = dataset(folder, table.toString(), "split { time = when, valid = 4, test = 3 }");
        assertEquals(List.of(18, 19, 20), days(data, Split.TEST));
        assertEquals(List.of(14, 15, 16, 17), days(data, Split.VALID));
        assertEquals(13, days(data, Split.TRAIN).size());
        OneLine.ofData(
                () -> dataset(folder, "when,x,y\nyesterday,1,0\n", "split { time = when }"),
                "expected a number, or a date such as");
        OneLine.ofData(
                () -> dataset(folder, "when,x,y\n+999999999-12-31,1,0\n", "split { time = when }"),
                "expected a number, or a date such as");
        OneLine.ofUsage(
                () -> spec(folder, "when,x,y\n", "split { time = when, seed = 3 }"), "data.split.seed", "beside time");
        OneLine.ofUsage(() -> spec(folder, "when,x,y\n", "split { time = when, group = x }"), "nothing beside group");
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
                folder,
                "x,part,y\n1,train,0\n2,test,1\n3,valid,0\n4,train,1\n5,validation,1\n",
                "split { column = part }");
        assertEquals(2, data.description().split(Split.TRAIN).examples());
        assertEquals(2, data.description().split(Split.VALID).examples());
        assertEquals(1, data.examples(Split.TEST).id(0));
        OneLine.ofData(
                () -> dataset(
                        folder, "x,part,y\n1,train,0\n2,train,1\n3,valid,0\n4,valid,1\n", "split { column = part }"),
                "no row has test in column part");
        OneLine.ofData(() -> dataset(folder, "x,part,y\n1,tset,0\n", "split { column = part }"), "got \"tset\"");
    }
}
