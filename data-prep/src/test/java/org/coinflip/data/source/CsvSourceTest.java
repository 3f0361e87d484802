package org.coinflip.data.source;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.coinflip.data.IdxBytes;
import org.coinflip.data.OneLine;
import org.coinflip.data.Specs;
import org.coinflip.model.example.Examples;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvSourceTest {
    @TempDir
    Path folder;

    @Test
    void readsFeaturesAndTheLastColumnAsLabel() {
        RawData data = read("a,b,class\n1,-2.5e3,0\n\n\"3\",4,2\n");
        assertEquals(2, data.development().size());
        assertEquals(2, data.development().width());
        assertEquals(-2500f, data.development().feature(0, 1));
        assertEquals(3f, data.development().feature(1, 0));
        assertEquals(2, data.development().label(1));
        assertEquals(3, data.classes());
    }

    @Test
    void findsTheLabelByNameAndByIndex() {
        for (String column : new String[] {"class", "1"}) {
            RawData data = read("a,class,b\n1,0,7\n3,1,8\n", "label-column = \"" + column + "\"");
            assertEquals(1, data.development().label(1));
            assertEquals(8f, data.development().feature(1, 1));
        }
    }

    @Test
    void readsFeaturesAloneWhereNoColumnIsTheLabel() {
        RawData data = read("a,b\n1,2\n3,4\n", "label-column = none");
        assertEquals(2, data.development().width());
        assertEquals(4f, data.development().feature(1, 1));
        assertEquals(Examples.UNLABELLED, data.development().label(0));
        assertEquals(1, read("a\n1\n", "label-column = none").development().width());
        OneLine.ofData(() -> read("a,b\n1,x\n", "label-column = none"), "line 2, column 2 (b): got \"x\"");
    }

    @Test
    void readsWithoutAHeaderWithTabsWithCarriageReturnsAndGzipped() {
        byte[] content = IdxBytes.gzip("1\t0\r\n2\t1\r\n".getBytes(StandardCharsets.UTF_8));
        String path = IdxBytes.write(folder, "table.csv.gz", content);
        RawData data = source(path, "header = false, delimiter = \"\\t\"").read(new Configuration());
        assertEquals(2, data.development().size());
        assertEquals(1, data.development().label(1));
    }

    @Test
    void refusesWhatIsNoFiniteNumberAndNamesLineAndColumn() {
        for (String bad : new String[] {"NaN", "Infinity", "1e99", "abc", "\"1 2\""}) {
            String got = bad.replace("\"", "");
            OneLine.ofData(
                    () -> read("a,b,class\n1,2,0\n\n3," + bad + ",1\n"),
                    "table.csv: line 4, column 2 (b): got \"" + got + "\", expected a finite number");
        }
        OneLine.ofData(() -> read("a,b,class\n1,,0\n"), "line 2, column 2 (b): got nothing, expected a finite number");
    }

    @Test
    void refusesARaggedLine() {
        OneLine.ofData(
                () -> read("a,b,class\n1,2,0\n3,1\n"),
                "table.csv: line 3 has 2 values, expected 3 as in the first line");
        OneLine.ofData(() -> read("a,b,class\n1,2,0,5\n"), "line 2 has 4 values, expected 3");
    }

    @Test
    void refusesALabelThatIsNoClass() {
        OneLine.ofData(
                () -> read("a,class\n1,0.5\n"), "line 2, column 2 (class): got \"0.5\", expected a label from 0");
        OneLine.ofData(() -> read("a,class\n1,-1\n"), "line 2, column 2 (class): got \"-1\"");
        OneLine.ofData(
                () -> read("a,class\n1,0\n2,3\n", "classes = 3"),
                "line 3, column 2 (class): got \"3\", expected a label from 0 to 2",
                "data.classes");
    }

    @Test
    void refusesALabelColumnThatIsNotThere() {
        OneLine.ofData(
                () -> read("a,class\n1,0\n", "label-column = kind"),
                "table.csv: has no label column \"kind\", expected a name in its header, an index from 0 to 1, last or none");
        OneLine.ofData(() -> read("1,0\n", "label-column = 2, header = false"), "no label column \"2\"");
    }

    @Test
    void refusesATableOfNoExamples() {
        OneLine.ofData(() -> read("a,class\n"), "table.csv: has no row of values, expected at least one example");
        OneLine.ofData(() -> read("\n\n"), "table.csv: has no row of values");
        OneLine.ofData(() -> read(""), "table.csv: is empty (0 bytes)");
    }

    @Test
    void refusesASingleColumn() {
        OneLine.ofData(() -> read("a;class\n1;0\n"), "table.csv: line 1 has one column", "data.delimiter");
    }

    @Test
    void refusesAValueThatNeverEnds() {
        OneLine.ofData(
                () -> read("a,class\n1,0\n\"" + "1,0\n".repeat(2000)),
                "table.csv: the row after line 2 cannot be read as CSV, expected values of at most 4096 characters");
    }

    private RawData read(String content, String... keys) {
        String path = IdxBytes.write(folder, "table.csv", content.getBytes(StandardCharsets.UTF_8));
        return source(path, keys).read(new Configuration());
    }

    private static CsvSource source(String path, String... keys) {
        return (CsvSource) Specs.of("source = csv, path = \"" + path + "\"", String.join("\n", keys))
                .source();
    }
}
