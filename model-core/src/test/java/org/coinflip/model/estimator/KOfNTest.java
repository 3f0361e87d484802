package org.coinflip.model.estimator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.layer.stochastic.StochasticStage;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.network.Pass;
import org.coinflip.model.oracle.Draw;
import org.coinflip.model.oracle.Enumeration;
import org.coinflip.model.oracle.Networks;
import org.coinflip.model.oracle.Outcomes;
import org.coinflip.model.training.GradientSink;
import org.coinflip.model.unit.KOfN;
import org.coinflip.model.unit.SubsetSums;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Units of which k of n columns are 1, and their estimators, held to sums over all subsets. A comparison errs with a probability of 7e-6. */
@Tag("numerical")
@Tag("statistical")
class KOfNTest {
    private static final float[] INPUT = {0.8f, -1.1f, 0.4f};
    private static final double[] LOGITS = {0.3, -1.2, 2, -0.5, 0.7, -3};

    private static String layer(int units, String estimator) {
        return "{ type = stochastic, units = " + units + ", law { type = k-of-n, n = 4, k = 2 }, estimator = "
                + estimator + " }";
    }

    /** μ_i and Cov(b_i, v·b) by dynamic programming and by sums over the subsets. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5})
    void marginalsAndCovariancesAreThoseOfTheSubsets(int k) {
        double[] v = {1.5, -0.3, 0.8, 2, -1, 0.1};
        SubsetSums sums = new SubsetSums(6, k);
        for (int i = 0; i < 6; i++) {
            sums.set(i, LOGITS[i], v[i]);
        }
        sums.sumUp();
        sums.finish();
        double mean = 0;
        double[] marginals = new double[6];
        double[] products = new double[6];
        for (Outcomes.Outcome outcome : Outcomes.of(new KOfN(6, k), LOGITS)) {
            double value = 0;
            for (int i = 0; i < 6; i++) {
                value += outcome.sample()[i] * v[i];
            }
            mean += outcome.probability() * value;
            for (int i = 0; i < 6; i++) {
                marginals[i] += outcome.probability() * outcome.sample()[i];
                products[i] += outcome.probability() * outcome.sample()[i] * value;
            }
        }
        for (int i = 0; i < 6; i++) {
            assertEquals(marginals[i], sums.marginal(i), 1e-13);
            assertEquals(products[i] - marginals[i] * mean, sums.covariance(i), 1e-12);
        }
    }

    @Test
    void farLogitsStayFinite() {
        SubsetSums sums = new SubsetSums(6, 2);
        double[] far = {1e6, -1e6, 3, -1e30, 1e5, 0};
        for (int i = 0; i < 6; i++) {
            sums.set(i, far[i], 1);
        }
        sums.sumUp();
        sums.finish();
        double[] expected = {1, 0, 0, 0, 1, 0};
        for (int i = 0; i < 6; i++) {
            assertEquals(expected[i], sums.marginal(i), 1e-12);
            assertEquals(0, sums.covariance(i), 1e-12, "the number that are on does not vary");
        }
    }

    /** The frequency of every subset of one unit, and its means. */
    @Test
    void subsetsComeWithTheirProbabilities() {
        Network network = Networks.of(1, layer(4, "rloo"), "{ type = output, units = 2 }");
        State state = Networks.state(network, 3, 1);
        Pass pass = network.bind(state, new GradientSink(network.layout()), Backend.detect(), 64);
        StochasticStage stage = pass.stochasticStages().get(0);
        double[] logits = new double[4];
        for (int i = 0; i < 4; i++) {
            logits[i] = state.view("layer0.biases").get(i);
        }
        List<Outcomes.Outcome> outcomes = Outcomes.of(new KOfN(4, 2), logits);
        Draw draw = new Draw(outcomes.size());
        double[] seen = new double[outcomes.size()];
        for (int i = 0; i < 300; i++) {
            Draw.step(pass, Networks.copies(64, 2, 0, 0f), i);
            for (int r = 0; r < 64; r++) {
                for (int o = 0; o < seen.length; o++) {
                    seen[o] = 1;
                    for (int j = 0; j < 4; j++) {
                        seen[o] *=
                                outcomes.get(o).sample()[j] == stage.samples().get(r, j) ? 1 : 0;
                    }
                }
                draw.add(seen);
            }
        }
        draw.assertAgrees(
                outcomes.stream().mapToDouble(Outcomes.Outcome::probability).toArray(), "subsets");
    }

