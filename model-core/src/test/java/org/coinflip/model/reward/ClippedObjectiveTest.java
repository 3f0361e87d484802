package org.coinflip.model.reward;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.function.ToDoubleFunction;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.layer.Mode;
import org.coinflip.model.layer.held.HeldSamples;
import org.coinflip.model.layer.stochastic.StochasticStage;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.network.Pass;
import org.coinflip.model.oracle.Networks;
import org.coinflip.model.oracle.Rounding;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Samples of a bandit's policy that are held while its parameters move: three contexts, two hidden bits, four actions, a reward for each context
 * and action. Everything is computed again in double precision from the parameters.
 */
@Tag("numerical")
class ClippedObjectiveTest {
    private static final int CONTEXTS = 3;
    private static final int ROWS = 3000;
    private static final int STEPS = 5;
    private static final double[] REWARDS = {0.1, 0.9, -0.3, 0.5, 0.8, -1.2, 0.6, 0, 0.3, 0.4, 1, 0.7};
    private static final int HIDDEN = 2;
    /** Parameters of the hidden layer. */
    private static final int FROM = (CONTEXTS + 1) * HIDDEN;

    private static final String NEURON = "estimator { type = reinforce, baseline = minimum-variance } }";

    private final boolean[] seen = new boolean[CONTEXTS * 4 * 4];
    private final int[] contexts = new int[ROWS];
    private final int[] hidden = new int[ROWS];
    private final int[] actions = new int[ROWS];
    private Network network;
    private State state;
    private Pass pass;
    private HeldSamples held;
    private boolean binary;
    private int width;
    private double[] old;
    private double[] now;

    /** Draws with some parameters, and holds the samples while they move. */
    private void hold(String law, double clip, double move) {
        binary = law.equals("bernoulli");
        width = binary ? 2 : 4;
        network = Networks.of(
                CONTEXTS,
                "{ type = stochastic, units = 2, " + NEURON,
                "{ type = stochastic, units = " + width + ", law = " + law + ", " + NEURON,
                "{ type = reward }");
        state = Networks.state(network, 5, 0.7);
        for (int layer = 0; layer < 2; layer++) {
            for (int j = 0; j < (layer == 0 ? 2 : width); j++) {
                statistic(layer, "numerator", j, baseline(layer, j));
                statistic(layer, "denominator", j, 1);
            }
        }
        pass = network.bind(state, null, Backend.detect(), ROWS);
        held = new HeldSamples(ROWS, clip);
        pass.context().setHeld(held);
        pass.context().setNoise(Mode.TRAIN, 7, 0, 0);
        long[] ids = new long[ROWS];
        float[] features = new float[ROWS * CONTEXTS];
        for (int r = 0; r < ROWS; r++) {
            ids[r] = r;
            contexts[r] = r % CONTEXTS;
            features[r * CONTEXTS + contexts[r]] = 1;
        }
        pass.load(ids, features, null, ROWS);
        held.begin(0, STEPS);
        pass.forward();
        for (int r = 0; r < ROWS; r++) {
            hidden[r] = ActionCode.BITS.action(samples(0), r);
            actions[r] = (binary ? ActionCode.BITS : ActionCode.CATEGORY).action(samples(1), r);
            seen[(contexts[r] * 4 + hidden[r]) * 4 + actions[r]] = true;
            pass.context().targets().givenLosses()[r] = (float) -REWARDS[contexts[r] * 4 + actions[r]];
        }
        old = parameters();
        Random random = new Random(9);
        for (int i = 0; i < old.length; i++) {
            state.values().set(i, (float) (old[i] + move * random.nextGaussian()));
        }
        now = parameters();
        held.begin(1, STEPS);
        pass.forward();
        pass.backward();
    }

    private static double baseline(int layer, int unit) {
        return -0.13 - 0.2 * layer - 0.1 * unit;
    }

