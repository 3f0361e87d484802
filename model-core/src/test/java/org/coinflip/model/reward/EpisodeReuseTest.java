package org.coinflip.model.reward;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.layer.held.RatioSums;
import org.coinflip.model.layer.stochastic.StochasticStage;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.oracle.Networks;
import org.coinflip.model.oracle.Rounding;
import org.coinflip.model.training.TrainingSpec;
import org.coinflip.model.training.updater.Progress;
import org.coinflip.model.training.updater.Schedule;
import org.coinflip.model.training.updater.UpdaterSpec;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Steps that follow on the same episodes. */
@Tag("numerical")
class EpisodeReuseTest {
    private static final Backend BACKEND = Backend.detect();
    private static final int EPOCHS = 10;
    private static final String NEURON = "law = bernoulli, estimator { type = reinforce, baseline = none } }";

    private static PolicyLearner learner(
            Network network, Environment environment, int batch, double rate, EpisodeReuse reuse) {
        TrainingSpec spec = new TrainingSpec(batch, EPOCHS, UpdaterSpec.sgd(rate), Schedule.CONSTANT, 0, 0);
        return new PolicyLearner(network, spec, environment, 0.9, reuse, BACKEND, 3);
    }

    /** What a learner makes of a state in so many rounds. */
    private static float[] after(PolicyLearner learner, State start, int steps, int rounds) {
        learner.load(start.values());
        for (int round = 0; round < rounds; round++) {
            learner.step(0, new Progress(steps, EPOCHS).at((long) round * steps));
        }
        return stored(learner, start);
    }

    private static float[] stored(PolicyLearner learner, State start) {
        Floats end = Floats.allocate(start.values().length());
        learner.store(end);
        return end.toArray();
    }

    @Test
    void oneStepIsWhatItIsWhateverTheClip() {
        Network network = Networks.of(
                4,
                "{ type = stochastic, units = 5, estimator = nvil }",
                "{ type = dense, units = 3, activation = tanh }",
                "{ type = stochastic, units = 1, estimator = reinforce }",
                "{ type = reward }");
        State start = Networks.state(network, 4, 1);
        CartPole environment = new CartPole(30);
        float[] plain = after(learner(network, environment, 6, 0.1, EpisodeReuse.NONE), start, 1, 3);
        PolicyLearner clipped = learner(network, environment, 6, 0.1, new EpisodeReuse(1, 1e-6));
        assertArrayEquals(plain, after(clipped, start, 1, 3));
        assertEquals(RatioSums.NONE, clipped.ratios());
    }

    /** The mean over a batch of bandits' plays: with rewards of 0 and 1 and no baseline all units have one objective. */
    @ParameterizedTest
    @CsvSource({"0.05, 2", "0.05, 3", "1e9, 3"})
    void theStepsAscendTheClippedObjective(double clip, int steps) {
        int batch = 40;
        double rate = 10;
        Network network = Networks.of(
                2,
                "{ type = stochastic, units = 2, " + NEURON,
                "{ type = stochastic, units = 1, " + NEURON,
                "{ type = reward }");
        Bandit bandit = new Bandit(2, List.of(0.3, 0.9, 0.8, 0.4));
        State start = Networks.state(network, 6, 0.7);
        PolicyLearner learner = learner(network, bandit, batch, rate, new EpisodeReuse(steps, clip));
        float[] before =
                after(learner(network, bandit, batch, rate, new EpisodeReuse(steps - 1, clip)), start, steps - 1, 1);
        learner.load(start.values());
        Experience played = learner.step(0, new Progress(steps, EPOCHS));
        float[] end = stored(learner, start);
        RatioSums sums = learner.ratios();
        assertEquals((steps - 1) * batch, sums.rows());
        assertEquals(clip < 1, sums.clipped() >= 5, "the test meets the clip");
        int parameters = network.layout().parameters();
        double greatest = 0;
        for (int i = 0; i < parameters; i++) {
            double slope = (objective(learner, played, start, before, clip, i, 1e-5)
                            - objective(learner, played, start, before, clip, i, -1e-5))
                    / 2e-5;
            // the mean of terms of at most 1.5, each off by its ratio's some 130 roundings, and the parameter's own
            assertEquals(slope, ((double) end[i] - before[i]) / rate, Rounding.of(130 + batch, 1.5), "parameter " + i);
            greatest = Math.max(greatest, Math.abs(slope));
        }
        assertTrue(greatest > 0.01);
    }

