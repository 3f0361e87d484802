package org.coinflip.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.apache.hadoop.conf.Configuration;
import org.coinflip.model.example.Examples;
import org.coinflip.model.transform.Transformation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SelectionTest {
    private final Configuration conf = new Configuration();

    @TempDir
    Path folder;

    @Test
    void onTheTrainingsOwnDataItIsTheTrainingsDataSet() {
        for (String rule : new String[] {"scale = unit", "scale = standard", "binarise = bernoulli"}) {
            DataSpec spec = Specs.of(table(60, 1), rule);
            Dataset data = Dataset.open(spec, conf);
            for (Split split : Split.values()) {
                Subset subset = Subset.valueOf(split.name());
                SameExamples.assertSame(data.examples(split), whole(open(spec, subset, data)));
            }
        }
    }

    @Test
    void otherDataGoThroughTheTrainingsFitNotTheirOwn() {
        Dataset training = Dataset.open(Specs.of(table(60, 1), "scale = standard"), conf);
        Examples other = whole(open(Specs.of(table(60, 3)), Subset.ALL, training));
        Transformation fit = training.description().transformation();
        for (int i = 0; i < other.size(); i++) {
            assertEquals(Math.fma(fit.scale().get(0), 3f * i, fit.offset().get(0)), other.feature(i, 0));
        }
    }

    @Test
    void allIsEveryExampleInTheOrderOfTheIds() {
        Examples all = whole(open(Specs.of(), Subset.ALL, Dataset.open(Specs.of(), conf)));
        assertEquals(1797, all.size());
        for (int i = 0; i < all.size(); i++) {
            assertEquals(i, all.id(i));
        }
        DataSpec mnist = Specs.of("source = mnist, path = \"" + IdxBytes.mnistFolder(folder) + "\"");
        Examples both = whole(open(mnist, Subset.ALL, Dataset.open(mnist, conf)));
        assertEquals(80, both.size());
        assertEquals(79, both.id(79));
    }

    @Test
    void shardsCutTheSameExamplesIntoAsManyAsAreWanted() {
        Selection digits = open(Specs.of(), Subset.TEST, Dataset.open(Specs.of(), conf));
        assertEquals(250, digits.size());
        for (int least : new int[] {1, 3, 7, 250, 1000}) {
            List<ExampleShard> shards = digits.shards(least);
            assertTrue(shards.size() >= Math.min(least, 250));
            Examples joined =
                    Examples.concatenate(shards.stream().map(ExampleShard::read).toList());
            SameExamples.assertSame(whole(digits), joined);
        }
    }

    @Test
    void labelsAreOptional() {
        String images = IdxBytes.write(folder, "images", IdxBytes.images(5, 8, 8));
        Dataset training = Dataset.open(Specs.of(), conf);
        Selection selection = open(Specs.of("source = idx, images = \"" + images + "\""), Subset.ALL, training);
        assertFalse(selection.isLabelled());
        assertFalse(whole(selection).isLabelled());
        assertTrue(open(Specs.of(), Subset.ALL, training).isLabelled());
    }

    @Test
    void aFileMayLackTheLastClassesOfTheModel() {
        Dataset training = Dataset.open(Specs.of(table(60, 1), "classes = 7"), conf);
        Examples other = whole(open(Specs.of(table(20, 1)), Subset.ALL, training));
        assertEquals(7, other.classes());
    }

    @Test
    void aFileMayHaveOneClassOnly() {
        Dataset training = Dataset.open(Specs.of(table(60, 1)), conf);
        Examples other = whole(open(Specs.of(csv("one.csv", "x,class\n5,0\n6,0\n")), Subset.ALL, training));
        assertEquals(3, other.classes());
    }

    @Test
    void columnsAreFoundByName() {
        Dataset training = Dataset.open(Specs.of(shipped("abl"), "scale = none"), conf);
        Examples own = whole(open(Specs.of(shipped("abl")), Subset.ALL, training));
        Examples swapped = whole(
                open(Specs.of(csv("swapped.csv", "b,label,a\n7,1,5\n"), "label-column = label"), Subset.ALL, training));
        assertEquals(5, swapped.feature(0, 0));
        assertEquals(7, swapped.feature(0, 1));
        // the same table with its first two columns in the other order
        SameExamples.assertSame(own, whole(open(Specs.of(shipped("bal")), Subset.ALL, training)));
        OneLine.ofData(
                () -> open(Specs.of(csv("c.csv", "a,c,label\n7,1,1\n")), Subset.ALL, training),
                "lacks the column \"b\", expected the model's 2: a, b");
        OneLine.ofData(
                () -> open(Specs.of(csv("more.csv", "a,b,c,label\n7,1,1,1\n")), Subset.ALL, training),
                "has a column that the model was not trained on: \"c\"");
    }

    @Test
    void labelsStandForTheClassesOfTheTraining() {
        Dataset training = Dataset.open(Specs.of(csv("one-to-three.csv", table("1,3,2"))), conf);
        assertEquals(3, training.description().classes());
        Examples other = whole(open(Specs.of(csv("twos.csv", "x,class\n1,2\n2,3\n")), Subset.ALL, training));
        assertEquals(1, other.label(0));
        assertEquals(2, other.label(1));
        OneLine.ofData(
                () -> open(Specs.of(csv("zero.csv", "x,class\n1,2\n2,0\n")), Subset.ALL, training),
                "example 1 has the label 0, expected one that was trained on: 1, 2, 3");
    }

    @Test
    void namesStandForTheClassesOfTheTraining() {
        Dataset training = Dataset.open(Specs.of(csv("irises.csv", table("setosa,virginica,versicolor"))), conf);
        assertEquals(
                List.of("setosa", "versicolor", "virginica"),
                training.description().transformation().naming().names());
        // of its own this file would have two classes, 0 and 1
        Examples other =
                whole(open(Specs.of(csv("two.csv", "x,class\n1,virginica\n2,setosa\n")), Subset.ALL, training));
        assertEquals(2, other.label(0));
        assertEquals(0, other.label(1));
        assertEquals(3, other.classes());
        OneLine.ofData(
                () -> open(Specs.of(csv("rose.csv", "x,class\n1,setosa\n2,rosa\n")), Subset.ALL, training),
                "got the class \"rosa\", expected one that was trained on: setosa, versicolor, virginica");
        OneLine.ofData(
                () -> open(Specs.of(csv("numbers.csv", "x,class\n1,0\n2,1\n")), Subset.ALL, training),
                "got labels that are numbers, expected the model's names");
        OneLine.ofData(
                () -> open(
                        Specs.of(csv("names.csv", "x,class\n1,a\n2,b\n")),
                        Subset.ALL,
                        Dataset.open(Specs.of(csv("numbered.csv", table("1,0"))), conf)),
                "got labels that are names: a, b, expected the model's numbers");
        // a prepared folder says what it was made of
        String prepared = folder.resolve("irises").toString();
        Preparation.prepare(
                Specs.of(csv("irises.csv", table("setosa,virginica,versicolor"))), prepared, 2, false, conf);
        DataSpec again = Specs.of("source = prepared, path = \"" + prepared + "\"");
        assertEquals(
                training.description().transformation(),
                Dataset.open(again, conf).description().transformation());
    }

    @Test
    void refusesWhatTheModelWasNotTrainedOn() {
        Dataset digits = Dataset.open(Specs.of(), conf);
        OneLine.ofData(
                () -> open(Specs.of(table(9, 1)), Subset.ALL, digits),
                "data csv: got examples of 1 features, expected the model's 64");
        String prepared = folder.resolve("prepared").toString();
        Preparation.prepare(Specs.of("scale = standard"), prepared, 2, false, conf);
        DataSpec spec = Specs.of("source = prepared, path = \"" + prepared + "\"");
        OneLine.ofData(() -> open(spec, Subset.TEST, digits), "scale = standard", "a fit that is not the model's");
        Transformation fit = Dataset.open(spec, conf).description().transformation();
        OneLine.ofData(
                () -> Selection.open(spec, Subset.TEST, fit, OptionalInt.of(9), conf),
                "got 10 classes, expected the model's 9");
    }

    private Selection open(DataSpec spec, Subset subset, Dataset training) {
        Description description = training.description();
        return Selection.open(spec, subset, description.transformation(), OptionalInt.of(description.classes()), conf);
    }

    private static Examples whole(Selection selection) {
        return Examples.concatenate(
                selection.shards(1).stream().map(ExampleShard::read).toList());
    }

    /** A table whose feature counts up in steps and whose label goes round. */
    private String table(int rows, int step) {
        StringBuilder table = new StringBuilder("x,class\n");
        for (int i = 0; i < rows; i++) {
            table.append(i * step).append(',').append(i % 3).append('\n');
        }
        return csv("table-" + rows + "-" + step + ".csv", table.toString());
    }

    /** Thirty rows whose labels go round. */
    private static String table(String labels) {
        StringBuilder table = new StringBuilder("x,class\n");
        String[] round = labels.split(",");
        for (int i = 0; i < 30; i++) {
            table.append(i).append(',').append(round[i % round.length]).append('\n');
        }
        return table.toString();
    }

    private String csv(String name, String content) {
        String path = IdxBytes.write(folder, name, content.getBytes(StandardCharsets.UTF_8));
        return "source = csv, path = \"" + path + "\"";
    }

    private static String shipped(String name) {
        return "source = csv, path = \""
                + SelectionTest.class
                        .getResource("/org/coinflip/data/cases/" + name + ".csv")
                        .getPath() + "\"";
    }
}
