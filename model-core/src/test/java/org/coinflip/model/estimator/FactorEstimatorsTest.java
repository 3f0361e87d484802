package org.coinflip.model.estimator;

import static org.coinflip.model.oracle.Enumeration.sigmoid;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.DoubleBinaryOperator;
import java.util.stream.Stream;
import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.layer.Mode;
import org.coinflip.model.layer.stochastic.StochasticStage;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.network.Pass;
import org.coinflip.model.oracle.Draw;
import org.coinflip.model.oracle.Enumeration;
import org.coinflip.model.oracle.Networks;
import org.coinflip.model.oracle.Rounding;
import org.coinflip.model.oracle.Toy;
import org.coinflip.model.training.GradientSink;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Biased estimators that multiply the sample's gradient by a factor: held row by row to plain straight-through under the same noise,
 * and to the mean that enumeration gives. Statistical comparisons err with a probability of 7e-6.
 */
@Tag("numerical")
class FactorEstimatorsTest {
    private static final float[] INPUT = {0.8f, -1.1f, 0.4f};

    /** A factor as a function of the logit and the bit. */
    private static Arguments factor(String estimator, DoubleBinaryOperator expected) {
        return Arguments.of(estimator, expected);
    }

    static Stream<Arguments> factors() {
        return Stream.of(
                factor("straight-through", (a, b) -> 1),
                factor("{ type = straight-through, derivative = identity }", (a, b) -> 1),
                factor("{ type = straight-through, derivative = sigmoid }", (a, b) -> sigmoid(a) * sigmoid(-a)),
                factor("{ type = straight-through, derive-sigmoid = true }", (a, b) -> sigmoid(a) * sigmoid(-a)),
                factor("{ type = straight-through, derivative = clipped }", (a, b) -> Math.abs(a) <= 1 ? 1 : 0),
                factor(
                        "{ type = straight-through, derivative = clipped, limit = 0.6 }",
                        (a, b) -> Math.abs(a) <= 0.6 ? 1 : 0),
                factor(
                        "{ type = straight-through, derivative = hard-sigmoid, slope = 0.5, final-slope = 2.5 }",
                        (a, b) -> Math.abs(a) <= 1 ? 0.5 : 0),
                factor("half", (a, b) -> 0.5 * Math.abs(b - sigmoid(a))),
                factor("{ type = minimum-variance, bias-weight = 0 }", (a, b) -> sigmoid(a) * sigmoid(-a)),
                factor("{ type = minimum-variance, bias-weight = 1e6 }", (a, b) -> leastVariance(a, b, 1e6)),
                factor("minimum-variance", (a, b) -> leastVariance(a, b, 10)),
                factor("reinmax", (a, b) -> reinMax(a, b, 1)),
                factor("{ type = reinmax, temperature = 2.5 }", (a, b) -> reinMax(a, b, 2.5)),
                factor("gapped", (a, b) -> gapped(a, b, 1, 1)),
                factor("{ type = gapped, gap = 0.2, temperature = 0.5 }", (a, b) -> gapped(a, b, 0.2, 0.5)),
                factor(
                        "{ type = surrogate, shape = super-spike, scale = 2 }",
                        (a, b) -> Math.pow(1 + 2 * Math.abs(a), -2)),
                factor("{ type = surrogate, shape = arctan, scale = 2 }", (a, b) -> 1 / (1 + Math.pow(Math.PI * a, 2))),
                factor(
                        "{ type = surrogate, shape = triangle, scale = 0.8 }",
                        (a, b) -> Math.max(0, 1 - 0.8 * Math.abs(a))),
                factor("{ type = surrogate, shape = box, scale = 0.8 }", (a, b) -> Math.abs(a) <= 1.25 ? 1 : 0),
                factor(
                        "{ type = surrogate, shape = sigmoid, scale = 3 }",
                        (a, b) -> 3 * sigmoid(3 * a) * sigmoid(-3 * a)));
    }

