package org.coinflip.model.reward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.layer.Mode;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.network.Pass;
import org.coinflip.model.oracle.Networks;
import org.coinflip.model.oracle.Rounding;
import org.coinflip.model.training.LayerStatistics;
import org.coinflip.model.training.TrainingSpec;
import org.coinflip.model.training.updater.Progress;
import org.coinflip.model.training.updater.Schedule;
import org.coinflip.model.training.updater.UpdaterSpec;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.learning.config.Adam;

@Tag("numerical")
class PolicyLearnerTest {
    private static final Backend BACKEND = Backend.detect();
    private static final String NEURON = "law = bernoulli, estimator = reinforce }";

    private static TrainingSpec spec(int batch, int epochs, double rate) {
        return new TrainingSpec(batch, epochs, UpdaterSpec.of(new Adam(rate)), Schedule.CONSTANT, 0, 0);
    }

    private static Network cartPole(int hidden) {
        return Networks.of(
                4,
                "{ type = gaussian-noise, std = 0.1 }",
                "{ type = stochastic, units = " + hidden + ", " + NEURON,
                "{ type = dense, units = 7, activation = tanh }",
                "{ type = stochastic, units = 1, " + NEURON,
                "{ type = reward }");
    }

    /** Every step's hidden and acting samples, from passes over what each step of the episodes saw. */
    private static List<Float> samples(Pass pass) {
        List<Float> samples = new ArrayList<>();
        pass.stochasticStages().forEach(stage -> {
            for (int r = 0; r < stage.rows(); r++) {
                for (int j = 0; j < stage.width(); j++) {
                    samples.add(stage.samples().get(r, j));
                    samples.add(stage.probabilities().get(r, j));
                }
            }
        });
        return samples;
    }

    @Test
    void theStepDrawsTheSamplesThatWerePlayedToTheBit() {
        CartPole environment = new CartPole(200);
        Network network = cartPole(37);
        PolicyLearner learner =
                new PolicyLearner(network, spec(19, 10, 0.01), environment, 0.9, EpisodeReuse.NONE, BACKEND, 3);
        learner.state().set(Networks.state(network, 4, 1));
        Experience experience = learner.play(2, 0.2, 100);
        Pass replay = learner.pass();
        replay.context().setNoise(Mode.TRAIN, 3, 2, 0);
        replay.forward();
        List<Float> replayed = samples(replay);

        Pass step = network.bind(learner.state(), null, BACKEND, 19);
        step.context().setNoise(Mode.TRAIN, 3, 2, 0);
        List<List<Float>> hidden = List.of(new ArrayList<>(), new ArrayList<>());
        int row = 0;
        for (int t = 0; t < experience.steps(); t++) {
            int live = experience.going()[t];
            long[] ids = java.util.Arrays.copyOfRange(experience.ids(), row, row + live);
            step.load(
                    ids,
                    java.util.Arrays.copyOfRange(experience.observations(), row * 4, (row + live) * 4),
                    null,
                    live);
            step.forward();
            List<Float> drawn = samples(step);
            hidden.get(0).addAll(drawn.subList(0, live * 37 * 2));
            hidden.get(1).addAll(drawn.subList(live * 37 * 2, drawn.size()));
            for (int i = 0; i < live; i++) {
                assertEquals(experience.action(row + i), (int) step.output().get(i, 0));
            }
            row += live;
        }
        List<Float> played = new ArrayList<>(hidden.get(0));
        played.addAll(hidden.get(1));
        assertEquals(experience.rows(), row);
        assertTrue(experience.rows() > 19 * 8);
        assertEquals(played, replayed);
    }

    @Test
    void whatAnEpisodeEarnsIsAFunctionOfSeedEpochAndNumber() {
        Network network = cartPole(8);
        State state = Networks.state(network, 4, 1);
        CartPole environment = new CartPole(200);
        Rollout rollout = new Rollout(network, state, environment, BACKEND, 10);
        ToDoubleFunction<Experience> digest = experience -> {
            double sum = 0;
            for (int row = 0; row < experience.rows(); row++) {
                sum = sum * 1.1 + experience.action(row);
            }
            return sum + experience.rows();
        };
        double first = digest.applyAsDouble(rollout.play(Mode.TRAIN, 1, 0, 0, 0, 10));
        rollout.play(Mode.TRAIN, 1, 1, 0, 0, 3);
        assertEquals(first, digest.applyAsDouble(rollout.play(Mode.TRAIN, 1, 0, 0, 0, 10)));
        assertNotEquals(first, digest.applyAsDouble(rollout.play(Mode.TRAIN, 2, 0, 0, 0, 10)));
        assertNotEquals(first, digest.applyAsDouble(rollout.play(Mode.TRAIN, 1, 1, 0, 0, 10)));
        assertNotEquals(first, digest.applyAsDouble(rollout.play(Mode.TRAIN, 1, 0, 0, 10, 10)));
        assertNotEquals(first, digest.applyAsDouble(rollout.play(Mode.SAMPLES, 1, 0, 0, 0, 10)));
        double greedy = digest.applyAsDouble(rollout.play(Mode.THRESHOLDS, 1, 0, 0, 0, 10));
        assertEquals(greedy, digest.applyAsDouble(rollout.play(Mode.THRESHOLDS, 1, 0, 0, 0, 10)));
    }

