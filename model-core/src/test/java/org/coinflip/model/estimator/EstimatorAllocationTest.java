package org.coinflip.model.estimator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Steps with estimators of several samples, of probes and of noise drawn again allocate nothing once they are compiled. */
class EstimatorAllocationTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ type = stochastic, units = 16, estimator = disarm },"
                        + " { type = stochastic, units = 16, estimator = rebar },"
                        + " { type = stochastic, units = 16, estimator = straight-through-concrete }",
                "{ type = stochastic, units = 16, law = nrelu },"
                        + " { type = stochastic, units = 16, estimator = predicted },"
                        + " { type = stochastic, units = 16, estimator = gapped },"
                        + " { type = stochastic, units = 16, law = { type = categorical, categories = 4 },"
                        + " estimator = rao-blackwellised }",
                "{ type = stochastic, units = 16, law = semantic-hashing },"
                        + " { type = stochastic, units = 16, law = { type = categorical-concrete, categories = 4,"
                        + " temperature = { from = 1, to = 0.5 } } },"
                        + " { type = stochastic, units = 16, law = { type = categorical, categories = 4 },"
                        + " estimator = reinmax }",
                "{ type = stochastic, units = 16, law = poisson },"
                        + " { type = stochastic, units = 16, law = k-of-n },"
                        + " { type = stochastic, units = 16, law = { type = categorical, categories = 4 },"
                        + " estimator = carms },"
                        + " { type = stochastic, units = 16, estimator = double-cv },"
                        + " { type = stochastic, units = 16, estimator = unordered-set }",
                "{ type = stochastic, units = 16, estimator = rodeo },"
                        + " { type = stochastic, units = 16, law = { type = categorical, categories = 4 }, estimator = relax },"
                        + " { type = stochastic, units = 16, law = { type = categorical, categories = 4 },"
                        + " estimator = minimum-variance }",
                "{ type = stochastic, units = 16, law = gaussian, prior = standard },"
                        + " { type = stochastic, units = 16, law = { type = gaussian, rate-scale = 0 }, estimator = rloo },"
                        + " { type = stochastic, units = 16, estimator = reinmax-cv },"
                        + " { type = stochastic, units = 16, estimator = vimco },"
                        + " { type = stochastic, units = 16, estimator = vimco }"
            })
    void stepsAllocateNothing(String layers) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-modules=jdk.incubator.vector",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "org.coinflip.model.training.AllocationTest",
                        "Sgd",
                        layers + ", { type = output, units = 3 }")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertEquals(0, process.waitFor(), out);
        assertEquals("0 bytes", out.substring(out.lastIndexOf('\n') + 1));
    }
}
