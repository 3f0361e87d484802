package org.coinflip.model.estimator.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.layer.Mode;
import org.coinflip.model.memory.Segment;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.network.Pass;
import org.coinflip.model.oracle.Draw;
import org.coinflip.model.oracle.Enumeration;
import org.coinflip.model.oracle.Networks;
import org.coinflip.model.oracle.Rounding;
import org.coinflip.model.training.GradientSink;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The regression of the unbiased estimate on local features. */
@Tag("numerical")
class PredictedTest {
    private static final String UNBIASED = "{ type = reinforce, baseline = none }";
    private static final int UNITS = 3;

    private static String predicted(String target, String features, double kappa, double ridge) {
        return "{ type = predicted, target = " + target + ", features = [" + features + "], kappa = " + kappa
                + ", ridge = " + ridge + " }";
    }

    private static Network network(String estimator) {
        return Networks.of(
                3,
                "{ type = stochastic, units = 3, estimator = " + estimator + " }",
                "{ type = dense, units = 4, activation = tanh }",
                "{ type = output, units = 2 }");
    }

    /** A pass of a network whose parameters are the same for every estimator. */
    private static Pass pass(Network network, int batch) {
        return network.bind(Networks.state(network, 5, 1), new GradientSink(network.layout()), Backend.detect(), batch);
    }

    private static float gradient(Pass pass, int row, int unit) {
        return pass.stochasticStages().get(0).logitGradient().get(row, unit);
    }

    @Test
    void constantAlonePredictsTheRunningMeanOfTheBatchesBefore() {
        double kappa = 0.8;
        Examples examples = Networks.random(16, 3, 2, 9);
        Pass plain = pass(network(UNBIASED), 16);
        Pass predicted = pass(network(predicted(UNBIASED, "", kappa, 0.5)), 16);
        double[] sum = new double[UNITS];
        double weight = 0;
        for (int batch = 0; batch < 12; batch++) {
            Draw.step(plain, examples, batch);
            Draw.step(predicted, examples, batch);
            for (int j = 0; j < UNITS; j++) {
                double mean = 0;
                for (int r = 0; r < 16; r++) {
                    double expected = weight == 0 ? 0 : sum[j] / weight;
                    // estimates of about 1, a mean of 16 of them, a running mean and a quotient
                    double bound =
                            2 * Rounding.of(Rounding.gradient(16, 3, 3, 4, 2) + 3 * batch, 1 + Math.abs(expected));
                    assertEquals(expected, gradient(predicted, r, j), bound, "batch " + batch);
                    mean += gradient(plain, r, j) / 16;
                }
                sum[j] = kappa * sum[j] + (1 - kappa) * mean;
            }
            weight = kappa * weight + (1 - kappa);
        }
    }

    /** −log softmax of a class that is far from likely is linear in h to 1e-12, and straight-through's estimate exact. */
    private static Pass linear(String estimator, int batch) {
        Network network = Networks.of(
                3,
                "{ type = stochastic, units = 3, estimator = " + estimator + " }",
                "{ type = output, units = 2, objective = cross-entropy }");
        State state = Networks.state(network, 5, 1);
        for (int i = 0; i < UNITS; i++) {
            state.matrix("layer1.weights").set(i, 1, 0f);
        }
        state.view("layer1.biases").set(0, -40f);
        state.view("layer1.biases").set(1, 0f);
        return network.bind(state, new GradientSink(network.layout()), Backend.detect(), batch);
    }

    private static Examples ofClassZero(int count) {
        Random random = new Random(4);
        long[] ids = new long[count];
        float[] features = new float[3 * count];
        for (int i = 0; i < count; i++) {
            ids[i] = i;
        }
        for (int i = 0; i < features.length; i++) {
            features[i] = (float) random.nextGaussian();
        }
        return Examples.ofFloats(3, 2, ids, new int[count], features);
    }

