package org.coinflip.data;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.apache.hadoop.conf.Configuration;
import org.coinflip.data.raw.ImageShape;
import org.coinflip.model.example.Examples;
import org.coinflip.model.transform.Naming;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetTest {
    private static final Path MNIST = Path.of("../../shared/data/mnist");

    private final Configuration conf = new Configuration();

    @TempDir
    Path folder;

    @Test
    void describesTheEmbeddedDigits() {
        Description digits = Dataset.open(Specs.of(), conf).description();
        assertEquals("digits", digits.name());
        assertEquals(64, digits.width());
        assertEquals(10, digits.classes());
        assertEquals(new ImageShape(8, 8), digits.image());
        assertEquals(1297, digits.split(Split.TRAIN).examples());
        assertEquals(250, digits.split(Split.VALID).examples());
        assertEquals(250, digits.split(Split.TEST).examples());
        assertEquals(2, digits.sourceFiles().size());
        int sevens = 0;
        for (Split split : Split.values()) {
            sevens += digits.split(split).classHistogram().get(7);
        }
        assertEquals(179, sevens);
    }

    @Test
    void countsWhatIsInNoSplit() {
        Description some = Dataset.open(Specs.of("split { train = 1000, valid = 250 }"), conf)
                .description();
        assertEquals(1797 - 1000 - 250 - 250, some.unused());
        assertTrue(some.notes().contains("297 examples are in no split, by the sizes that data.split gives"));
        assertEquals(0, Dataset.open(Specs.of(), conf).description().unused());
    }

    @Test
    void digitsAreInTheUnitInterval() {
        Examples train = Dataset.open(Specs.of(), conf).examples(Split.TRAIN);
        float greatest = 0;
        for (int i = 0; i < train.size(); i++) {
            for (int j = 0; j < train.width(); j++) {
                greatest = Math.max(greatest, train.feature(i, j));
            }
        }
        assertEquals(1f, greatest);
    }

    @Test
    void refusesAColumnThatIsLikelyNoLabel() {
        OneLine.ofData(
                () -> Dataset.open(Specs.of(shipped("column-named-0"), "label-column = 0"), conf),
                "column-named-0.csv: got 40 classes for 40 examples",
                "data.label-column");
        String declared = "label-column = 0, classes = 40";
        assertEquals(
                40,
                Dataset.open(Specs.of(shipped("column-named-0"), declared), conf)
                        .description()
                        .classes());
    }

    @Test
    void refusesASingleLabel() {
        String path = IdxBytes.write(folder, "sevens.csv", "x,class\n1,7\n2,7\n3,7\n".getBytes(UTF_8));
        OneLine.ofData(
                () -> Dataset.open(Specs.of("source = csv, path = \"" + path + "\""), conf),
                "sevens.csv: every label is 7, expected at least two classes");
    }

    @Test
    void refusesFeaturesThatFloatsDoNotTellApart() {
        for (String scale : new String[] {"unit", "standard", "none"}) {
            OneLine.ofData(
                    () -> Dataset.open(Specs.of(shipped("timestamps"), "scale = " + scale), conf),
                    "timestamps.csv: column 1 (t) has values from 1700000000 to 1700000059");
        }
    }

    @Test
    void aClassWithoutTrainingExamplesIsTold() {
        String rows = "0,a\n1,b\n".repeat(14) + "2,rare\n3,rare\n";
        String path = IdxBytes.write(folder, "rare.csv", ("x,class\n" + rows).getBytes(UTF_8));
        int told = 0;
        for (int seed = 0; seed < 40; seed++) {
            String split = "split { valid = 6, test = 12, seed = " + seed;
            String source = "source = csv, path = \"" + path + "\"";
            Description plain =
                    Dataset.open(Specs.of(source, split + " }"), conf).description();
            int examples = plain.split(Split.TRAIN).classHistogram().get(2);
            List<String> notes = plain.notes();
            assertEquals(examples == 0, notes.stream().anyMatch(note -> note.contains("has the label rare: 1 of 3")));
            assertEquals("classes 0 to 2 are a, b, rare", notes.get(0));
            told += examples == 0 ? 1 : 0;
            Description stratified = Dataset.open(Specs.of(source, split + ", stratified = true }"), conf)
                    .description();
            assertEquals(1, stratified.notes().size(), "seed " + seed);
        }
        assertTrue(told > 0 && told < 40);
    }

    @Test
    void preparedDataKeepNamesAndLabels() {
        String rows = "0,1\n1,2\n".repeat(10);
        String path = IdxBytes.write(folder, "named.csv", ("x,class\n" + rows).getBytes(UTF_8));
        String prepared = folder.resolve("prepared").toString();
        Preparation.prepare(Specs.of("source = csv, path = \"" + path + "\""), prepared, 1, false, conf);
        Naming naming = Dataset.open(Specs.of("source = prepared, path = \"" + prepared + "\""), conf)
                .description()
                .transformation()
                .naming();
        assertEquals(new Naming(List.of("x"), List.of(1, 2)), naming);
        assertTrue(naming.note().orElseThrow().startsWith("labels 1, 2 are taken for classes 0 to 1"));
    }

    private static String shipped(String name) {
        return "source = csv, path = \""
                + DatasetTest.class
                        .getResource("/org/coinflip/data/cases/" + name + ".csv")
                        .getPath() + "\"";
    }

    @Test
    void opensTheSameDataTwiceTheSame() {
        DataSpec spec = Specs.of("binarise = bernoulli");
        SameExamples.assertIn(Dataset.open(spec, conf), Dataset.open(spec, conf));
    }

    @Test
    void scalingIsFittedToTheTrainingSplitAlone() {
        StringBuilder table = new StringBuilder("x,class\n");
        for (int i = 0; i < 50; i++) {
            table.append(i * i).append(',').append(i % 2).append('\n');
        }
        String path =
                IdxBytes.write(folder, "t.csv", table.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8));
        Examples train = Dataset.open(Specs.of("source = csv, path = \"" + path + "\""), conf)
                .examples(Split.TRAIN);
        float least = Float.POSITIVE_INFINITY;
        float greatest = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < train.size(); i++) {
            least = Math.min(least, train.feature(i, 0));
            greatest = Math.max(greatest, train.feature(i, 0));
        }
        // a product and a sum of numbers of at most 1
        assertEquals(0f, least, 2 * 0x1p-24f);
        assertEquals(1f, greatest, 2 * 0x1p-24f);
    }

    @Test
    void examplesWithoutLabelsAreOfNoClassesPreparedOrNot() {
        String images = IdxBytes.write(folder, "images", IdxBytes.images(30, 1, 2));
        String table = IdxBytes.write(
                folder, "t.csv", "x,y\n1,2\n3,4\n5,6\n7,8\n".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        for (String source : new String[] {
            "idx, classes = 3, images = \"" + images + "\"",
            "csv, label-column = none, split { test = 1, valid = 1 }, path = \"" + table + "\""
        }) {
            DataSpec spec = Specs.of("source = " + source);
            Dataset data = Dataset.open(spec, conf);
            assertEquals(0, data.description().classes());
            assertEquals(List.of(), data.description().notes());
            assertFalse(data.examples(Split.TRAIN).isLabelled());
            String output = folder.resolve(source.substring(0, 3)).toString();
            Preparation.prepare(spec, output, 2, false, conf);
            DataSpec prepared = Specs.of("source = prepared, path = \"" + output + "\"");
            SameExamples.assertIn(data, Dataset.open(prepared, conf));
            assertFalse(Selection.open(
                            prepared, Subset.TEST, data.description().transformation(), OptionalInt.empty(), conf)
                    .isLabelled());
        }
        OneLine.ofUsage(
                () -> Dataset.open(
                        Specs.of("source = idx, class-weights = balanced, images = \"" + images + "\""), conf),
                "data.class-weights: got them for data without classes");
    }

    @Test
    void shardsAreSuccessiveBlocksOfIds() {
        int count = 10_000;
        String images = IdxBytes.write(folder, "images", IdxBytes.images(count, 1, 2));
        String labels = IdxBytes.write(folder, "labels", IdxBytes.labels(count, 4));
        DataSpec spec = Specs.of("source = idx, images = \"" + images + "\", labels = \"" + labels + "\"");
        List<ExampleShard> shards = Dataset.open(spec, conf).shards(Split.TRAIN);
        assertEquals(2, shards.size());
        long last = -1;
        for (ExampleShard shard : shards) {
            for (int i = 0; i < shard.size(); i++) {
                assertTrue(shard.read().id(i) > last);
                last = shard.read().id(i);
            }
        }
    }

    @Test
    void mnistHasItsOwnTestSet() {
        assumeTrue(Files.isDirectory(MNIST), "MNIST is not on this machine");
        Dataset mnist = Dataset.open(Specs.of("source = mnist, path = \"" + MNIST + "\", split.train = 50000"), conf);
        assertEquals(10_000, mnist.description().split(Split.VALID).examples());
        Examples test = mnist.examples(Split.TEST);
        assertEquals(10_000, test.size());
        assertEquals(60_000, test.id(0));
        assertEquals(7, test.label(0));
    }
}
