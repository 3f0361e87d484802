package org.coinflip.model.estimator;

import java.io.IOException;
import org.coinflip.model.training.AllocationTest;
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
        AllocationTest.assertAllocatesNothing("Sgd", layers + ", { type = output, units = 3 }");
    }
}
