package org.coinflip.spark.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a study refuses: one line on standard error, exit code 2, and nothing written. */
class StudyJobTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "study.type=estimator | study.type: got \"estimator\", expected a study, one of curvature",
                "study.functions=[{ function { type = quadratic }, logits = [NaN] }] | study.functions[0].logits[0]: got NaN, expected a finite number",
                "study.functions=[{ function { type = quadratic }, logits = [Infinity] }] | study.functions[0].logits[0]: got Infinity, expected a finite number",
                "study.grid=[0, NaN] | study.grid[1]: got NaN, expected a finite number",
                "study.estimators=[{ estimator { type = rebar, temperature = 0 } }] | study.estimators[0].estimator.temperature: got 0, expected a number in [0.001, 1000]",
                "study.estimators=[{ estimator = pathwise, law { type = concrete, temperature = 0 } }] | study.estimators[0].law.temperature: got 0",
                "study.estimators=[{ estimator { type = rloo, samples = 1 } }] | study.estimators[0].estimator.samples: got 1, expected at least 2",
                "study.functions=[{ function { type = table, values = [1, 2, 3] } }] | study.functions[0].function.values: got 3 numbers, expected 2^D of them for D units",
                "study.functions=[{ function { type = table, values = [1, 2] }, logits = [0, 1] }] | study.functions[0].function.values: got 2 numbers, expected 2^2 = 4 for the 2 units below",
                "study.functions=[{ function { type = quadratic }, units = 40 }] | study.functions[0].units: got 40, expected at most 20: the exact gradient is a sum over 2^units values",
                "study.functions=[{ function { type = random-table }, units = 40 }] | study.functions[0].units: got 40, expected at most 20",
                "study.functions=[{ function { type = quadratic }, units = 2, logits = [0] }] | study.functions[0].logits: got 1 numbers, expected 2, one for each unit",
                "study.estimators=[{ estimator = pathwise }] | study.estimators[0].estimator: got \"pathwise\", expected an estimator for bernoulli units",
                "study.samples=1000 | study.samples: got \"1000\", expected a multiple of batch = 256",
                "study.function={ type = xor } | study.function.type: got \"xor\", expected a function of units",
                "study.functions=[] | study.functions: got [], expected at least one",
                "study.sample=3 | study.sample: unknown key; did you mean samples?",
                "study.toy { estimator = 1 } | expected key=value"
            })
    void refusesInOneLine(String argument, String part) {
        Path output = folder.resolve("out");
        Outcome refused =
                Outcome.of(new StudyJob(), "--conf=../conf/studies/estimators.conf", "output=" + output, argument);
        String said = refused.err();
        assertEquals(2, refused.exit(), said);
        assertEquals(1, said.lines().count(), said);
        assertTrue(said.contains(part), said);
        assertFalse(Files.exists(output), said);
    }
}
