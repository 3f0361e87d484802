package org.coinflip.spark.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.coinflip.model.error.UsageException;
import org.coinflip.spark.experiment.Experiment;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * docs/reference.md is what the code declares, with a sentence for each key. Where it is not, {@code mvn -pl spark-jobs -am test
 * -Dtest=ReferenceTest -Dcoinflip.write-docs=true -Dsurefire.failIfNoSpecifiedTests=false} writes it.
 */
class ReferenceTest {
    private static final Path DOCUMENT = Path.of("../docs/reference.md");
    private static final String SAMPLE =
            "convert = [{ model = m, to = onnx, evaluation { mode = samples } }, { dl4j = d, trust = true }]";
    private static final List<String> MEANINGS = List.of(
            "# The file",
            "model = a",
            "dl4j = b",
            "to = c",
            "evaluation = d",
            "output = e",
            "overwrite = f",
            "scale = g",
            "offset = h",
            "trust = i",
            "evaluation.mode = j",
            "evaluation.draws = k");

    private static Reference reference;

    @BeforeAll
    static void gather() {
        reference = Reference.gather();
    }

    @Test
    void everyKeyHasASentenceAndEverySentenceAKey() {
        assertEquals(List.of(), reference.gaps());
    }

    @Test
    void documentSaysWhatTheCodeDeclares() throws IOException {
        if (Boolean.getBoolean("coinflip.write-docs")) {
            Files.writeString(DOCUMENT, reference.page());
        }
        assertEquals(
                reference.page(),
                Files.readString(DOCUMENT),
                "docs/reference.md: mvn -pl spark-jobs -am test -Dtest=ReferenceTest -Dcoinflip.write-docs=true"
                        + " -Dsurefire.failIfNoSpecifiedTests=false");
    }

    private static List<String> gaps(String samples, List<String> meanings) {
        return Reference.of(samples, meanings).gaps();
    }

    @Test
    void aKeyWithoutASentenceIsAGap() {
        assertEquals(List.of(), gaps(SAMPLE, MEANINGS));
        List<String> fewer = new ArrayList<>(MEANINGS);
        fewer.remove("trust = i");
        assertEquals(
                List.of("{convert}.trust: no sentence: add a line to meanings.txt: {convert}.trust = …"),
                gaps(SAMPLE, fewer));
    }

    @Test
    void aSentenceWithoutAKeyIsAGap() {
        List<String> more = new ArrayList<>(MEANINGS);
        more.add("evaluation.samples = l");
        assertEquals(
                List.of("evaluation.samples: a sentence without a key: remove it from meanings.txt"),
                gaps(SAMPLE, more));
    }

    @Test
    void aKeyThatIsOnlyAskedForIsAGap() {
        assertEquals(
                "{convert}.evaluation: it is asked whether it is there, and never read: add a sample to samples.conf that"
                        + " writes it",
                gaps("convert = [{ model = m }, { dl4j = d, trust = true }]", MEANINGS)
                        .get(0));
    }

    /** A source that wants keys which no sample writes. */
    @Test
    void aTypeThatNoSampleReachesIsAGap() {
        List<String> gaps = gaps("prepare = [{}]", List.of("# The file"));
        assertTrue(
                gaps.contains("data{csv}: no sample is read to its end: add one to samples.conf that writes all that it"
                        + " requires"),
                gaps.toString());
        assertFalse(gaps.stream().anyMatch(gap -> gap.startsWith("data{synthetic}: ")), gaps.toString());
    }

    @Test
    void meaningsAreHeldToTheirForm() {
        for (List<String> lines : List.of(
                List.of("# The file", "name: for people"),
                List.of("name = for people"),
                List.of("# The file", "name = a", "name = b"))) {
            assertThrows(IllegalArgumentException.class, () -> Meanings.of(lines));
        }
    }

    /** By another way: what a file of defaults is written out as. */
    @Test
    void defaultsAreThoseInForce() {
        Experiment experiment = Experiment.read(ConfigFactory.parseString(
                "network.layers = [{ type = output, units = 2, objective = cross-entropy }]"));
        Map<String, Object> written = experiment.write(experiment.networkSpec(3));
        int compared = 0;
        for (String section : List.of("checkpoint", "training", "averaging", "validation")) {
            Map<?, ?> inForce = (Map<?, ?>) written.get(section);
            Matcher matcher = Pattern.compile("(?m)^" + section + "\\.([\\w-]+): .*; default (.*)$")
                    .matcher(reference.help("train", section));
            while (matcher.find()) {
                Object value = inForce.get(matcher.group(1));
                if (value instanceof Number number) {
                    assertTrue(
                            Arrays.stream(matcher.group(2).split(" or "))
                                    .anyMatch(byDefault -> Double.parseDouble(byDefault) == number.doubleValue()),
                            section + ": " + matcher.group() + ", in force " + value);
                    compared++;
                }
            }
        }
        assertTrue(compared > 12, "compared " + compared);
    }

    @Test
    void everyJobKnowsItsKeysAndTheNearestToOthers() {
        assertEquals(
                """
                training.updater.momentum (Momentum, Nesterovs): number in [0, 1); default 0.9
                    μ
                training.updater.momentum (Muon): number in [0, 1); default 0.95
                    μ""",
                reference.help("train", "training.updater.momentum"));
        assertEquals(
                reference.help("train", "network.layers[].law{binomial}.trials"),
                reference.help("sweep", "network.layers.0.gate.law.trials"));
        assertEquals(reference.help("train", "data.delimiter"), reference.help("prepare", "data.csv.delimiter"));
        assertRefused("train", "training.bach", "; did you mean training.batch?");
        assertRefused("train", "delimiter", "; did you mean data.delimiter?");
        assertRefused("prepare", "training.batch", "");
        for (String job : List.of("prepare", "train", "evaluate", "predict", "sweep", "study", "convert")) {
            assertTrue(reference.help(job, "output").contains("; default out/"), job);
        }
    }

    private static void assertRefused(String job, String key, String suggestion) {
        UsageException refused = assertThrows(UsageException.class, () -> reference.help(job, key));
        assertTrue(
                refused.getMessage()
                        .startsWith(
                                "--help: got " + key + ", expected a key or a section of " + job + ".sh" + suggestion),
                refused.getMessage());
    }

    /** The page is text that renders: every row of a table has as many cells as its head. */
    @Test
    void tablesAreWhole() {
        int cells = 0;
        for (String line : reference.page().split("\n")) {
            int found = line.startsWith("|") ? line.replace("\\|", "").split("\\|", -1).length : 0;
            assertTrue(cells == 0 || found == 0 || found == cells, line);
            cells = found;
        }
        assertTrue(
                Arrays.stream(reference.page().split("\n")).noneMatch(line -> line.endsWith("|  |")),
                "a key without a sentence");
    }
}
