package org.coinflip.data;

import static org.coinflip.data.SmallSource.LABELS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.coinflip.data.raw.RawExamples;
import org.coinflip.model.error.CoinflipException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What holds of every source: the same examples however often it is read and in however many shards it is prepared; what is cut, empty, mislabelled or says what is
 * not so is refused in one line, and leaves nothing behind.
 */
class SourceContractTest {
    private static final Configuration CONF = new Configuration();
    private static final int CUTS = 50;

    @TempDir
    private Path folder;

    private Path input;

    @BeforeEach
    void makeRoom() throws IOException {
        input = Files.createDirectory(folder.resolve("input"));
    }

    @ParameterizedTest
    @EnumSource
    void isTheSameHoweverOftenItIsReadAndInHoweverManyShards(SmallSource source) {
        assertIsTheSame(source.write(input, LABELS));
    }

    @Test
    void soAreValuesAndWeights() {
        String section = SmallSource.CSV.write(input, LABELS);
        assertIsTheSame(section + ", label-type = values, weight-column = kind, label-column = x");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "digits",
                "sequences, steps = 11, examples = 90",
                "sequences, task = recall, steps = 10, examples = 90",
                "sequences, task = copy, steps = 21, examples = 90",
                "synthetic, features = 5, split { train = 70, valid = 9, test = 10 }"
            })
    void soAreThoseWithoutFiles(String source) {
        assertIsTheSame("source = " + source);
    }

    private void assertIsTheSame(String section) {
        DataSpec spec = Specs.of(section);
        Dataset expected = Dataset.open(spec, CONF);
        SameExamples.assertIn(expected, Dataset.open(spec, CONF));
        for (int shards : new int[] {1, 3, 7}) {
            String output = folder.resolve("in" + shards).toString();
            Preparation.prepare(spec, output, shards, false, CONF);
            Dataset prepared = Dataset.open(Specs.of("source = prepared, path = \"" + output + "\""), CONF);
            SameExamples.assertIn(expected, prepared);
            int most = expected.description().split(Split.TRAIN).examples();
            assertEquals(Math.min(shards, most), prepared.shards(Split.TRAIN).size());
        }
    }

    /** Of a text the lines before the cut are left, the last of them perhaps shorter. */
    @ParameterizedTest
    @EnumSource
    void cutAnywhereItIsRefusedOrATextOfFewerLines(SmallSource source) throws IOException {
        String section = source.write(input, LABELS);
        RawExamples whole = source.knowsItsEnd() ? null : Specs.raw(section);
        int refused = 0;
        for (Path file : source.files(input)) {
            byte[] content = Files.readAllBytes(file);
            for (int k = 0; k < CUTS; k++) {
                Files.write(file, Arrays.copyOf(content, content.length * k / CUTS));
                if (source.knowsItsEnd()) {
                    Refusal.of(folder, section);
                    refused++;
                } else {
                    refused += assertRefusedOrFewer(whole, section) ? 1 : 0;
                }
            }
            Files.write(file, content);
        }
        assertTrue(refused > 0);
    }

    /** Whether it is refused. */
    private static boolean assertRefusedOrFewer(RawExamples whole, String section) {
        RawExamples some;
        try {
            some = Specs.raw(section);
        } catch (CoinflipException e) {
            OneLine.check(e);
            return true;
        }
        int next = 0;
        int changed = 0;
        for (int i = 0; i < some.size(); i++) {
            int at = next;
            while (at < whole.size() && !isSame(whole, at, some, i)) {
                at++;
            }
            next = at < whole.size() ? at + 1 : next;
            changed += at < whole.size() ? 0 : 1;
        }
        assertTrue(some.size() <= whole.size() && changed <= 1, changed + " of " + some.size() + " are others");
        return false;
    }

    private static boolean isSame(RawExamples whole, int at, RawExamples some, int i) {
        return whole.label(at) == some.label(i)
                && IntStream.range(0, whole.width()).allMatch(j -> whole.feature(at, j) == some.feature(i, j));
    }

    @ParameterizedTest
    @EnumSource
    void emptyItIsRefused(SmallSource source) throws IOException {
        String section = source.write(input, LABELS);
        for (Path file : source.files(input)) {
            Files.write(file, new byte[0]);
        }
        Refusal.of(folder, section);
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"CSV_FOLDER", "IMAGES", "DL4J"})
    void withAFolderForAFileItIsRefused(SmallSource source) throws IOException {
        String section = source.write(input, LABELS);
        for (Path file : source.files(input)) {
            byte[] content = Files.readAllBytes(file);
            Files.delete(file);
            Refusal.of(folder, section);
            Files.createDirectory(file);
            Refusal.of(folder, section);
            Files.delete(file);
            Files.write(file, content);
        }
        assertIsTheSame(section);
    }

    @ParameterizedTest
    @EnumSource
    void withAFileForAFolderItIsRefused(SmallSource source) {
        String section = source.write(input, LABELS);
        String file = IdxBytes.write(folder, "a-file", new byte[] {1, 2});
        Refusal.of(folder, section.replaceAll("(path|images) = \"[^\"]+\"", "$1 = \"" + file + "\""));
        Refusal.of(folder, section.replaceAll("(path|images) = \"[^\"]+\"", "$1 = \"" + file + "/below\""));
    }

    /** Prepared data of one row there are none. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "PREPARED")
    void ofOneRowItIsRefused(SmallSource source) {
        Refusal.of(folder, source.write(input, 1));
    }

    /** MNIST says that it has ten classes, and one-hot labels how many; of others a single label is one too few. */
    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"PREPARED", "DL4J"})
    void ofOneClassItIsRefusedUnlessTheClassesAreDeclared(SmallSource source) {
        String section = source.write(input, new int[30]);
        if (source != SmallSource.MNIST) {
            Refusal.of(folder, section, "every label is 0, expected at least two classes");
            section += "\nclasses = 2";
        }
        assertIsTheSame(section);
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"PREPARED", "DL4J"})
    void aLabelOutOfRangeIsRefused(SmallSource source) {
        int[] labels = LABELS.clone();
        labels[17] = source == SmallSource.MNIST ? 10 : 3;
        String section = source.write(input, labels) + (source == SmallSource.MNIST ? "" : "\nclasses = 3");
        Refusal.of(folder, section, "expected a label from 0 to " + (source == SmallSource.MNIST ? 9 : 2));
    }
}