    @ParameterizedTest
    @ValueSource(strings = {"straight-through", "straight-through, logit, sample"})
    void exactFeatureHasTheSlopeOneAndTheOthersNone(String features) {
        Examples examples = ofClassZero(64);
        Pass exact = linear("exact", 64);
        Pass predicted = linear(predicted("exact", features, 0.9, 0), 64);
        for (int batch = 0; batch < 3; batch++) {
            Draw.step(exact, examples, batch);
            Draw.step(predicted, examples, batch);
        }
        double greatest = 0;
        for (int r = 0; r < 64; r++) {
            for (int j = 0; j < UNITS; j++) {
                greatest = Math.max(greatest, Math.abs(gradient(exact, r, j)));
            }
        }
        // moments of three batches of 64 rows, of features that are hardly correlated, and the estimate itself
        double bound = 4 * Rounding.of(3 * 64 + Rounding.gradient(64, 3, 3, 2), greatest);
        for (int r = 0; r < 64; r++) {
            for (int j = 0; j < UNITS; j++) {
                assertEquals(gradient(exact, r, j), gradient(predicted, r, j), bound);
            }
        }
    }

    /**
     * Regressed on the exact gradient, the noisy estimate gives it back but for the error of least squares, which is 2 σ²/n on average,
     * σ² what the estimate varies by, n the rows that the running means hold. Ten times that is exceeded with probability e⁻¹⁰.
     */
    @Test
    void noisyTargetIsReducedToTheExactFeature() {
        int batch = 64;
        double kappa = 0.995;
        Examples examples = ofClassZero(batch);
        Pass exact = linear("exact", batch);
        Pass plain = linear("{ type = reinforce, baseline = moving-average }", batch);
        Pass predicted = linear(
                predicted("{ type = reinforce, baseline = moving-average }", "straight-through", kappa, 0), batch);
        double noise = 0;
        int batches = 2000;
        for (int i = 0; i < batches; i++) {
            Draw.step(exact, examples, i);
            Draw.step(plain, examples, i);
            Draw.step(predicted, examples, i);
            for (int r = 0; r < batch; r++) {
                noise += Math.pow(gradient(plain, r, 0) - gradient(exact, r, 0), 2) / (batch * batches);
            }
        }
        double error = 0;
        for (int r = 0; r < batch; r++) {
            error += Math.pow(gradient(predicted, r, 0) - gradient(exact, r, 0), 2) / batch;
        }
        double rows = batch * (1 + kappa) / (1 - kappa);
        assertTrue(error < 10 * 2 * noise / rows, error + " of " + noise);
        assertTrue(error > 0);
    }

    /**
     * For one example the prediction has the target's mean, and of its variance the part cov(x, ĝ)² / (var x · var ĝ) that the feature
     * explains, which enumeration gives; the logit, which is constant, explains nothing. A comparison of means errs with a probability
     * of 7e-6; 4000 variances have a standard error of 2 %, and the coefficients' own noise adds one.
     */
    @ParameterizedTest
    @ValueSource(strings = {"straight-through", "straight-through, logit", "sample"})
    void hasTheMeanOfTheTargetAndTheExplainedPartOfItsVariance(String features) {
        float[] input = {0.8f, -1.1f, 0.4f};
        Examples copies = Networks.copies(64, 2, 1, input);
        Network plain = network(UNBIASED);
        Draw target = Draw.gradients(plain, Networks.state(plain, 5, 1), copies, 4000);
        Network network = network(predicted(UNBIASED, features, 0.99, 0));
        State state = Networks.state(network, 5, 1);
        Draw.gradients(network, state, copies, 500);
        Draw draw = Draw.gradients(network, state, copies, 4000);
        Enumeration enumeration = new Enumeration(plain, state, 1, input);
        double[] exact = enumeration.gradient();
        double[] explained = explainedPart(enumeration, features.equals("sample"));
        int biases = network.layout().segment("layer0.biases").offset();
        for (int i = 0; i < UNITS; i++) {
            double off = Math.abs(draw.mean(biases + i) - exact[biases + i]);
            // The means that are predicted are those of the target's batches, some of which came before.
            double bound = 1.1 * Draw.STANDARD_ERRORS * target.standardError(biases + i);
            assertTrue(off < bound, off + " of " + exact[biases + i]);
            double part = draw.variance(biases + i) / target.variance(biases + i);
            assertEquals(explained[i], part, 0.15 * explained[i] + 0.02, "unit " + i);
            assertTrue(part < 1.05);
        }
    }