    /**
     * Of factors w₁ and w₀ with {@code p w₁ + q w₀ = p q}, which linear losses want, those of least {@code p w₁² + q w₀² + τ (p w₁ − q w₀)²}, what is
     * squared last being the error for a curvature of 2: {@code p w₁ = pq/2 + t}, t by Newton's rule, which for a parabola takes one step.
     */
    private static double leastVariance(double a, double b, double weight) {
        double p = sigmoid(a);
        double q = 1 - p;
        double slope = q - p;
        double curvature = 2 / p + 2 / q + 8 * weight;
        double t = -slope / curvature;
        return b == 1 ? q / 2 + t / p : p / 2 - t / q;
    }

    /** 2 J((π_τ+D)/2) − ½ J(π) of the two classes with logits (a, 0), first row and column: the loss is a function of D₁ = b. */
    private static double reinMax(double a, double b, double temperature) {
        double p = sigmoid(a);
        double middle = (sigmoid(a / temperature) + b) / 2;
        return 2 * middle * (1 - middle) - 0.5 * p * (1 - p);
    }

    /** The softmax of two logits, (a, 0), after that of the value taken is raised to the greater one, the other put a gap below. */
    private static double gapped(double a, double b, double gap, double temperature) {
        double greatest = Math.max(a, 0);
        double ofOne = b == 1 ? greatest : Math.min(a, greatest - gap);
        double ofZero = b == 0 ? greatest : Math.min(0, greatest - gap);
        double y = sigmoid((ofOne - ofZero) / temperature);
        return y * (1 - y) / temperature;
    }

    private static Network network(String estimator) {
        return Networks.of(
                3,
                "{ type = stochastic, units = 3, estimator = " + estimator + " }",
                "{ type = dense, units = 4, activation = tanh }",
                "{ type = output, units = 3 }");
    }

    /** The site after a pass in the middle of the training. */
    private static StochasticStage site(String estimator) {
        Network network = network(estimator);
        Examples examples = Networks.random(200, 3, 3, 6);
        Pass pass = network.bind(
                Networks.state(network, 8, 1.2), new GradientSink(network.layout()), Backend.detect(), 200);
        pass.load(examples, Networks.places(200), 200);
        pass.context().setNoise(Mode.TRAIN, 3, 2, 0);
        pass.context().setProgress(0.25);
        pass.forward();
        pass.backward();
        return pass.stochasticStages().get(0);
    }

    @ParameterizedTest
    @MethodSource("factors")
    void estimateIsTheSamplesGradientTimesTheFactor(String estimator, DoubleBinaryOperator factor) {
        StochasticStage plain = site("straight-through");
        StochasticStage site = site(estimator);
        for (int r = 0; r < 200; r++) {
            for (int j = 0; j < 3; j++) {
                float bit = site.samples().get(r, j);
                assertEquals(plain.samples().get(r, j), bit);
                // the factor is at most 2.5, and a sum of what a few functions give of the same logit
                float gradient = plain.logitGradient().get(r, j);
                double expected = gradient * factor.applyAsDouble(site.logits().get(r, j), bit);
                double bound = Rounding.of(4 * Rounding.FUNCTION, 2.5 * gradient);
                assertEquals(expected, site.logitGradient().get(r, j), bound);
            }
        }
    }

    /** 4 (1/16)^¼ = 2. */
    @Test
    void temperatureIsThatOfThePartOfTheTrainingThatIsDone() {
        StochasticStage annealed = site(
                "{ type = straight-through-concrete, temperature = { from = 4, to = 0.25, shape = exponential } }");
        StochasticStage constant = site("{ type = straight-through-concrete, temperature = 2 }");
        for (int r = 0; r < 200; r++) {
            for (int j = 0; j < 3; j++) {
                float expected = constant.logitGradient().get(r, j);
                assertEquals(
                        expected, annealed.logitGradient().get(r, j), Rounding.of(4 * Rounding.FUNCTION, expected));
            }
        }
    }