    private void statistic(int layer, String name, int unit, double value) {
        state.view(network.layout().segment("layer" + layer + ".baseline-" + name))
                .set(unit, (float) value);
    }

    private Matrix samples(int layer) {
        return stage(layer).samples();
    }

    private StochasticStage stage(int layer) {
        return pass.stochasticStages().get(layer);
    }

    private double[] parameters() {
        double[] point = new double[network.layout().parameters()];
        for (int i = 0; i < point.length; i++) {
            point[i] = state.values().get(i);
        }
        return point;
    }

    private double logHidden(double[] theta, int context, int h) {
        double sum = 0;
        for (int j = 0; j < HIDDEN; j++) {
            double a = theta[context * HIDDEN + j] + theta[CONTEXTS * HIDDEN + j];
            sum += (h >> j & 1) * a - Math.log1p(Math.exp(a));
        }
        return sum;
    }

    private double logAction(double[] theta, int h, int action) {
        double sum = 0;
        double powers = 0;
        for (int j = 0; j < width; j++) {
            double a = theta[FROM + HIDDEN * width + j];
            for (int i = 0; i < HIDDEN; i++) {
                a += (h >> i & 1) * theta[FROM + i * width + j];
            }
            boolean fires = binary ? (action >> j & 1) == 1 : action == j;
            sum += (fires ? a : 0) - (binary ? Math.log1p(Math.exp(a)) : 0);
            powers += Math.exp(a);
        }
        return binary ? sum : sum - Math.log(powers);
    }

    private double logJoint(double[] theta, int context, int h, int action) {
        return logHidden(theta, context, h) + logAction(theta, h, action);
    }

    private double expectedReturn(double[] theta) {
        double sum = 0;
        for (int context = 0; context < CONTEXTS; context++) {
            for (int h = 0; h < 4; h++) {
                for (int action = 0; action < 4; action++) {
                    sum += Math.exp(logJoint(theta, context, h, action)) * REWARDS[context * 4 + action] / CONTEXTS;
                }
            }
        }
        return sum;
    }

    private static double slope(ToDoubleFunction<double[]> function, double[] point, int i) {
        double[] up = point.clone();
        double[] down = point.clone();
        up[i] += 1e-5;
        down[i] -= 1e-5;
        return (function.applyAsDouble(up) - function.applyAsDouble(down)) / 2e-5;
    }

    /** A row stands for all like it, with their probability under the parameters that drew: the mean is enumerated, not sampled. */
    @ParameterizedTest
    @ValueSource(strings = {"bernoulli", "{ type = categorical, categories = 4 }"})
    void withoutClippingTheMeanIsTheGradientOfTheReturnWithThePresentParameters(String law) {
        hold(law, 1e9, 0.5);
        double[] mean = new double[now.length];
        double[] magnitude = new double[now.length];
        for (int r = 0; r < ROWS; r++) {
            int joint = (contexts[r] * 4 + hidden[r]) * 4 + actions[r];
            if (!seen[joint]) {
                continue;
            }
            seen[joint] = false;
            double weight = Math.exp(logJoint(old, contexts[r], hidden[r], actions[r])) / CONTEXTS;
            for (int j = 0; j < HIDDEN; j++) {
                double g = -weight * stage(0).logitGradient().get(r, j);
                add(mean, magnitude, contexts[r] * HIDDEN + j, g);
                add(mean, magnitude, CONTEXTS * HIDDEN + j, g);
            }
            for (int j = 0; j < width; j++) {
                double g = -weight * stage(1).logitGradient().get(r, j);
                for (int i = 0; i < HIDDEN; i++) {
                    add(mean, magnitude, FROM + i * width + j, (hidden[r] >> i & 1) * g);
                }
                add(mean, magnitude, FROM + HIDDEN * width + j, g);
            }
        }
        for (boolean left : seen) {
            assertTrue(!left);
        }
        double away = 0;
        for (int i = 0; i < now.length; i++) {
            double exact = slope(this::expectedReturn, now, i);
            assertEquals(exact, mean[i], roundings(magnitude[i]) + 1e-9, "parameter " + i);
            away = Math.max(away, Math.abs(exact - slope(this::expectedReturn, old, i)));
        }
        assertTrue(away > 0.02, "the test tells the present gradient from that of the policy that drew");
    }

