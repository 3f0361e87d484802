package org.coinflip.spark.table;

import static org.coinflip.spark.table.DataSection.CONF;
import static org.coinflip.spark.table.DataSection.spec;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.coinflip.data.DataSpec;
import org.coinflip.data.Preparation;
import org.coinflip.data.Split;
import org.coinflip.model.error.CoinflipException;
import org.coinflip.model.error.DataException;
import org.coinflip.spark.LocalSpark;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Preparation by Spark's tasks. */
class SparkPreparationTest {
    @RegisterExtension
    private static final LocalSpark spark = new LocalSpark(2);

    @TempDir
    private Path folder;

    /** The files that tasks write are those of one process, byte for byte: their checksums are in the manifests. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "label-column = y",
                "label-column = y, scale = standard, holes { type = mean, mark = true }, categories = [c], weight-column = w, leave-out = [g]",
                "label-column = y, scale = standard, holes = median, categories = [c], buckets = 3, id-column = id, class-weights = balanced",
                "label-column = y, holes = mean, leave-out = [c], split { group = g, seed = 3 }, id-column = id, weight-column = w",
                "label-column = y, holes = mean, leave-out = [c, g], scale = standard, project { type = pca, components = 2 }",
                "label-column = y, holes = mean, leave-out = [c, g], binarise { type = bernoulli, seed = 5 }, split { stratified = true, folds = 5, fold = 2 }",
                "label-column = y, holes = mean, leave-out = [c, w], split { time = g, valid = 20, train = 77 }",
                "label-column = y, holes = mean, leave-out = [c], label-type = values, weight-column = w",
                "label-columns = [g, y], holes = mean, leave-out = [c], weight-column = w",
                "label-column = y, scale = standard, holes = mean, categories = [c, g], leave-out = [w]",
                "label-column = y, holes = mean, leave-out = [w], categories = [c, g], id-column = id, id-type = texts"
            })
    void preparesWhatOneProcessPrepares(String keys) throws IOException {
        String set = keys.contains("holes") ? keys : keys + ", leave-out = [x, c]";
        Path table = write(set);
        DataSpec spec = spec("source = csv, path = \"" + table + "\", " + set);
        String here = folder.resolve("here").toString();
        String there = folder.resolve("there").toString();
        Preparation.prepare(spec, here, 3, false, CONF);
        SparkPreparation.prepare(spec, there, OptionalInt.of(3), false, CONF, spark.session());

        assertEquals(
                Files.readString(Path.of(here, "manifest.json")), Files.readString(Path.of(there, "manifest.json")));
        for (Split split : Split.values()) {
            try (var files = Files.list(Path.of(there, split.toString()))) {
                assertEquals(
                        3,
                        files.filter(file -> !file.getFileName().toString().startsWith("."))
                                .count());
            }
        }
    }

    /** Five files of unequal lengths, one without rows. */
    private Path write(String keys) throws IOException {
        Path table = Files.createDirectories(folder.resolve("table"));
        int n = 0;
        for (int file = 0; file < 5; file++) {
            StringBuilder lines = new StringBuilder("id,x,z,c,g,w,y\n");
            for (int i = 0; i < new int[] {40, 3, 0, 90, 67}[file]; i++, n++) {
                lines.append(7919L * n % 1009)
                        .append(',')
                        .append(n % 7 == 0 ? "" : Math.sin(n))
                        .append(',');
                lines.append(n * n % 101)
                        .append(",c")
                        .append(n % 5)
                        .append(',')
                        .append(n % 23)
                        .append(',');
                lines.append(1 + n % 4).append(',').append(n % 3).append('\n');
            }
            Files.writeString(table.resolve("part-" + file + ".csv"), lines.toString());
        }
        return table;
    }

    @Test
    void whatCannotBePreparedLeavesNothing() throws IOException {
        Path table = write("");
        Files.writeString(table.resolve("part-9.csv"), "id,x,z,c,g,w,y\n1,2,3,c,5,6,7,8\n");
        DataSpec spec = spec("source = csv, path = \"" + table + "\", holes = mean, categories = [c]");
        String output = folder.resolve("out").toString();
        CoinflipException e = assertThrows(
                DataException.class,
                () -> SparkPreparation.prepare(spec, output, OptionalInt.empty(), false, CONF, spark.session()));
        assertTrue(e.getMessage().contains("part-9.csv: line 2 has 8 values, expected 7"), e.getMessage());
        try (var left = Files.list(folder)) {
            assertEquals(List.of(table), left.toList());
        }
    }
}
