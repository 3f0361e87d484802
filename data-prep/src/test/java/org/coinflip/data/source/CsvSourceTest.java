package org.coinflip.data.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.coinflip.data.Dataset;
import org.coinflip.data.IdxBytes;
import org.coinflip.data.OneLine;
import org.coinflip.data.Specs;
import org.coinflip.data.raw.RawData;
import org.coinflip.model.example.Examples;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvSourceTest {
    @TempDir
    Path folder;

    /** Its rows would be lost without a word. */
    @Test
    void aFolderAmongTheFilesIsRefused() throws IOException {
        Path year = Files.createDirectories(folder.resolve("parts/year=2026"));
        IdxBytes.write(year, "b.csv", "a,class\n1,0\n".getBytes(StandardCharsets.UTF_8));
        IdxBytes.write(year.getParent(), "a.csv", "a,class\n1,0\n2,1\n".getBytes(StandardCharsets.UTF_8));
        Files.createDirectory(folder.resolve("parts/_temporary"));
        OneLine.ofData(
                () -> Dataset.open(Specs.of("source = csv, path = \"" + year.getParent() + "\""), new Configuration()),
                "year=2026: got a folder among the files of",
                "give a pattern");
    }

    @Test
    void readsFeaturesAndTheLastColumnAsLabel() {
        RawData data = read("a,b,class\n1,-2.5e3,0\n\n\"3\",4,2\n");
        assertEquals(2, data.development().size());
        assertEquals(2, data.development().width());
        assertEquals(-2500f, data.development().feature(0, 1));
        assertEquals(3f, data.development().feature(1, 0));
        assertEquals(2, data.development().label(1));
        assertEquals(List.of(0, 2), data.naming().labels());
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
    void readsDecimalNumbersNotJavas() {
        RawData data = read("a,class\n+1.5E+2,1\n.5,0\n-3.,1\n");
        assertEquals(150f, data.development().feature(0, 0));
        assertEquals(0.5f, data.development().feature(1, 0));
        assertEquals(-3f, data.development().feature(2, 0));
        for (String bad : new String[] {"7d", "1f", "0x1p3", "2D", "0x10", "१", "1_000", "e", "-"}) {
            OneLine.ofData(
                    () -> read("a,class\n1,0\n" + bad + ",1\n"),
                    "line 3, column 1 (a): got \"" + bad + "\", expected a finite number");
        }
        OneLine.ofData(() -> read("a,class\n1,0\n2,1f\n"), "line 3, column 2 (class): got \"1f\"");
    }

    /** Half way between two floats but for a digit that a double has no room for: by way of a double it would be rounded down. */
    @Test
    void roundsOnce() {
        String text = "1.00000005960464477539062500001";
        assertEquals(
                Float.parseFloat(text),
                read("a,class\n" + text + ",0\n1,1\n").development().feature(0, 0));
        assertEquals(1 + Math.ulp(1f), Float.parseFloat(text));
    }

    @Test
    void aLineThatBeginsWithAHashIsALine() {
        for (String name : new String[] {"comment-header", "hash-name"}) {
            RawData data = shipped(name);
            assertEquals(30, data.development().size());
            assertEquals(
                    name.equals("hash-name") ? List.of("#id", "x") : List.of("# x", "y"),
                    data.naming().columns());
        }
        OneLine.ofData(
                () -> read("a,class\n1,0\n#2,1\n3,0\n"), "line 3, column 1 (a): got \"#2\", expected a finite number");
    }

    @Test
    void refusesAHeaderOfNumbers() {
        OneLine.ofData(() -> shipped("no-header"), "no-header.csv: line 1 has only numbers", "data.header=false");
        assertEquals(30, shipped("no-header", "header = false").development().size());
    }

    @Test
    void refusesNamesThatAreDoubledOrEmpty() {
        OneLine.ofData(
                () -> shipped("label-twice", "label-column = label"),
                "label-twice.csv: line 1, columns 1 and 3 are both named \"label\"");
        OneLine.ofData(() -> read(",x,class\n0,1,0\n"), "line 1, column 1 has no name");
    }

    @Test
    void refusesALabelColumnThatIsANameAndAnotherIndex() {
        OneLine.ofData(
                () -> read("1,0,class\n5,6,1\n", "label-column = 0"),
                "data.label-column = 0 is the name of column 2 and says column 1 too");
        assertEquals(40, shipped("column-named-0", "label-column = 0").classes());
    }

    @Test
    void takesLabelsThatAreNotTheClassesNumbersForClassesInTheirOrder() {
        RawData data = read("a,class\n1,3\n2,1\n3,2\n4,1\n");
        assertEquals(3, data.classes());
        assertEquals(List.of(1, 2, 3), data.naming().labels());
        assertEquals(4, read("a,class\n1,3\n2,1\n", "classes = 4").classes());
    }

    @Test
    void labelsMayBeNames() {
        RawData data = read("a,class\n1,setosa\n2,iris virginica\n3,setosa\n4,\"a, b\"\n");
        assertEquals(3, data.classes());
        assertEquals(List.of("a, b", "iris virginica", "setosa"), data.naming().names());
        assertEquals(List.of(), data.naming().labels());
        assertEquals(2, data.development().label(0));
        assertEquals(1, data.development().label(1));
        assertEquals(2, data.development().label(2));
        assertEquals(0, data.development().label(3));
        assertEquals("setosa", data.naming().called(2));
        // the first label decides, or the key does
        assertEquals(
                List.of("7", "setosa"),
                read("a,class\n1,setosa\n2,7\n").naming().names());
        assertEquals(
                List.of("10", "9"),
                read("a,class\n1,9\n2,10\n", "label-type = names").naming().names());
        OneLine.ofData(
                () -> read("a,class\n1,1\n2,setosa\n"),
                "line 3, column 2 (class): got \"setosa\"",
                "data.label-type = names");
        OneLine.ofData(
                () -> read("a,class\n1,setosa\n2,7\n", "label-type = numbers"),
                "line 2, column 2 (class): got \"setosa\"");
        OneLine.ofData(() -> read("a,class\n1,setosa\n2,\n"), "line 3, column 2 (class): got nothing");
        OneLine.ofUsage(() -> read("a,class\n1,x\n2,y\n", "classes = 2"), "data.classes: got 2");
    }

    /** The iris as many have it: without a header, which a line of numbers and one name is not. */
    @Test
    void aLineOfNumbersAndAClassIsNoHeader() {
        String iris = "5.1,3.5,1.4,0.2,Iris-setosa\n7.0,3.2,4.7,1.4,Iris-versicolor\n";
        OneLine.ofData(() -> read(iris), "line 1 has only numbers, and one column of text", "data.header=false");
        assertEquals(2, read(iris, "header = false").development().size());
        for (String counting : new String[] {"0,1,2,label", "1,2,3,label"}) {
            assertEquals(1, read(counting + "\n5,6,7,0\n").development().size());
        }
    }

    @Test
    void seesWhereFloatsDoNotTellValuesApart() {
        String words = shipped("timestamps").unresolved().orElseThrow();
        assertTrue(words.contains("timestamps.csv: column 1 (t) has values from 1700000000 to 1700000059"), words);
        assertTrue(read("label,t\n1,1700000000\n0,1700000999\n", "label-column = 0")
                .unresolved()
                .orElseThrow()
                .contains("column 2 (t)"));
        // over a year a time is a part in a million of the whole, a constant has nothing to tell
        assertTrue(read("t,c,class\n1700000001,0.1,0\n1731536000,0.1,1\n")
                .unresolved()
                .isEmpty());
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
        OneLine.ofData(() -> read("a,class\n1,-1048577\n"), "line 2, column 2 (class): got \"-1048577\"");
        OneLine.ofUsage(
                () -> read("a,class\n1,-1\n", "classes = 3"), "data.classes: got 3 for labels that are negative");
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
        OneLine.ofData(() -> read("1,0\n", "label-column = \"2\", header = false"), "no label column \"2\"");
    }

    @Test
    void refusesATableOfNoExamples() {
        OneLine.ofData(() -> read("a,class\n"), "table.csv: has no row of values, expected at least one example");
        OneLine.ofData(() -> read("\n\n"), "table.csv: has no row of values");
        OneLine.ofData(() -> read(""), "table.csv: is empty (0 bytes)");
    }

    @Test
    void refusesASingleColumn() {
        OneLine.ofData(() -> read("a;class\n1;0\n"), "table.csv: has one column", "data.delimiter");
    }

    @Test
    void refusesAValueThatNeverEnds() {
        OneLine.ofData(
                () -> read("a,class\n1,0\n\"" + "1,0\n".repeat(2000)),
                "table.csv: the row after line 2 cannot be read as CSV, expected values of at most 4096 characters");
    }

    private static RawData shipped(String name, String... keys) {
        String path = CsvSourceTest.class
                .getResource("/org/coinflip/data/cases/" + name + ".csv")
                .getPath();
        return source(path, keys).read(new Configuration());
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