    private static void add(double[] sums, double[] magnitudes, int i, double value) {
        sums[i] += value;
        magnitudes[i] += Math.abs(value);
    }

    /** Of a ratio: two logarithms of probabilities, each the sum of at most six terms of a dot product, a bias and two functions, none above 6. */
    private static double roundings(double magnitude) {
        return Rounding.of(2 * (4 + 2 * Rounding.FUNCTION + 6) * 6, magnitude);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bernoulli", "{ type = categorical, categories = 4 }"})
    void theGradientOfEverySampleIsThatOfItsClippedObjective(String law) {
        double clip = 0.3;
        hold(law, clip, 0.5);
        int[] regions = new int[6];
        long clipped = 0;
        double ratios = 0;
        for (int r = 0; r < ROWS; r++) {
            int row = r;
            ToDoubleFunction<double[]> ratio =
                    theta -> Math.exp(logJoint(theta, contexts[row], hidden[row], actions[row])
                            - logJoint(old, contexts[row], hidden[row], actions[row]));
            double here = ratio.applyAsDouble(now);
            ratios += here;
            assertTrue(Math.abs(here - 1 - clip) > 1e-4 && Math.abs(here - 1 + clip) > 1e-4, "away from the kinks");
            for (int layer = 0; layer < 2; layer++) {
                for (int j = 0; j < (layer == 0 ? HIDDEN : width); j++) {
                    double advantage = REWARDS[contexts[r] * 4 + actions[r]] + (float) baseline(layer, j);
                    int bias = layer == 0 ? CONTEXTS * HIDDEN + j : FROM + HIDDEN * width + j;
                    double exact = slope(
                            theta -> {
                                double rho = ratio.applyAsDouble(theta);
                                double bounded = Math.min(Math.max(rho, 1 - clip), 1 + clip);
                                return Math.min(rho * advantage, bounded * advantage);
                            },
                            now,
                            bias);
                    double found = -stage(layer).logitGradient().get(r, j);
                    assertEquals(exact, found, roundings(here * Math.abs(advantage)) + 1e-9, "row " + r);
                    int place = here > 1 + clip ? 2 : here < 1 - clip ? 0 : 1;
                    regions[place + (advantage > 0 ? 3 : 0)]++;
                    clipped += place == 2 && advantage > 0 || place == 0 && advantage < 0 ? 1 : 0;
                }
            }
        }
        for (int region : regions) {
            assertTrue(region > 50, "samples of every kind");
        }
        assertEquals(clipped, held.sums().clipped());
        assertEquals((long) ROWS * (HIDDEN + width), held.sums().gradients());
        assertEquals(ROWS, held.sums().rows());
        assertEquals(ratios, held.sums().ratio(), roundings(ratios));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bernoulli", "{ type = categorical, categories = 4 }"})
    void unmovedParametersGiveTheEstimateThatWasDrawnToTheBit(String law) {
        hold(law, 0.2, 0);
        float[][] weighed = {gradients(0), gradients(1)};
        assertEquals(ROWS, held.sums().ratio());
        assertEquals(0, held.sums().logRatio());
        assertEquals(0, held.sums().clipped());
        pass.context().setHeld(null);
        pass.forward();
        pass.backward();
        for (int layer = 0; layer < 2; layer++) {
            assertArrayEquals(gradients(layer), weighed[layer]);
        }
    }

    private float[] gradients(int layer) {
        StochasticStage stage = stage(layer);
        float[] all = new float[ROWS * stage.width()];
        for (int i = 0; i < all.length; i++) {
            all[i] = stage.logitGradient().get(i / stage.width(), i % stage.width());
        }
        return all;
    }
}