    /** The mean of min(r A, clip(r) A), in double precision, over what was played, its samples those of the learner's pass. */
    private static double objective(
            PolicyLearner learner, Experience played, State start, float[] point, double clip, int i, double shift) {
        double[] theta = new double[9];
        double[] old = new double[9];
        for (int p = 0; p < 9; p++) {
            theta[p] = point[p] + (p == i ? shift : 0);
            old[p] = start.values().get(p);
        }
        StochasticStage hidden = learner.pass().stochasticStages().get(0);
        double sum = 0;
        for (int r = 0; r < played.rows(); r++) {
            double[] h = {hidden.samples().get(r, 0), hidden.samples().get(r, 1)};
            double[] x = {played.observations()[r * 2], played.observations()[r * 2 + 1]};
            double ratio = Math.exp(logJoint(theta, x, h, played.action(r)) - logJoint(old, x, h, played.action(r)));
            double advantage = played.returned(r);
            sum += Math.min(ratio * advantage, Math.min(Math.max(ratio, 1 - clip), 1 + clip) * advantage);
        }
        return sum / played.rows();
    }

    private static double logJoint(double[] theta, double[] x, double[] h, int action) {
        double sum = 0;
        for (int j = 0; j < 2; j++) {
            double a = x[0] * theta[j] + x[1] * theta[2 + j] + theta[4 + j];
            sum += h[j] * a - Math.log1p(Math.exp(a));
        }
        double a = h[0] * theta[6] + h[1] * theta[7] + theta[8];
        return sum + action * a - Math.log1p(Math.exp(a));
    }

    /** Without a learning rate nothing moves, so that all steps are the same but for what the baselines learn. */
    @Test
    void baselinesTakeTheEpisodesInOnceHoweverManyStepsFollow() {
        Network network = Networks.of(
                4,
                "{ type = stochastic, units = 5, estimator = nvil }",
                "{ type = stochastic, units = 1, estimator = reinforce, rate-floor { least = 0.01 } }",
                "{ type = reward }");
        State start = Networks.state(network, 4, 1);
        CartPole environment = new CartPole(30);
        float[] once = after(learner(network, environment, 6, 0, EpisodeReuse.NONE), start, 1, 2);
        assertNotEquals(start.values().get(start.values().length() - 1), once[once.length - 1]);
        PolicyLearner often = learner(network, environment, 6, 0, new EpisodeReuse(4, 0.2));
        assertArrayEquals(once, after(often, start, 4, 2));
        assertEquals(1, often.ratios().meanRatio());
        assertEquals(0, often.ratios().clippedFraction());
    }

    private static String refused(int steps, String... below) {
        String[] layers = Arrays.copyOf(below, below.length + 2);
        layers[below.length] = "{ type = stochastic, units = 1, estimator = reinforce }";
        layers[below.length + 1] = "{ type = reward }";
        UsageException e =
                assertThrows(UsageException.class, () -> new EpisodeReuse(steps, 0.2).check(Networks.spec(4, layers)));
        assertFalse(e.getMessage().contains("\n"));
        new EpisodeReuse(1, 0.2).check(Networks.spec(4, layers));
        return e.getMessage();
    }

    @Test
    void whatCannotBeHeldIsRefusedInALine() {
        String relax = refused(4, "{ type = stochastic, units = 3, estimator { type = relax, relaxed-loss = false } }");
        assertEquals(
                "network.layers[0].estimator: got relax with training.reuse.steps = 4, expected one whose estimate of a sample"
                        + " is the score times a signal: nvil, reinforce; or steps = 1",
                relax);
        String gaussian = refused(2, "{ type = stochastic, units = 3, law = gaussian, estimator = reinforce }");
        assertTrue(gaussian.startsWith("network.layers[0].law: got gaussian with training.reuse.steps = 2"), gaussian);
        String gates = refused(
                2,
                "{ type = dense, units = 2, activation = tanh }",
                "{ type = stochastic, units = 3, estimator = reinforce, sparsity { target = 0.1 } }");
        assertTrue(gates.startsWith("network.layers[1].sparsity: got one"), gates);
        String latent = refused(2, "{ type = stochastic, units = 3, estimator = reinforce, prior = uniform }");
        assertTrue(latent.startsWith("network.layers[0].prior: got one"), latent);
        String sequence =
                refused(2, "{ type = recurrent, units = 3, steps = 2, law = bernoulli, estimator = reinforce }");
        assertTrue(sequence.startsWith("network.layers[0].type: got recurrent"), sequence);
    }
}
