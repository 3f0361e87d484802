package org.coinflip.data.table;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.coinflip.data.DataSpec;
import org.coinflip.data.Dataset;
import org.coinflip.data.IdxBytes;
import org.coinflip.data.OneLine;
import org.coinflip.data.Preparation;
import org.coinflip.data.SameExamples;
import org.coinflip.data.Specs;
import org.coinflip.data.Split;
import org.coinflip.model.example.Examples;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables with a value in each of several columns for labels. */
class SeveralLabelsTest {
    private static final Configuration CONF = new Configuration();

    @TempDir
    private Path folder;

    @Test
    void eachExampleHasAValueOfEachColumn() {
        DataSpec spec = spec(table(), "label-columns = [left, right], split { seed = 3 }");
        Dataset data = Dataset.open(spec, CONF);
        assertEquals(0, data.description().classes());
        assertEquals(2, data.description().width());
        assertEquals(
                List.of("left", "right"),
                data.description().transformation().naming().names());
        Examples train = data.examples(Split.TRAIN);
        assertEquals(2, train.targets());
        for (int i = 0; i < train.size(); i++) {
            assertEquals(train.id(i) % 3 == 0 ? 1 : 0, train.value(i, 0));
            assertEquals(train.id(i) % 2, train.value(i, 1));
        }
        String output = folder.resolve("prepared").toString();
        Preparation.prepare(spec, output, 3, false, CONF);
        SameExamples.assertIn(data, Dataset.open(Specs.of("source = prepared, path = \"" + output + "\""), CONF));
        assertEquals(
                Map.copyOf(spec.asMap()),
                Map.copyOf(DataSpec.parse(spec.asConfig().root().render()).asMap()));
    }

    @Test
    void whatDoesNotGoTogetherIsRefused() {
        OneLine.ofUsage(
                () -> spec(table(), "label-columns = [left, right], label-type = names"),
                "data.label-type: got \"names\"");
        OneLine.ofUsage(() -> spec(table(), "label-columns = [left], label-column = right"), "data.label-column");
        OneLine.ofUsage(() -> spec(table(), "label-columns = [left, right], classes = 2"), "data.classes");
        OneLine.ofUsage(() -> spec(table(), "label-columns = []"), "data.label-columns", "at least one column");
        OneLine.ofData(
                () -> open(table(), "label-columns = [left, middle]"),
                "has no column \"middle\"",
                "data.label-columns");
        OneLine.ofData(
                () -> open(table(), "label-columns = [left, right], weight-column = right"),
                "column 4 (right) is a label, the id or the weight, two of them at once");
        OneLine.ofData(
                () -> open("x,a,b\n1,0,1\n2,1,high\n", "label-columns = [a, b]"),
                "line 3, column 3 (b): got \"high\", expected a finite number");
    }

    private static String table() {
        StringBuilder table = new StringBuilder("x,left,y,right\n");
        for (int i = 0; i < 40; i++) {
            table.append(i)
                    .append(',')
                    .append(i % 3 == 0)
                    .append(',')
                    .append(-i)
                    .append(',')
                    .append(i % 2)
                    .append('\n');
        }
        return table.toString().replace("true", "1").replace("false", "0");
    }

    private Dataset open(String table, String... keys) {
        return Dataset.open(spec(table, keys), CONF);
    }

    private DataSpec spec(String table, String... keys) {
        String path = IdxBytes.write(folder, "table.csv", table.getBytes(UTF_8));
        return Specs.of("source = csv, path = \"" + path + "\"", String.join("\n", keys));
    }
}
