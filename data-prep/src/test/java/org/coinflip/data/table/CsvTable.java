package org.coinflip.data.table;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.hadoop.conf.Configuration;
import org.coinflip.data.DataSpec;
import org.coinflip.data.Dataset;
import org.coinflip.data.IdxBytes;
import org.coinflip.data.Specs;
import org.coinflip.data.raw.RawData;
import org.coinflip.data.raw.RawExamples;
import org.coinflip.data.source.RawSource;
import org.coinflip.model.example.Examples;

/** Tables that are written to a file of a folder, and what is read of them. */
final class CsvTable {
    private CsvTable() {}

    static RawData read(Path folder, String content, String... keys) {
        return ((RawSource) spec(folder, content, keys).source()).read(new Configuration());
    }

    static Dataset dataset(Path folder, String content, String... keys) {
        return Dataset.open(spec(folder, content, keys), new Configuration());
    }

    static DataSpec spec(Path folder, String content, String... keys) {
        String path = IdxBytes.write(folder, "table.csv", content.getBytes(StandardCharsets.UTF_8));
        return Specs.of(with(keys, "source = csv", "path = \"" + path + "\""));
    }

    static String[] with(String[] keys, String... more) {
        String[] all = Arrays.copyOf(more, more.length + keys.length);
        System.arraycopy(keys, 0, all, more.length, keys.length);
        return all;
    }

    static float[] row(RawExamples examples, int i) {
        float[] row = new float[examples.width()];
        for (int j = 0; j < row.length; j++) {
            row[j] = examples.feature(i, j);
        }
        return row;
    }

    static float[] row(Examples examples, int i) {
        float[] row = new float[examples.width()];
        for (int j = 0; j < row.length; j++) {
            row[j] = examples.feature(i, j);
        }
        return row;
    }
}