    /** Of K draws given the bit: what varies with the bit stays, what varies besides falls as 1/K. */
    @Test
    void raoBlackwellisingTakesTheVarianceOfTheNoise() {
        double temperature = 0.3;
        double a = 0.4;
        double p = sigmoid(a);
        double[] mean = new double[2];
        double[] square = new double[2];
        int intervals = 1_000_000;
        for (int i = 0; i < intervals; i++) {
            double u = (i + 0.5) / intervals;
            double z = a + Math.log((1 - u) / u);
            double slope = sigmoid(z / temperature) * sigmoid(-z / temperature) / temperature;
            int bit = z > 0 ? 1 : 0;
            mean[bit] += 2 * (bit - 0.3) * slope / intervals / (bit == 1 ? p : 1 - p);
            square[bit] += Math.pow(2 * (bit - 0.3) * slope, 2) / intervals / (bit == 1 ? p : 1 - p);
        }
        double between = p * (1 - p) * Math.pow(mean[1] - mean[0], 2);
        double within = p * (square[1] - mean[1] * mean[1]) + (1 - p) * (square[0] - mean[0] * mean[0]);
        for (int draws : new int[] {1, 4, 50}) {
            Toy toy = new Toy("{ type = rao-blackwellised, temperature = 0.3, draws = " + draws + " }", a, 0.3);
            double centre = p * mean[1] + (1 - p) * mean[0];
            Draw draw = toy.draw(1000, g -> (g - centre) * (g - centre));
            double expected = between + within / draws;
            assertTrue(draw.agrees(0, expected), draws + " draws: " + draw.mean(0) + ", expected " + expected);
        }
    }

    /** Of one bit: ReinMax's mean, which is exact for a square, its variance, and η² (1 + 1/K) times that of a relaxed slope given the bit. */
    @ParameterizedTest
    @CsvSource({"1.5, 1", "1.5, 32", "0.6, 4"})
    void controlVariateOfReinMaxLeavesItsMeanAndAddsTheVarianceOfItsNoise(double scale, int draws) {
        double temperature = 0.5;
        double a = 0.4;
        double p = sigmoid(a);
        Toy toy = new Toy(
                "{ type = reinmax-cv, temperature = 0.5, scale = " + scale + ", draws = " + draws + " }", a, 0.3);
        double[] mean = new double[2];
        double[] square = new double[2];
        int[] seen = new int[2];
        int intervals = 1_000_000;
        for (int i = 0; i < intervals; i++) {
            double noise = Math.log((i + 0.5) / (intervals - i - 0.5));
            for (int bit = 0; bit < 2; bit++) {
                double middle = (p + bit) / 2;
                double z = Math.log(middle / (1 - middle)) + noise;
                if (z > 0 == (bit == 1)) {
                    double slope = sigmoid(z / temperature) * sigmoid(-z / temperature) / temperature;
                    mean[bit] += slope;
                    square[bit] += slope * slope;
                    seen[bit]++;
                }
            }
        }
        double[] reinMax = new double[2];
        double[] noise = new double[2];
        for (int bit = 0; bit < 2; bit++) {
            double derivative = 2 * (bit - toy.t());
            reinMax[bit] = derivative * reinMax(a, bit, 1);
            mean[bit] /= seen[bit];
            noise[bit] = derivative * derivative * (square[bit] / seen[bit] - mean[bit] * mean[bit]);
        }
        double variance = p * (1 - p) * Math.pow(reinMax[1] - reinMax[0], 2)
                + scale * scale * (1 + 1.0 / draws) * (p * noise[1] + (1 - p) * noise[0]);
        Draw drawn = toy.draw(1000, g -> g, g -> (g - toy.exact()) * (g - toy.exact()));
        drawn.assertAgrees(new double[] {toy.exact(), variance}, "η = " + scale + ", K = " + draws);
    }

