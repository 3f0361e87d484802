package org.coinflip.spark.study.estimators;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.network.NetworkSpec;
import org.coinflip.model.settings.Section;
import org.coinflip.model.unit.Bernoulli;
import org.coinflip.model.unit.Categorical;
import org.coinflip.model.unit.UnitLaw;
import org.coinflip.model.unit.UnitLaws;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Exact gradients against closed forms. */
class ExactGradientTest {
    private static final double TOLERANCE = 1e-9;

    private static double sigmoid(double a) {
        return 1 / (1 + Math.exp(-a));
    }

    private static LossOfUnits loss(int units, String function) {
        String layers = "layers = [{ type = stochastic, units = " + units + " }, { type = function, function "
                + function + " }]";
        Network network = new Network(NetworkSpec.read(Section.root(ConfigFactory.parseString(layers)), 1));
        return new LossOfUnits(network, new State(network.layout()));
    }

    private static UnitLaw law(String written) {
        return UnitLaws.read(
                Section.root(ConfigFactory.parseString("law = " + written)).typed("law", null));
    }

    private static double[] gradient(UnitLaw law, LossOfUnits f, int samples, double... logits) {
        return ExactGradient.of(law, logits, f, samples).orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({"-3, 0.45", "0, 0.2", "0.7, 0.499", "20, 0.3"})
    void ofTheToyIsPQTimesTheDifference(double a, double t) {
        double expected = sigmoid(a) * sigmoid(-a) * (1 - 2 * t);
        assertEquals(
                expected,
                gradient(new Bernoulli(), loss(1, "{ type = quadratic, t = " + t + " }"), 1, a)[0],
                TOLERANCE);
    }

    /** f = b₁ xor b₂: E f = p₁ + p₂ − 2 p₁ p₂. */
    @Test
    void ofXorFollowsFromItsMean() {
        double p = sigmoid(0.3);
        double q = sigmoid(-0.8);
        double[] expected = {p * (1 - p) * (1 - 2 * q), q * (1 - q) * (1 - 2 * p)};
        assertArrayEquals(
                expected,
                gradient(new Bernoulli(), loss(2, "{ type = table, values = [0, 1, 1, 0] }"), 1, 0.3, -0.8),
                TOLERANCE);
    }

    /** K = 2, one unit: −p² log w₁ − 2 p q log((w₁ + w₀)/2) − q² log w₀, w = e^−f. */
    @Test
    void ofTheBoundOfTwoSamplesFollowsFromItsFourTerms() {
        double p = sigmoid(0.7);
        double mixed = -Math.log((Math.exp(-0.9) + Math.exp(0.4)) / 2);
        double derivative = 2 * p * 0.9 + 2 * (1 - 2 * p) * mixed - 2 * (1 - p) * -0.4;
        assertEquals(
                p * (1 - p) * derivative,
                gradient(new Bernoulli(), loss(1, "{ type = table, values = [-0.4, 0.9] }"), 2, 0.7)[0],
                TOLERANCE);
        // a unit of two categories with logits (a, 0)
        double[] expected = {p * (1 - p) * derivative, -p * (1 - p) * derivative};
        assertArrayEquals(
                expected,
                gradient(new Categorical(2), loss(2, "{ type = linear, weights = [0.9, -0.4] }"), 2, 0.7, 0),
                TOLERANCE);
    }

    /** E[h] of a logistic rectifier is s log(1 + e^(a/s)), of a Gaussian one its derivative Φ(a/s); E[h] of stochastic-times-smooth is p. */
    @ParameterizedTest
    @ValueSource(doubles = {-3, -0.4, 0, 1, 5})
    void ofMeansOfUnitsAreClosedForms(double a) {
        LossOfUnits mean = loss(1, "{ type = linear, weights = [1] }");
        double p = sigmoid(a);
        assertEquals(sigmoid(a / 2), gradient(law("{ type = noisy-rectifier, scale = 2 }"), mean, 1, a)[0], 1e-7);
        double normal = 0.5 * org.apache.commons.math3.special.Erf.erfc(-a / Math.sqrt(2));
        assertEquals(normal, gradient(law("{ type = noisy-rectifier, noise = gaussian }"), mean, 1, a)[0], 1e-7);
        assertEquals(p * (1 - p), gradient(law("stochastic-times-smooth"), mean, 1, a)[0], TOLERANCE);
        assertEquals(1, gradient(law("{ type = gaussian, std = 0.3 }"), mean, 1, a)[0], TOLERANCE);
        LossOfUnits quadratic = loss(1, "{ type = quadratic, t = 0.45 }");
        assertEquals(2 * (a - 0.45), gradient(law("gaussian"), quadratic, 1, a)[0], TOLERANCE);
    }

    /** E f(h) = Σ p_i f(one-hot i) of one categorical unit: ∂/∂a_i = p_i (f_i − f̄). */
    @Test
    void ofACategoricalUnitIsTheSoftmaxesJacobian() {
        double[] logits = {0.2, -1, 0.9};
        double[] weights = {1.5, -0.5, 0.25};
        double sum = 0;
        double[] p = new double[3];
        for (int i = 0; i < 3; i++) {
            p[i] = Math.exp(logits[i]);
            sum += p[i];
        }
        double mean = 0;
        for (int i = 0; i < 3; i++) {
            p[i] /= sum;
            mean += p[i] * weights[i];
        }
        double[] expected = new double[3];
        for (int i = 0; i < 3; i++) {
            expected[i] = p[i] * (weights[i] - mean);
        }
        assertArrayEquals(
                expected,
                gradient(new Categorical(3), loss(3, "{ type = linear, weights = [1.5, -0.5, 0.25] }"), 1, logits),
                TOLERANCE);
    }

    /** The mean of σ(a + n s) at a = 0 does not change with s; that of a Concrete unit with τ = 1 is e^a (e^a − a − 1)/(e^a − 1)². */
    @Test
    void ofRelaxedUnitsAgreesWithWhatIsKnownOfThem() {
        LossOfUnits mean = loss(1, "{ type = linear, weights = [1] }");
        double h = 1e-4;
        double a = 0.8;
        double expected = (concreteMean(a + h) - concreteMean(a - h)) / (2 * h);
        assertEquals(expected, gradient(law("{ type = concrete, temperature = 1 }"), mean, 1, a)[0], 1e-7);
        assertEquals(
                gradient(law("{ type = concrete, temperature = 0.3 }"), mean, 1, a)[0],
                gradient(
                        law("{ type = categorical-concrete, categories = 2, temperature = 0.3 }"),
                        loss(2, "{ type = linear, weights = [1, 0] }"),
                        1,
                        a,
                        0)[0],
                TOLERANCE);
    }

    private static double concreteMean(double a) {
        double e = Math.exp(a);
        return e * (e - a - 1) / ((e - 1) * (e - 1));
    }

    /** A table is linear in each unit: the sum over the product of values and f of the means are two routes. */
    @Test
    void ofATableByMeansIsThatOfATableBySums() {
        LossOfUnits byMeans = loss(2, "{ type = table, values = [3, -1, 4, 1] }");
        assertTrue(byMeans.isMultilinear());
        UnitLaw law = law("{ type = categorical-concrete, categories = 2, temperature = 0.5 }");
        UnitLaw bits = law("{ type = concrete, temperature = 0.5 }");
        // one unit of two columns has y and 1 − y: its table is 3 (1−y) y − y² + 4 (1−y)² + (1−y) y
        double[] two = gradient(law, byMeans, 1, 0.4, 0);
        double[] one = gradient(bits, loss(1, "{ type = quadratic, t = 1 }"), 1, 0.4);
        double[] slope = gradient(bits, loss(1, "{ type = linear, weights = [1] }"), 1, 0.4);
        // = 4 y − 4 y² − y² + 4 − 8 y + 4 y² = 4 − 4 y − y² = −(y − 1)² − 6 y + 5
        assertEquals(-one[0] - 6 * slope[0], two[0], TOLERANCE);
        assertEquals(-two[0], two[1], TOLERANCE);
    }

    @Test
    void isNotGivenWhereTheSumIsTooLong() {
        LossOfUnits f = loss(4, "{ type = quadratic }");
        double[] logits = new double[4];
        assertTrue(ExactGradient.of(law("nrelu"), logits, f, 1).isEmpty());
        assertTrue(ExactGradient.of(new Bernoulli(), logits, f, 6).isEmpty());
        assertTrue(ExactGradient.of(new Bernoulli(), logits, f, 5).isPresent());
    }
}
