package org.coinflip.data.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.coinflip.data.IdxBytes;
import org.coinflip.data.OneLine;
import org.coinflip.data.raw.ImageShape;
import org.coinflip.data.raw.RawData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MnistSourceTest {
    private static final Path MNIST = Path.of("../../shared/data/mnist");

    private final Configuration conf = new Configuration();

    @TempDir
    Path folder;

    @Test
    void numbersTestExamplesAfterTrainingExamples() {
        RawData data = new MnistSource(IdxBytes.mnistFolder(folder)).read(conf);
        assertEquals("mnist", data.name());
        assertEquals(10, data.classes());
        assertEquals(59, data.development().id(59));
        assertEquals(60, data.test().orElseThrow().id(0));
        assertEquals(20, data.test().orElseThrow().size());
        assertEquals("train-labels-idx1-ubyte.gz", data.files().get(1).name());
    }

    @Test
    void refusesAFolderWithoutOneOfTheFiles() throws Exception {
        IdxBytes.mnistFolder(folder);
        Files.delete(folder.resolve("t10k-labels-idx1-ubyte.gz"));
        OneLine.ofData(
                () -> new MnistSource(folder.toString()).read(conf),
                "t10k-labels-idx1-ubyte: no such file, nor t10k-labels-idx1-ubyte.gz");
    }

    @Test
    void refusesAMissingFolder() {
        OneLine.ofData(() -> new MnistSource(folder + "/absent").read(conf), "absent: no such folder", "data.path");
    }

    @Test
    void refusesALabelOutsideTheTenClasses() {
        IdxBytes.mnistFolder(folder);
        IdxBytes.write(folder, "train-labels-idx1-ubyte", IdxBytes.labels(60, 11));
        OneLine.ofData(
                () -> new MnistSource(folder.toString()).read(conf),
                "train-labels-idx1-ubyte: example 10 has label 10, expected a label from 0 to 9");
    }

    @Test
    void readsMnistItself() {
        assumeTrue(Files.isDirectory(MNIST), "MNIST is not on this machine");
        RawData data = new MnistSource(MNIST.toString()).read(conf);
        assertEquals(60_000, data.development().size());
        assertEquals(69_999, data.test().orElseThrow().id(9_999));
        assertEquals(new ImageShape(28, 28), data.image());
        assertEquals(5, data.development().label(0));
        assertEquals(7, data.test().orElseThrow().label(0));
    }
}
