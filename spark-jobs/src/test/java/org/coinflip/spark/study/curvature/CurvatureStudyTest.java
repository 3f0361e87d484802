package org.coinflip.spark.study.curvature;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.coinflip.model.error.UsageException;
import org.coinflip.spark.LocalSpark;
import org.coinflip.spark.study.StudyRun;
import org.coinflip.spark.study.StudySpec;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A small study, in this process. */
@Tag("numerical")
class CurvatureStudyTest {
    private static final String SMALL =
            """
            seed = 3
            study {
              type = curvature, hidden = [4, 3], training-examples = 200, hessian-examples = 50, epochs = 20
              data { source = digits, project { type = pca, components = 6, rotate = true } }
              variants = [
                { name = regular, shortcuts = false, learning-rate = 0.3 }
                { name = all, alpha = true, beta = true, gamma = true, learning-rate = 0.3 }
              ]
            }
            """;

    @TempDir
    private Path folder;

    private Map<String, Object> run(int slots, String more, Path output) {
        StudySpec spec = StudySpec.read(ConfigFactory.parseString("output = \"" + output + "\"\n" + more)
                .withFallback(ConfigFactory.parseString(SMALL)));
        try (LocalSpark spark = new LocalSpark(slots)) {
            return StudyRun.prepare(spec).run(spark.session());
        }
    }

    @Test
    @SuppressWarnings("unchecked")
    void looksAtEveryVariantAndIsTheSameOnAnyNumberOfSlots() throws IOException {
        Map<String, Object> one = run(1, "", folder.resolve("one"));
        Map<String, Object> two = run(2, "", folder.resolve("two"));
        List<Map<String, Object>> variants = (List<Map<String, Object>>) one.get("variants");
        List<Map<String, Object>> again = (List<Map<String, Object>>) two.get("variants");
        assertEquals(2, variants.size());
        assertEquals(6 * 4 + 4 * 3 + 3 * 10, variants.get(0).get("weights"));
        assertEquals(6 * 4 + 10 * 3 + 13 * 10, variants.get(1).get("weights"));
        for (int v = 0; v < 2; v++) {
            assertTrue((double) variants.get(v).get("differencesAgainstProducts") < 1e-5);
            assertEquals(variants.get(v).get("greatestEigenvalue"), again.get(v).get("greatestEigenvalue"));
            assertEquals(variants.get(v).get("loss"), again.get(v).get("loss"));
        }
        String page = Files.readString(folder.resolve("one/report.html"));
        assertTrue(page.contains("Negative eigenvalues") && page.contains("0→1"));
    }

    @Test
    void refusesTransformationsWithoutShortcuts() {
        UsageException e = assertThrows(
                UsageException.class,
                () -> run(
                        1,
                        "study.variants = [{ name = a, shortcuts = false, alpha = true, learning-rate = 0.3 }]",
                        folder.resolve("x")));
        assertTrue(e.getMessage().contains("study.variants[0].shortcuts: got false, expected true"), e.getMessage());
    }
}
