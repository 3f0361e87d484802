package org.coinflip.spark.study.energy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.kernel.operation.FiringRate;
import org.coinflip.spark.LocalSpark;
import org.coinflip.spark.study.StudyRun;
import org.coinflip.spark.study.StudySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A small study, in this process. */
class EarlyInferenceStudyTest {
    private static final String SMALL =
            """
            seed = 3
            study {
              type = early-inference, depths = [2, 3], inputs = 3, hidden = 5, outputs = 2
              betas = [0.1], temperatures = [0, 0.0001], times = [0.02, 0.04, 0.8], step = 0.01, chains = 20
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
    void theLawHoldsAndTheTableIsTheSameOnAnyNumberOfSlots() throws IOException {
        Map<String, Object> summary = run(1, "", folder.resolve("one"));
        run(2, "", folder.resolve("two"));
        String table = Files.readString(folder.resolve("one/early-inference.csv"));
        assertEquals(table, Files.readString(folder.resolve("two/early-inference.csv")));
        assertTrue(
                table.startsWith("depth,rho,beta,temperature,layer,time,cosine,norm_ratio\n2,hard-sigmoid,0.1,0.0,2,"));
        // three firing rates, two temperatures, three times, two and three layers
        assertEquals(1 + 3 * 2 * 3 * (2 + 3), table.lines().count());
        assertTrue((double) summary.get("leastCosine") >= 0.9999);
        assertTrue(Files.readString(folder.resolve("one/report.html")).contains("Norm ratio over time, depth 3"));
    }

    @Test
    void unitsOfALayerDiffer() {
        Cell cell = new Cell(3, FiringRate.TANH, 0.1, 0);
        double[] errors = cell.inference(cell.sizes(3, 5, 2), 3).errors();
        for (int i = 4; i < 8; i++) {
            assertTrue(Math.abs(errors[i] - errors[3]) > 1e-6, "units 3 and " + i);
        }
    }

    @Test
    void refusesTimesBetweenSteps() {
        UsageException e =
                assertThrows(UsageException.class, () -> run(1, "study.times = [0.015]", folder.resolve("x")));
        assertEquals("study.times: got [0.015], expected multiples of the step, 0.01", e.getMessage());
    }

    @Test
    void refusesANegativeStep() {
        UsageException e = assertThrows(UsageException.class, () -> run(1, "study.step = -0.01", folder.resolve("x")));
        assertEquals("study.step: got -0.01, expected a number in (0, ∞)", e.getMessage());
    }
}
