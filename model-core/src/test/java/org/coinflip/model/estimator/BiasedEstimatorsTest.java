package org.coinflip.model.estimator;

import static org.coinflip.model.oracle.Enumeration.sigmoid;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.coinflip.model.memory.Segment;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.oracle.Draw;
import org.coinflip.model.oracle.Enumeration;
import org.coinflip.model.oracle.Networks;
import org.coinflip.model.oracle.Rounding;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Biased estimators have the bias that theory gives them, no other and no less; each comparison errs with a probability of 7e-6. */
@Tag("numerical")
@Tag("statistical")
class BiasedEstimatorsTest {
    private static final float[] INPUT = {0.8f, -1.1f, 0.4f};
    private static final String PLAIN = "{ type = straight-through, derive-sigmoid = false }";
    private static final String DERIVED = "{ type = straight-through, derive-sigmoid = true }";

    private static Network oneUnit(String law, String estimator) {
        return Networks.of(
                1,
                "{ type = stochastic, units = 1, law = " + law + ", estimator = " + estimator + " }",
                "{ type = output, units = 1, objective = squared-error }");
    }

    /** The loss of one unit with logit a is (h − t)²: ½ (√2 h + 1 − √2 t − 1)². */
    private static State squared(Network network, double a, double t) {
        State state = new State(network.layout());
        state.view("layer0.biases").set(0, (float) a);
        state.view("layer1.weights").set(0, (float) Math.sqrt(2));
        state.view("layer1.biases").set(0, (float) (1 - Math.sqrt(2) * t));
        return state;
    }

    private static Draw logitGradient(Network network, State state, float... input) {
        return Draw.gradients(
                network, state, Networks.copies(64, network.spec().output().units(), 0, input), 1000);
    }

    private static int bias(Network network) {
        return network.layout().segment("layer0.biases").offset();
    }

    @ParameterizedTest
    @CsvSource({"-1.5, 0.45", "0, 0.2", "0.7, 0.8", "2, 0.3"})
    void straightThroughOfASquareIsTwiceTheDistanceOfPFromT(double a, double t) {
        double p = sigmoid(a);
        Network plain = oneUnit("bernoulli", PLAIN);
        Draw plainDraw = logitGradient(plain, squared(plain, a, t), 0f);
        assertTrue(plainDraw.agrees(bias(plain), 2 * (p - t)), "mean " + plainDraw.mean(bias(plain)));
        Network derived = oneUnit("bernoulli", DERIVED);
        Draw derivedDraw = logitGradient(derived, squared(derived, a, t), 0f);
        assertTrue(derivedDraw.agrees(bias(derived), 2 * (p - t) * p * (1 - p)));
        double perDraw = 64;
        assertEquals(4 * p * (1 - p), plainDraw.variance(bias(plain)) * perDraw, 0.2 * 4 * p * (1 - p));

        double exact = p * (1 - p) * (1 - 2 * t);
        assertFalse(plainDraw.agrees(bias(plain), exact), "the bias must be there");
        assertEquals(p == 0.5, derivedDraw.agrees(bias(derived), exact), "unbiased at p = ½ only");
    }

    @Test
    void straightThroughRestsWherePIsT() {
        Network network = oneUnit("bernoulli", PLAIN);
        double a = Math.log(0.3 / 0.7);
        Draw draw = logitGradient(network, squared(network, a, 0.3), 0f);
        assertTrue(draw.agrees(bias(network), 0));
    }

    /** For quadratic losses E[ST · p(1−p)] − g = p(1−p)(p−½) f''_ii, f''_ii = Σ_k W_ik². */
    @Test
    void derivedStraightThroughHasTheBiasOfTheCurvature() {
        Network network = Networks.of(
                3,
                "{ type = stochastic, units = 3, estimator = " + DERIVED + " }",
                "{ type = output, units = 2, objective = squared-error }");
        State state = Networks.state(network, 3, 1);
        double[] exact = new Enumeration(network, state, 0, INPUT).gradient();
        Draw draw = logitGradient(network, state, INPUT);
        double[] logits = new double[3];
        for (int i = 0; i < 3; i++) {
            logits[i] = state.view("layer0.biases").get(i);
            for (int j = 0; j < 3; j++) {
                logits[i] += INPUT[j] * state.matrix("layer0.weights").get(j, i);
            }
            double p = sigmoid(logits[i]);
            double curvature = 0;
            for (int k = 0; k < 2; k++) {
                curvature += Math.pow(state.matrix("layer1.weights").get(i, k), 2);
            }
            double bias = p * (1 - p) * (p - 0.5) * curvature;
            int at = bias(network) + i;
            assertTrue(draw.agrees(at, exact[at] + bias), "unit " + i + ": mean " + draw.mean(at));
        }
    }

