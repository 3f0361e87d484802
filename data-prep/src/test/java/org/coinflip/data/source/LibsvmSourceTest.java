package org.coinflip.data.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.coinflip.data.IdxBytes;
import org.coinflip.data.OneLine;
import org.coinflip.data.Specs;
import org.coinflip.data.raw.RawData;
import org.coinflip.data.raw.RawExamples;
import org.coinflip.model.error.DataException;
import org.coinflip.model.example.Examples;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LibsvmSourceTest {
    private static final Configuration CONF = new Configuration();

    @TempDir
    private Path folder;

    @Test
    void readsLabelsIndicesAndValues() {
        RawData data = read("1 1:0.5 3:-2e3\n\n0 # nothing but zeros\n2\tqid:7 2:+.25\t3:1\r\n");
        RawExamples examples = data.development();
        assertEquals(3, examples.size());
        assertEquals(3, examples.width());
        assertEquals(0.5f, examples.feature(0, 0));
        assertEquals(0f, examples.feature(0, 1));
        assertEquals(-2000f, examples.feature(0, 2));
        assertEquals(0f, examples.feature(1, 2));
        assertEquals(0.25f, examples.feature(2, 1));
        assertEquals(3, data.classes());
        assertEquals(1, examples.label(0));
        assertEquals("libsvm", data.name());
        assertEquals(5, read("0 1:1\n1 2:1\n", "features = 5").development().width());
        assertEquals(
                2,
                source(IdxBytes.write(folder, "a.gz", IdxBytes.gzip("0 1:1\n1 2:1\n".getBytes(StandardCharsets.UTF_8))))
                        .read(new Configuration())
                        .development()
                        .size());
    }

    @Test
    void negativeLabelsAreNames() {
        RawData data = read("+1 1:1\n-1 1:2\n1 1:3\n");
        assertEquals(2, data.classes());
        assertEquals(List.of("-1", "1"), data.naming().names());
        assertEquals(1, data.development().label(0));
        assertEquals(0, data.development().label(1));
        assertEquals(1, data.development().label(2));
        OneLine.ofUsage(() -> read("-1 1:1\n1 1:1\n", "classes = 2"), "data.classes: got 2");
        assertEquals(List.of(1, 3), read("1 1:1\n3 1:2\n").naming().labels());
    }

    @Test
    void labelsMayCountForNothing() {
        RawData data = read("0 1:1\n0 2:1\n", "labelled = false");
        assertEquals(Examples.UNLABELLED, data.development().label(0));
    }

    @Test
    void refusesWhatIsWrongAndNamesTheLine() {
        OneLine.ofData(() -> read("0 1:1\n1 3:1 2:1\n"), "line 2: got \"2:1\", expected an index greater than 3");
        OneLine.ofData(() -> read("0 2:1 2:1\n"), "line 1: got \"2:1\", expected an index greater than 2");
        OneLine.ofData(() -> read("0 0:1\n"), "got \"0:1\", expected an index from 1");
        OneLine.ofData(() -> read("0 -1:1\n"), "got \"-1:1\", expected an index from 1");
        OneLine.ofData(() -> read("0 99999999999:1\n"), "expected an index from 1 to 16777216");
        OneLine.ofData(
                () -> read("0 4:1\n", "features = 3"), "got \"4:1\", expected an index from 1 to 3, data.features");
        OneLine.ofData(() -> read("0 1:NaN\n"), "got \"1:NaN\", expected a finite number");
        OneLine.ofData(() -> read("0 1:1e99\n"), "expected a finite number");
        OneLine.ofData(() -> read("0 1:\n"), "expected a finite number");
        OneLine.ofData(() -> read("0 1\n"), "got \"1\", expected index:value");
        OneLine.ofData(() -> read("0 1:1\n1.5 1:1\n"), "line 2: got \"1.5\", expected a label from 0");
        OneLine.ofData(() -> read("1:1 2:1\n"), "got \"1:1\", expected a label");
        OneLine.ofData(() -> read("7 1:1\n", "classes = 5"), "got \"7\", expected a label from 0 to 4");
        OneLine.ofData(() -> read("# no example\n"), "has no line of values");
        OneLine.ofData(() -> read("0\n1\n"), "has no value");
        OneLine.ofData(() -> read("0 1:1\n1 16777216:1\n".repeat(200)), "16777216 features, expected at most ");
    }

    @Test
    void seesWhereFloatsDoNotTellValuesApart() {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 60; i++) {
            lines.append(i % 2).append(" 1:").append(1_700_000_000L + i).append(" 2:1\n");
        }
        assertTrue(read(lines.toString()).unresolved().orElseThrow().contains("feature 1 has values from 1700000000"));
    }

    /** Files with some bytes changed are read, or refused by a line. */
    @Test
    void nothingElseComesOut() {
        byte[] whole = "1 1:0.5 3:-2e3\n0 # none\n2 qid:7 2:.25 3:1\n-1 1:1 2:2 3:3\n".getBytes(StandardCharsets.UTF_8);
        byte[] letters = "0123456789:#-+.eE \n\tqid\u0000\u001b\u00ff".getBytes(StandardCharsets.ISO_8859_1);
        Random random = new Random(3);
        int refused = 0;
        for (int trial = 0; trial < 5_000; trial++) {
            byte[] changed = whole.clone();
            for (int k = random.nextInt(4); k >= 0; k--) {
                changed[random.nextInt(changed.length)] = letters[random.nextInt(letters.length)];
            }
            try {
                read(changed);
            } catch (DataException e) {
                assertEquals(1, e.getMessage().lines().count());
                refused++;
            }
        }
        assertTrue(refused > 250 && refused < 4_750, refused + " of 5000 were refused");
    }

    private RawData read(byte[] content) {
        return source(IdxBytes.write(folder, "table.libsvm", content)).read(CONF);
    }

    private RawData read(String content, String... keys) {
        String path = IdxBytes.write(folder, "table.libsvm", content.getBytes(StandardCharsets.UTF_8));
        return source(path, keys).read(new Configuration());
    }

    private static LibsvmSource source(String path, String... keys) {
        return (LibsvmSource) Specs.of("source = libsvm, path = \"" + path + "\"", String.join("\n", keys))
                .source();
    }
}
