package org.coinflip.model.reward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.ToDoubleFunction;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.oracle.Networks;
import org.coinflip.model.training.TrainingSpec;
import org.coinflip.model.training.updater.Progress;
import org.coinflip.model.training.updater.Schedule;
import org.coinflip.model.training.updater.UpdaterSpec;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The mean step of a policy is minus the gradient of its expected return, which the tests get by enumeration in double precision and
 * central differences. 4.5 standard errors for each parameter: a seed in some 5,000 would fail a test by chance.
 */
@Tag("numerical")
@Tag("statistical")
class PolicyGradientTest {
    private static final int BATCHES = 2000;
    private static final int EPISODES = 32;

    private static void check(
            Network network, Environment environment, ToDoubleFunction<double[]> expectedReturn, long seed) {
        TrainingSpec spec = new TrainingSpec(EPISODES, BATCHES, UpdaterSpec.sgd(1), Schedule.CONSTANT, 0, 0);
        PolicyLearner learner =
                new PolicyLearner(network, spec, environment, 1, EpisodeReuse.NONE, Backend.detect(), seed);
        State start = Networks.state(network, seed, 0.7);
        int parameters = network.layout().parameters();
        double[] sums = new double[parameters];
        double[] squares = new double[parameters];
        Floats stepped = Floats.allocate(start.values().length());
        Progress progress = new Progress(1, BATCHES);
        for (int b = 0; b < BATCHES; b++) {
            learner.load(start.values());
            Experience experience = learner.step(0, progress.at(b));
            learner.store(stepped);
            for (int i = 0; i < parameters; i++) {
                // a step is the mean over steps played; the gradient of an episode's return is their sum
                double g = (stepped.get(i) - start.values().get(i)) * (double) experience.rows() / EPISODES;
                sums[i] += g;
                squares[i] += g * g;
            }
        }
        double[] point = new double[parameters];
        for (int i = 0; i < parameters; i++) {
            point[i] = start.values().get(i);
        }
        double greatest = 0;
        for (int i = 0; i < parameters; i++) {
            double[] up = point.clone();
            double[] down = point.clone();
            up[i] += 1e-5;
            down[i] -= 1e-5;
            double exact = (expectedReturn.applyAsDouble(up) - expectedReturn.applyAsDouble(down)) / 2e-5;
            double mean = sums[i] / BATCHES;
            double error = Math.sqrt((squares[i] / BATCHES - mean * mean) / BATCHES);
            assertEquals(exact, mean, 4.5 * error + 1e-6, "parameter " + i);
            greatest = Math.max(greatest, Math.abs(exact) / (error + 1e-12));
        }
        assertTrue(greatest > 8, "the test tells the gradient from zero");
    }

    private static double sigmoid(double a) {
        return 1 / (1 + Math.exp(-a));
    }

    /** P(bits) of units with weights of inputs × units at {@code from}, their biases following. */
    private static double probability(double[] parameters, int from, double[] input, int units, int bits) {
        double product = 1;
        for (int j = 0; j < units; j++) {
            double a = parameters[from + input.length * units + j];
            for (int i = 0; i < input.length; i++) {
                a += input[i] * parameters[from + i * units + j];
            }
            product *= (bits >> j & 1) == 1 ? sigmoid(a) : 1 - sigmoid(a);
        }
        return product;
    }

    private static double[] bits(int number, int units) {
        double[] bits = new double[units];
        for (int j = 0; j < units; j++) {
            bits[j] = number >> j & 1;
        }
        return bits;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ type = reinforce, baseline = none }",
                "{ type = reinforce, baseline = minimum-variance }",
                "{ type = nvil, normalise = false, hidden = 3 }",
                "{ type = relax, relaxed-loss = false, hidden = 5 }"
            })
    void aBanditsHiddenAndActingNeuronsGetTheEnumeratedGradient(String estimator) {
        List<Double> success = List.of(0.1, 0.9, 0.3, 0.5, 0.8, 0.2, 0.6, 0.0, 0.3, 0.4, 1.0, 0.7);
        Network network = Networks.of(
                3,
                "{ type = stochastic, units = 2, estimator = " + estimator + " }",
                "{ type = stochastic, units = 2, estimator = " + estimator + " }",
                "{ type = reward }");
        ToDoubleFunction<double[]> expected = parameters -> {
            double sum = 0;
            for (int context = 0; context < 3; context++) {
                double[] seen = bits(1 << context, 3);
                for (int h = 0; h < 4; h++) {
                    double p = probability(parameters, 0, seen, 2, h);
                    for (int action = 0; action < 4; action++) {
                        sum += p
                                / 3
                                * probability(parameters, 8, bits(h, 2), 2, action)
                                * success.get(context * 4 + action);
                    }
                }
            }
            return sum;
        };
        check(network, new Bandit(3, success), expected, 11);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bernoulli", "{ type = categorical, categories = 4 }"})
    void aGridsPolicyGetsTheGradientOfItsReturnOverSeveralSteps(String law) {
        GridWorld grid = new GridWorld(2, 0.3, 3);
        boolean binary = law.equals("bernoulli");
        int units = binary ? 2 : 4;
        Network network = Networks.of(
                4,
                "{ type = stochastic, units = " + units + ", law = " + law
                        + ", estimator { type = reinforce, baseline = minimum-variance } }",
                "{ type = reward }");
        ToDoubleFunction<double[]> expected = parameters -> {
            double[] values = new double[4];
            for (int step = 0; step < 3; step++) {
                double[] next = new double[4];
                for (int cell = 0; cell < 3; cell++) {
                    double[] policy = policy(parameters, cell, binary);
                    next[cell] = -1;
                    for (int direction = 0; direction < 4; direction++) {
                        // cells 0 1 / 2 3; up, down, left, right
                        int to = new int[][] {{0, 2, 0, 1}, {1, 3, 0, 1}, {0, 2, 2, 3}}[cell][direction];
                        next[cell] += (0.7 * policy[direction] + 0.3 / 4) * values[to];
                    }
                }
                values = next;
            }
            return (values[0] + values[1] + values[2]) / 3;
        };
        check(network, grid, expected, 12);
    }

    private static double[] policy(double[] parameters, int cell, boolean binary) {
        double[] policy = new double[4];
        double total = 0;
        for (int action = 0; action < 4; action++) {
            policy[action] = binary
                    ? probability(parameters, 0, bits(1 << cell, 4), 2, action)
                    : Math.exp(parameters[cell * 4 + action] + parameters[16 + action]);
            total += policy[action];
        }
        for (int action = 0; action < 4; action++) {
            policy[action] /= total;
        }
        return policy;
    }
}