    /** With one class that is far from likely, −log softmax is linear to 1e-12. */
    @Test
    void derivedStraightThroughIsExactForLinearLosses() {
        Network network = Networks.of(
                3,
                "{ type = stochastic, units = 3, estimator = " + DERIVED + " }",
                "{ type = output, units = 2, objective = cross-entropy }");
        State state = Networks.state(network, 3, 1);
        for (int i = 0; i < 3; i++) {
            state.matrix("layer1.weights").set(i, 1, 0f);
        }
        state.view("layer1.biases").set(0, -40f);
        state.view("layer1.biases").set(1, 0f);
        double[] exact = new Enumeration(network, state, 0, INPUT).gradient();
        Draw draw = logitGradient(network, state, INPUT);
        Segment biases = network.layout().segment("layer0.biases");
        for (int i = 0; i < biases.offset() + biases.length(); i++) {
            double bound = Rounding.of(Rounding.gradient(64, 3, 3, 2), 1 + Math.abs(exact[i]));
            assertEquals(exact[i], draw.mean(i), bound);
        }
    }

    @ParameterizedTest
    @CsvSource({"-1.5, 0.45, 0.5", "0.3, 0.2, 0.5", "0.7, 0.8, 0.25", "-2, 0.3, 0.8"})
    void smoothPartOfStochasticTimesSmoothIsAllThatIsDifferentiated(double a, double t, double r) {
        Network network = oneUnit("{ type = stochastic-times-smooth, ratio = " + r + " }", "pathwise");
        Draw draw = logitGradient(network, squared(network, a, t), 0f);
        double p = sigmoid(a);
        double smooth = Math.pow(p, 1 - r);
        double expected = (1 - r) * p * (1 - p) * 2 * (smooth - t);
        assertTrue(draw.agrees(bias(network), expected), draw.mean(bias(network)) + ", expected " + expected);
        double exact = new Enumeration(network, squared(network, a, t), 0, 0f).gradient()[bias(network)];
        assertFalse(draw.agrees(bias(network), exact), "the bias must be there");
    }

    /** E[∂f/∂h_i · ∂h_i/∂a_i] by enumeration, f's derivatives by central differences. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "bernoulli, estimator = " + PLAIN,
                "bernoulli, estimator = " + DERIVED,
                "{ type = stochastic-times-smooth, ratio = 0.5 }, estimator = pathwise",
                "{ type = stochastic-times-smooth, ratio = 0.3 }, estimator = pathwise"
            })
    void backPropagatedEstimatorsHaveTheMeanThatEnumerationGives(String lawAndEstimator) {
        Network network = Networks.of(
                3,
                "{ type = stochastic, units = 3, law = " + lawAndEstimator + " }",
                "{ type = dense, units = 4, activation = tanh }",
                "{ type = output, units = 3 }");
        State state = Networks.state(network, 8, 1.2);
        double[] expected = new Enumeration(network, state, 0, INPUT).meanAtFirstLayer((logits, sample, f) -> {
            double[] gradient = Enumeration.centralDifferences(sample.clone(), f);
            for (int i = 0; i < gradient.length; i++) {
                double p = sigmoid(logits[i]);
                double ratio = lawAndEstimator.contains("0.3") ? 0.3 : 0.5;
                gradient[i] *= lawAndEstimator.contains("smooth")
                        ? (1 - ratio) * (1 - p) * sample[i]
                        : lawAndEstimator.contains("true") ? p * (1 - p) : 1;
            }
            return gradient;
        });
        Draw draw = logitGradient(network, state, INPUT);
        for (int i = 0; i < 3; i++) {
            int at = bias(network) + i;
            assertTrue(draw.agrees(at, expected[i]), "unit " + i + ": " + draw.mean(at) + ", expected " + expected[i]);
        }
    }
}
