package org.coinflip.model.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.coinflip.model.kernel.Backend;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.memory.Segment;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.oracle.Networks;
import org.coinflip.model.oracle.Rounding;
import org.coinflip.model.training.updater.Progress;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Steps that touch the rows of weights on paths alone, against the same steps taken on all rows. */
@Tag("numerical")
class GatheredStepTest {
    private static final int STEPS = 60;

    /**
     * A limit on the norm of a gradient that none reaches has it collected whole. Weights begin below the limit on theirs, which some reach; with lazy
     * momentum that is not kept after each of several steps owed. Momentum's rate makes its steps as long as those of Sgd: the limit below is that of
     * roundings which training does not magnify, as that at a rate of 0.3 does, ten thousand times in 60 steps.
     */
    @ParameterizedTest
    @CsvSource({
        "Sgd, 0.3, 0, 0",
        "Sgd, 0.3, 0.12, 0",
        "Sgd, 0.3, 0, 0.01",
        "Momentum, 0.03, 0, 0",
        "Momentum, 0.03, 0, 0.01"
    })
    void trainingOnPathsIsTrainingOnAllRows(String updater, String rate, String mostNorm, String decay) {
        float[] onPaths = trained(updater, rate, mostNorm, decay, "");
        float[] onAll = trained(updater, rate, mostNorm, decay, ", clip-norm = 1e30");
        double distance = 0;
        double size = 0;
        for (int i = 0; i < onPaths.length; i++) {
            distance += Math.pow(onPaths[i] - onAll[i], 2);
            size += Math.pow(onAll[i], 2);
        }
        double part = 2 * Rounding.gamma(STEPS * Rounding.gradient(4, 6, 5, 7, 5, 3));
        assertTrue(Math.sqrt(distance) <= part * Math.sqrt(size), Math.sqrt(distance / size) + " of the norm");
    }

    private static float[] trained(String updater, String rate, String mostNorm, String decay, String clipping) {
        Network network = Networks.of(
                6,
                "{ type = tree-experts, depth = 5, units = 7, activation = tanh, initial-scale = 0.05, learning-rate-scale = 30, estimator = rloo }",
                "{ type = output, units = 3 }");
        TrainingSpec spec = LearnerTest.training(
                "batch = 4, max-column-norm = " + mostNorm + ", weight-decay = " + decay + ", updater { type = "
                        + updater + ", learning-rate = " + rate + " }, schedule { type = linear }" + clipping);
        Learner learner = new Learner(network, spec, Backend.detect(), 1);
        network.initialise(learner.state(), 1);
        float[] before = learner.state().parameters().toArray();
        Progress progress = new Progress(STEPS, 1);
        for (int step = 0; step < STEPS; step++) {
            learner.step(Networks.random(4, 6, 3, step), Networks.places(4), 4, progress.at(step));
        }
        float[] after = learner.state().parameters().toArray();
        for (String name : new String[] {"decisions.weights", "decisions.biases", "weights", "biases"}) {
            Segment segment = learner.state().layout().segment("layer0." + name);
            double moved = 0;
            for (int i = segment.offset(); i < segment.offset() + segment.length(); i++) {
                moved += Math.abs(after[i] - before[i]);
            }
            assertTrue(moved > 0.01, "nothing was learnt in " + name + ": " + moved);
        }
        if (!mostNorm.equals("0")) {
            assertEquals(Double.parseDouble(mostNorm), greatestNorm(learner.state()), 1e-6, "the limit is active");
        }
        return after;
    }

    /** An estimator below evaluates the loss at other draws, in probes that open other experts than the batch does. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ type = gated-experts, experts = 12, gate { law = bernoulli, estimator = reinforce, initial-bias = -2 } }",
                "{ type = gated-experts, experts = 8, units = 3, gate { law = bernoulli, estimator = reinforce, initial-bias = -2 } }",
                "{ type = tree-experts, depth = 5, units = 7, activation = relu, estimator = reinforce }"
            })
    void probesReadWeightsThatOweNothing(String experts) {
        double[] lazy = probed(experts, "");
        double[] dense = probed(experts, ", clip-norm = 1e30");
        double distance = 0;
        double size = 0;
        for (int i = 0; i < lazy.length; i++) {
            distance += Math.pow(lazy[i] - dense[i], 2);
            size += Math.pow(dense[i], 2);
        }
        double part = 2 * Rounding.gamma(STEPS * Rounding.gradient(4, 6, 5, 12, 5, 3));
        assertTrue(Math.sqrt(distance) <= part * Math.sqrt(size), Math.sqrt(distance / size) + " of the norm");
    }

    /** What the weights below the experts have moved. */
    private static double[] probed(String experts, String clipping) {
        Network network = Networks.of(
                6,
                "{ type = stochastic, units = 5, estimator = local-expectation }",
                experts,
                "{ type = output, units = 3 }");
        TrainingSpec spec = LearnerTest.training(
                "batch = 4, updater { type = Momentum, learning-rate = 0.1, momentum = 0.9 }" + clipping);
        Learner learner = new Learner(network, spec, Backend.detect(), 1);
        network.initialise(learner.state(), 1);
        Segment below = learner.state().layout().segment("layer0.weights");
        float[] before = learner.state().view(below).toArray();
        Progress progress = new Progress(STEPS, 1);
        for (int step = 0; step < STEPS; step++) {
            learner.step(Networks.random(4, 6, 3, step), Networks.places(4), 4, progress.at(step));
        }
        float[] after = learner.state().view(below).toArray();
        double[] moved = new double[after.length];
        double all = 0;
        for (int i = 0; i < moved.length; i++) {
            moved[i] = after[i] - before[i];
            all += Math.abs(moved[i]);
        }
        assertTrue(all > 0.01, "nothing was learnt: " + all);
        return moved;
    }

    /** Of the experts' units. */
    private static double greatestNorm(State state) {
        Matrix weights = state.matrix("layer0.weights");
        double greatest = 0;
        for (int unit = 0; unit < weights.rows(); unit++) {
            double square = 0;
            for (int k = 0; k < weights.columns(); k++) {
                square += Math.pow(weights.get(unit, k), 2);
            }
            greatest = Math.max(greatest, Math.sqrt(square));
        }
        return greatest;
    }
}