    @Test
    void lossesAreMinusTheDiscountedRewardsToCome() {
        Network network = cartPole(8);
        Rollout rollout = new Rollout(network, Networks.state(network, 4, 1), new CartPole(30), BACKEND, 5);
        Experience experience = rollout.play(Mode.TRAIN, 1, 0, 0, 50, 5);
        float[] losses = new float[experience.rows()];
        experience.writeLosses(0.8, losses);
        for (int row = 0; row < losses.length; row++) {
            int episode = (int) (experience.ids()[row] / 30) - 50;
            int step = (int) (experience.ids()[row] % 30);
            double sum = 0;
            for (int s = step; s < experience.length(episode); s++) {
                sum += Math.pow(0.8, s - step);
            }
            // a product and a sum in double precision or single, 30 times over, and losses of at most 5
            assertEquals(-sum, losses[row], Rounding.of(2 * 30, sum));
        }
        assertEquals(experience.length(3), experience.returned(3));
    }

    @Test
    void bernoulliNeuronsLearnToBalanceAPole() {
        Network network = Networks.of(
                4,
                "{ type = stochastic, units = 16, " + NEURON,
                "{ type = stochastic, units = 1, " + NEURON,
                "{ type = reward }");
        PolicyLearner learner =
                new PolicyLearner(network, spec(16, 120, 0.1), new CartPole(100), 0.98, EpisodeReuse.NONE, BACKEND, 1);
        network.initialise(learner.state(), 1);
        Progress progress = new Progress(1, 120);
        double early = 0;
        double late = 0;
        for (int round = 0; round < 120; round++) {
            Experience experience = learner.step(0, progress.at(round));
            double mean = (double) experience.rows() / experience.episodes();
            early += round < 5 ? mean / 5 : 0;
            late += round >= 100 ? mean / 20 : 0;
        }
        assertTrue(early < 35, "at first " + early);
        assertTrue(late > 85, "at last " + late);
    }

    @Test
    void aGridsPolicyComesNearTheBest() {
        Network network = Networks.of(
                9,
                "{ type = stochastic, units = 4, law { type = categorical, categories = 4 }, estimator = nvil }",
                "{ type = reward }");
        GridWorld grid = new GridWorld(3, 0.1, 50);
        PolicyLearner learner = new PolicyLearner(network, spec(32, 150, 0.1), grid, 1, EpisodeReuse.NONE, BACKEND, 1);
        network.initialise(learner.state(), 1);
        Progress progress = new Progress(1, 150);
        for (int round = 0; round < 150; round++) {
            learner.step(0, progress.at(round));
        }
        Rollout rollout = new Rollout(network, learner.state(), grid, BACKEND, 2000);
        Experience played = rollout.play(Mode.THRESHOLDS, 1, 1, 1, 0, 2000);
        double sum = 0;
        for (int e = 0; e < 2000; e++) {
            sum += played.returned(e);
        }
        assertEquals(GridWorldTest.bestReturn(3, 0.1), sum / 2000, 0.15);
    }

    @Test
    void looksAtTheNeuronsWithoutChangingThem() {
        Network network = cartPole(8);
        TrainingSpec spec = spec(4, 10, 0.1);
        PolicyLearner learner = new PolicyLearner(network, spec, new CartPole(50), 1, EpisodeReuse.NONE, BACKEND, 1);
        network.initialise(learner.state(), 1);
        learner.step(0, new Progress(1, 10).at(0));
        String before = learner.state().parametersSha256();
        List<LayerStatistics> layers =
                PolicyMeasurement.measure(network, learner.state(), spec, new CartPole(50), 1, BACKEND, 1);
        assertEquals(before, learner.state().parametersSha256());
        assertEquals(2, layers.size());
        assertEquals(8, layers.get(0).firingRates().size());
        assertTrue(layers.get(0).firingRate() > 0.2 && layers.get(0).firingRate() < 0.8);
        assertTrue(layers.get(1).gradientVariance() > 0);
    }
}
