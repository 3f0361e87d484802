package org.coinflip.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.coinflip.data.source.DigitsSource;
import org.coinflip.model.settings.Section;
import org.coinflip.model.transform.Binarisation;
import org.coinflip.model.transform.Scaling;
import org.junit.jupiter.api.Test;

class DataSpecTest {
    @Test
    void nothingWrittenMeansTheEmbeddedDigitsScaledToUnit() {
        DataSpec spec = Specs.of();
        assertEquals(new DigitsSource(), spec.source());
        assertEquals(Scaling.UNIT, spec.scale().orElseThrow());
        assertEquals(Binarisation.NONE, spec.binarise().orElseThrow());
        assertEquals(0, spec.split().orElseThrow().seed());
    }

    @Test
    void everySourceRoundTrips() {
        for (String written : new String[] {
            "source = digits, split { train = 1000, valid = 300, test = 400, seed = 9 }, scale = standard",
            "source = mnist, path = \"a/b\", split.valid = 10000, binarise = threshold",
            "source = idx, images = i, labels = l, classes = 7, binarise { type = bernoulli, seed = 3 }",
            "source = idx, images = i, labels = l, test-images = ti, test-labels = tl, scale = none",
            "source = csv, path = \"a.csv\", label-column = kind, header = false, delimiter = \";\", classes = 3",
            "source = mnist, path = a, project { type = pca, components = 30, rotate = true, seed = 3 }",
            "source = mnist, path = a, project { type = pca, components = 30 }",
            "source = mnist, path = a, project { type = rotation, seed = 3 }",
            "source = idx, images = i",
            "source = synthetic",
            "source = synthetic, features = 3, classes = 4, split { train = 5, valid = 6, test = 7 }, seed = -8",
            "source = csv, path = \"a.csv\", label-column = none",
            "source = prepared, path = \"hdfs://host/a b\""
        }) {
            DataSpec spec = Specs.of(written);
            assertEquals(spec, DataSpec.read(Section.root(spec.asConfig())), written);
        }
    }

    @Test
    void writesItsDefaultsOut() {
        assertTrue(Specs.of().asMap().keySet().containsAll(java.util.List.of("source", "split", "scale", "binarise")));
    }

    @Test
    void refusesUnknownKeysAndNamesTheNearest() {
        OneLine.ofUsage(() -> Specs.of("sorce = digits"), "data.sorce: unknown key; did you mean source?");
        OneLine.ofUsage(() -> Specs.of("split.tran = 3"), "data.split.tran: unknown key; did you mean train?");
        OneLine.ofUsage(() -> Specs.of("binarise { type = threshold, seed = 1 }"), "data.binarise.seed: unknown key");
        OneLine.ofUsage(() -> Specs.of("source = mnst"), "data.source: got \"mnst\"", "did you mean mnist?");
    }

    @Test
    void refusesKeysOfAnotherSource() {
        OneLine.ofUsage(() -> Specs.of("path = x"), "data.path: unknown key");
        OneLine.ofUsage(() -> Specs.of("source = mnist, path = x, classes = 3"), "data.classes: unknown key");
        OneLine.ofUsage(() -> Specs.of("source = prepared, path = x, scale = unit"), "data.scale: unknown key");
        OneLine.ofUsage(() -> Specs.of("source = synthetic, scale = unit"), "data.scale: unknown key");
        OneLine.ofUsage(() -> Specs.of("source = synthetic, split.seed = 1"), "data.split.seed: unknown key");
        OneLine.ofUsage(() -> Specs.of("source = prepared, path = x, split.seed = 1"), "data.split: unknown key");
    }

    @Test
    void refusesWhatIsMissing() {
        OneLine.ofUsage(() -> Specs.of("source = mnist"), "data.path: got nothing, expected text");
        OneLine.ofUsage(
                () -> Specs.of("source = idx, images = i, test-images = t, test-labels = tl"),
                "data.test-images: got \"t\", expected nothing: images without data.labels");
        OneLine.ofUsage(
                () -> Specs.of("source = idx, images = i, labels = l, test-images = t"),
                "data.test-labels: got nothing",
                "together or not at all");
    }

    @Test
    void refusesATestSizeWhereTheSourceHasItsOwn() {
        OneLine.ofUsage(
                () -> Specs.of("source = mnist, path = x, split.test = 5"),
                "data.split.test: got 5, expected nothing: source mnist brings its own test examples");
    }

    @Test
    void foldsAreTheTestSplit() {
        DataSpec spec = Specs.of("split { folds = 5, fold = 2, stratified = true }");
        assertEquals(
                new SplitSizes.Fold(2, 5), spec.split().orElseThrow().fold().orElseThrow());
        OneLine.ofUsage(() -> Specs.of("split { folds = 5, fold = 5 }"), "data.split.fold: got 5");
        OneLine.ofUsage(() -> Specs.of("split { folds = 5 }"), "data.split.fold: got nothing");
        OneLine.ofUsage(() -> Specs.of("split { fold = 1 }"), "data.split.fold: unknown key");
        OneLine.ofUsage(() -> Specs.of("split { folds = 5, fold = 1, test = 9 }"), "data.split.folds: got 5");
        OneLine.ofUsage(
                () -> Specs.of("source = mnist, path = x, split { folds = 5, fold = 1 }"), "data.split.folds: got 5");
    }

    @Test
    void refusesAnEmptySplit() {
        for (String split : new String[] {"train", "valid", "test"}) {
            OneLine.ofUsage(
                    () -> Specs.of("split." + split + " = 0"), "data.split." + split + ": got 0, expected at least 1");
        }
    }

    @Test
    void refusesToBinariseWhatIsNotInTheUnitInterval() {
        OneLine.ofUsage(
                () -> Specs.of("scale = standard, binarise = bernoulli"),
                "data.scale: got \"standard\", expected unit: binarise = bernoulli");
    }

    @Test
    void refusesADelimiterOfTwoCharacters() {
        OneLine.ofUsage(() -> Specs.of("source = csv, path = x, delimiter = \"::\""), "data.delimiter: got \"::\"");
    }
}