    @Test
    void meansAreTheMarginalsAndThresholdsTheGreatestLogits() {
        Matrix means = Matrix.padded(1, 6);
        Matrix thresholds = Matrix.padded(1, 6);
        for (int i = 0; i < 6; i++) {
            means.set(0, i, (float) LOGITS[i]);
            thresholds.set(0, i, (float) LOGITS[i]);
        }
        Floats biases = Floats.allocate(6);
        new KOfN(6, 2).means(Backend.detect(), means, biases, 1);
        new KOfN(6, 2).thresholds(Backend.detect(), thresholds, biases, 1);
        double sum = 0;
        for (int i = 0; i < 6; i++) {
            sum += means.get(0, i);
            assertEquals(i == 2 || i == 4 ? 1 : 0, thresholds.get(0, i));
        }
        assertEquals(2, sum, 1e-6);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ type = reinforce, baseline = none }",
                "reinforce",
                "{ type = rloo, samples = 3 }",
                "{ type = reinforce, baseline = input, learning-rate = 0.01 }"
            })
    void estimatorsFromTheLossAreUnbiasedForEveryLoss(String estimator) {
        Network network = Networks.of(
                3,
                layer(8, estimator),
                layer(4, estimator),
                "{ type = dense, units = 2, activation = tanh }",
                "{ type = output, units = 2 }");
        State state = Networks.state(network, 7, 1);
        Draw.gradients(network, state, Networks.copies(64, 2, 1, INPUT), 800)
                .assertAgrees(new Enumeration(network, state, 1, INPUT).gradient(), estimator);
    }

    /** SIMPLE's mean is Σ_b P(b) Cov f'(b): exact for linear losses, and what the sum says for others. */
    @ParameterizedTest
    @CsvSource({"simple, true", "implicit-mle, false"})
    void simpleHasTheMeanOfItsFormula(String estimator, boolean known) {
        Network network = Networks.of(
                3,
                layer(4, estimator),
                "{ type = dense, units = 4, activation = tanh }",
                "{ type = output, units = 3 }");
        State state = Networks.state(network, 8, 1.5);
        Enumeration enumeration = new Enumeration(network, state, 0, INPUT);
        double[] expected = enumeration.meanAtFirstLayer((logits, sample, f) -> {
            double[] gradient = Enumeration.centralDifferences(sample.clone(), f);
            SubsetSums sums = new SubsetSums(4, 2);
            for (int i = 0; i < 4; i++) {
                sums.set(i, logits[i], gradient[i]);
            }
            sums.sumUp();
            sums.finish();
            return new double[] {sums.covariance(0), sums.covariance(1), sums.covariance(2), sums.covariance(3)};
        });
        double[] exact = enumeration.gradient();
        Draw draw = Draw.gradients(network, state, Networks.copies(64, 3, 0, INPUT), 1000);
        int biases = network.layout().segment("layer0.biases").offset();
        boolean unbiased = true;
        for (int i = 0; i < 4; i++) {
            if (known) {
                assertTrue(draw.agrees(biases + i, expected[i]), i + ": " + draw.mean(biases + i));
            }
            unbiased &= draw.agrees(biases + i, exact[biases + i]);
        }
        assertFalse(unbiased, "the bias must be there");
    }

    @Test
    void simpleIsExactForLinearLosses() {
        Network network = Networks.of(
                3,
                layer(4, "simple"),
                "{ type = function, function { type = linear, weights = [1.3, -0.4, 2, 0.6] } }");
        State state = Networks.state(network, 8, 1);
        double[] exact = new Enumeration(network, state, 0, INPUT).gradient();
        Draw draw = Draw.gradients(network, state, Networks.copies(1, 1, 0, INPUT), 10);
        for (int i = 0; i < exact.length; i++) {
            assertEquals(exact[i], draw.mean(i), 1e-6);
            assertEquals(0, draw.variance(i), 1e-14, "Cov f' does not depend on the sample");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{ type = k-of-n, n = 4, k = 4 } | law.k: got 4, expected less than n = 4",
                "{ type = k-of-n, n = 3, k = 1 } | units: got 4, expected a multiple of 3"
            })
    void refusesInOneLine(String law, String part) {
        UsageException refused = assertThrows(
                UsageException.class,
                () -> Networks.of(
                        3, "{ type = stochastic, units = 4, law = " + law + " }", "{ type = output, units = 2 }"));
        assertTrue(refused.getMessage().contains(part), refused.getMessage());
    }
}