    /** Without its control variate it is ReinMax, to the bit. */
    @Test
    void controlVariateOfNoWeightIsReinMax() {
        StochasticStage plain = site("reinmax");
        StochasticStage site = site("{ type = reinmax-cv, scale = 0 }");
        for (int r = 0; r < 200; r++) {
            for (int j = 0; j < 3; j++) {
                assertEquals(
                        plain.logitGradient().get(r, j), site.logitGradient().get(r, j));
            }
        }
    }

    private static Draw draw(String estimator, State state) {
        return Draw.gradients(network(estimator), state, Networks.copies(64, 3, 0, INPUT), 1000);
    }

    @ParameterizedTest
    @MethodSource("factors")
    void biasIsThereAndNoOtherThanEnumerationGives(String estimator, DoubleBinaryOperator factor) {
        Network network = network(estimator);
        State state = Networks.state(network, 8, 1.2);
        Enumeration enumeration = new Enumeration(network, state, 0, INPUT);
        double[] expected = enumeration.meanAtFirstLayer((logits, sample, f) -> {
            double[] gradient = Enumeration.centralDifferences(sample.clone(), f);
            for (int i = 0; i < gradient.length; i++) {
                // The hard sigmoid's slope at the beginning of training is what these passes have.
                boolean annealed = estimator.contains("hard-sigmoid");
                gradient[i] *= annealed
                        ? Math.abs(0.5 * logits[i]) <= 1 ? 0.25 : 0
                        : factor.applyAsDouble(logits[i], sample[i]);
            }
            return gradient;
        });
        double[] exact = enumeration.gradient();
        Draw draw = draw(estimator, state);
        int biases = network.layout().segment("layer0.biases").offset();
        boolean unbiased = true;
        for (int i = 0; i < 3; i++) {
            double mean = draw.mean(biases + i);
            assertTrue(draw.agrees(biases + i, expected[i]), "unit " + i + ": " + mean + ", expected " + expected[i]);
            unbiased &= draw.agrees(biases + i, exact[biases + i]);
        }
        assertFalse(unbiased, "the bias must be there");
    }

    @Test
    void halfIsExactForQuadraticLosses() {
        Network network = Networks.of(
                3,
                "{ type = stochastic, units = 4, estimator = half }",
                "{ type = output, units = 3, objective = squared-error }");
        State state = Networks.state(network, 12, 1);
        double[] exact = new Enumeration(network, state, 1, INPUT).gradient();
        Draw.gradients(network, state, Networks.copies(64, 3, 1, INPUT), 1000).assertAgrees(exact, "half");
    }

    /** E[g] = p f'(1) E[s | b = 1] + (1 − p) f'(0) E[s | b = 0], s = y (1 − y) / τ, by the midpoint rule over the uniform number. */
    @ParameterizedTest
    @CsvSource({"0, 0.5", "1.2, 1", "-0.7, 0.2", "2, 2"})
    void straightThroughConcreteHasItsMeanAndBias(double a, double temperature) {
        holdToMean("{ type = straight-through-concrete, temperature = " + temperature + " }", a, temperature);
        holdToMean("{ type = rao-blackwellised, temperature = " + temperature + ", draws = 3 }", a, temperature);
    }

    private static void holdToMean(String estimator, double a, double temperature) {
        Toy toy = new Toy(estimator, a, 0.3);
        int intervals = 1_000_000;
        double expected = 0;
        for (int i = 0; i < intervals; i++) {
            double u = (i + 0.5) / intervals;
            double z = a + Math.log((1 - u) / u);
            double slope = sigmoid(z / temperature) * sigmoid(-z / temperature) / temperature;
            expected += 2 * ((z > 0 ? 1 : 0) - toy.t()) * slope / intervals;
        }
        Draw draw = toy.draw(1000, g -> g);
        assertTrue(draw.agrees(0, expected), draw.mean(0) + ", expected " + expected);
        assertFalse(draw.agrees(0, toy.exact()), "the bias must be there");
    }
}
