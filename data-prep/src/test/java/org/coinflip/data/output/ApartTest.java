package org.coinflip.data.output;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.coinflip.data.OneLine;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApartTest {
    @TempDir
    private Path folder;

    @BeforeEach
    void prepare() throws IOException {
        Files.createDirectories(folder.resolve("p/train"));
        Files.writeString(folder.resolve("p/manifest.json"), "{}");
        Files.writeString(folder.resolve("table.csv"), "a");
        Files.createSymbolicLink(folder.resolve("link"), folder.resolve("p"));
        Files.createSymbolicLink(folder.resolve("above"), folder);
    }

    @Test
    void refusesAnOutputThatIsTheInputByAnyName() {
        for (String output : new String[] {"p", "p/", "./p", "p/../p", "link", "above/p", "p/train/.."}) {
            refuses(output, "p", "holds the input data.path");
            refuses("p", output, "holds the input data.path");
        }
        OneLine.ofUsage(
                () -> Apart.require(
                        "file://" + folder.resolve("link"),
                        Map.of("model", folder.resolve("p").toString()),
                        new Configuration()),
                "holds the input model");
    }

    @Test
    void refusesAnOutputAboveTheInput() {
        for (String output : new String[] {".", "", "above", "p/.."}) {
            refuses(output, "p", "holds the input data.path");
            refuses(output, "table.csv", "holds the input data.path");
        }
    }

    @Test
    void refusesAnOutputInPreparedDataButNotBesideATable() {
        refuses("p/run", "p", "lies in the input data.path");
        refuses("link/run/deeper", "p", "lies in the input data.path");
        assertDoesNotThrow(() -> require("run", "table.csv"));
        assertDoesNotThrow(() -> require("table.csv.d", "table.csv"));
        assertDoesNotThrow(() -> require("pp", "p"));
        assertDoesNotThrow(() -> require("run", "."));
        assertDoesNotThrow(() -> require("run", "nowhere/at/all"));
    }

    private void refuses(String output, String input, String what) {
        OneLine.ofUsage(() -> require(output, input), what);
    }

    private void require(String output, String input) {
        Apart.require(folder + "/" + output, Map.of("data.path", folder + "/" + input), new Configuration());
    }
}