    private static double[] explainedPart(Enumeration enumeration, boolean ofSample) {
        double[][] moments = new double[5][];
        for (int moment = 0; moment < 5; moment++) {
            int of = moment;
            moments[moment] = enumeration.meanAtFirstLayer((logits, sample, f) -> {
                double loss = f.applyAsDouble(sample);
                double[] slopes = Enumeration.centralDifferences(sample.clone(), f);
                double[] values = new double[UNITS];
                for (int i = 0; i < UNITS; i++) {
                    double x = ofSample ? sample[i] : slopes[i];
                    double y = (sample[i] - Enumeration.sigmoid(logits[i])) * loss;
                    values[i] = new double[] {x, y, x * x, x * y, y * y}[of];
                }
                return values;
            });
        }
        double[] explained = new double[UNITS];
        for (int i = 0; i < UNITS; i++) {
            double covariance = moments[3][i] - moments[0][i] * moments[1][i];
            double ofX = moments[2][i] - moments[0][i] * moments[0][i];
            double ofY = moments[4][i] - moments[1][i] * moments[1][i];
            explained[i] = covariance * covariance / (ofX * ofY);
        }
        return explained;
    }

    /** As averaging does: moments of halves of a batch, averaged, are those of the batch. */
    @Test
    void statisticsOfWorkersAverageToThoseOfAll() {
        Network network = network(predicted(UNBIASED, "straight-through, logit, sample", 0.9, 0.001));
        Examples examples = Networks.random(8, 3, 2, 9);
        State[] states = new State[3];
        int[][] places = {{0, 1, 2, 3, 4, 5, 6, 7}, {0, 1, 2, 3}, {4, 5, 6, 7}};
        for (int i = 0; i < 3; i++) {
            states[i] = Networks.state(network, 5, 1);
            Pass pass = network.bind(states[i], new GradientSink(network.layout()), Backend.detect(), 8);
            pass.load(examples, places[i], places[i].length);
            pass.context().setNoise(Mode.TRAIN, 3, 0, 0);
            pass.forward();
            pass.backward();
            pass.accumulate();
        }
        Segment moments = network.layout().segment("layer0.prediction-moments");
        for (int i = moments.offset(); i < moments.offset() + moments.length(); i++) {
            double one = states[1].values().get(i);
            double other = states[2].values().get(i);
            // products of two features, summed over eight rows
            double bound = 2 * Rounding.of(Rounding.gradient(8, 3, 3, 4, 2), 1 + Math.abs(one) + Math.abs(other));
            assertEquals((one + other) / 2, states[0].values().get(i), bound);
        }
        assertTrue(states[0].values().get(moments.offset()) > 0);
    }

    @Test
    void servesCategoricalUnitsAndLossesWithoutAGradient() {
        Network categorical = Networks.of(
                3,
                "{ type = stochastic, units = 6, law = { type = categorical, categories = 3 }, estimator = predicted }",
                "{ type = output, units = 2 }");
        Pass pass = pass(categorical, 16);
        Examples examples = Networks.random(16, 3, 2, 9);
        for (int batch = 0; batch < 5; batch++) {
            Draw.step(pass, examples, batch);
        }
        for (int unit = 0; unit < 6; unit++) {
            assertTrue(gradient(pass, 3, unit) != 0 && Float.isFinite(gradient(pass, 3, unit)));
        }
        assertFalse(
                Networks.estimator(predicted(UNBIASED, "logit, sample", 0.9, 0)).needsGradient());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{ type = predicted, target = straight-through } | target: got \"straight-through\", expected an unbiased estimator of one sample a row, such as reinforce or muprop",
                "{ type = predicted, target = rloo } | target: got \"rloo\", expected an unbiased estimator of one sample a row, such as reinforce or muprop",
                "{ type = predicted, features = [logit, sampl] } | features: got [\"logit\",\"sampl\"], expected some of straight-through, logit, sample; did you mean sample?",
                "{ type = predicted, features = [logit, logit] } | features: got [\"logit\",\"logit\"], expected each of them once",
                "{ type = predicted, kappa = 1 } | kappa: got 1, expected a number in [0, 1)",
                "{ type = predicted, ridge = -1 } | ridge: got -1, expected a number in [0, ∞)"
            })
    void refusesInOneLine(String estimator, String message) {
        String got = assertThrows(UsageException.class, () -> Networks.estimator(estimator))
                .getMessage();
        assertEquals(message, got.substring(got.indexOf(message.substring(0, message.indexOf(':')))));
    }
}
