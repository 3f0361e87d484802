package org.coinflip.spark.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.coinflip.data.Dataset;
import org.coinflip.data.Split;
import org.coinflip.spark.LocalSpark;
import org.coinflip.spark.checkpoint.Snapshot;
import org.coinflip.spark.experiment.Experiment;
import org.coinflip.spark.shard.LocalShards;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Outer optimisers, growing rounds and the updaters' memory, in whole trainings on the digits. */
@Tag("numerical")
class AveragingPoliciesTest {
    private static final String SETTINGS =
            """
            data.split { train = 400, valid = 100, test = 100 }
            network.layers = [ { type = stochastic, units = 12, law = bernoulli }, { type = output, units = 10 } ]
            training { epochs = 2, batch = 16, updater { type = Adam, learning-rate = 0.01 } }
            averaging { workers = 5, steps-per-round = 4 }
            validation { draws = 2, examples = 16 }
            """;

    private final Dataset data =
            Dataset.open(Experiment.read(ConfigFactory.parseString(SETTINGS)).data(), new Configuration());

    private static Experiment experiment(String more) {
        return Experiment.read(ConfigFactory.parseString(more).withFallback(ConfigFactory.parseString(SETTINGS)));
    }

    private TrialTraining.Result train(String more) throws Exception {
        Experiment experiment = experiment(more);
        LocalShards shards = new LocalShards(
                data.examples(Split.TRAIN), experiment.averaging().workers(), experiment.seed());
        return trial(experiment).run(shards, Map.of(), 0, 2);
    }

    private TrialTraining trial(Experiment experiment) {
        return new TrialTraining(experiment, data.examples(Split.VALID), data.examples(Split.TEST));
    }

    @Test
    void anOuterOptimiserWithoutEffectLeavesTheBits() throws Exception {
        String plain = train("").parametersSha256();
        String none = train("averaging.outer { type = momentum, learning-rate = 1, momentum = 0 }")
                .parametersSha256();
        assertEquals(plain, none);
        assertNotEquals(
                plain,
                train("averaging.outer { type = momentum, momentum = 0.5 }").parametersSha256());
    }

    @Test
    void theSameBitsInOneThreadAndAsTasks() throws Exception {
        String more = "averaging { outer { type = nesterov, momentum = 0.4 }, growth = 2, updater-state = restart }";
        String one = train(more).parametersSha256();
        try (LocalSpark spark = new LocalSpark(2)) {
            TrialTraining.Result tasks =
                    trial(experiment(more)).run(spark.context(), data.shards(Split.TRAIN), Map.of(), 0, 2);
            assertEquals(one, tasks.parametersSha256());
        }
    }

    /**
     * With its memory zero at every step, momentum is plain descent; only rounding differs, in 10 steps of three roundings of weights below 1 in each of
     * the two, and what it does to the steps that follow: less than 10 times as much. Without samples, which rounding might flip.
     */
    @Test
    void momentumThatRestartsAtEveryStepIsPlainDescent() throws Exception {
        String steps =
                "network.layers = [ { type = dense, units = 12, activation = tanh }, { type = output, units = 10 } ],"
                        + " averaging { steps-per-round = 1, updater-state = %s }, training { epochs = 2, updater { type = %s,"
                        + " learning-rate = 0.05 } }";
        float[] plain = parameters(train(String.format(steps, "average", "Sgd")), 0);
        float[] restarted = parameters(train(String.format(steps, "restart", "Momentum")), plain.length);
        float[] kept = parameters(train(String.format(steps, "average", "Momentum")), plain.length);
        assertArrayEquals(plain, restarted, 10 * 2 * 10 * 3 * 0x1p-24f);
        float farthest = 0;
        for (int i = 0; i < plain.length; i++) {
            farthest = Math.max(farthest, Math.abs(plain[i] - kept[i]));
        }
        assertTrue(farthest > 0.01f, "momentum that is kept: " + farthest);
    }

    private static float[] parameters(TrialTraining.Result result, int count) {
        float[] values = result.vectors().get(Snapshot.STATE);
        return java.util.Arrays.copyOf(values, count == 0 ? values.length : count);
    }

    @Test
    void aTrialThatGoesOnKeepsItsMomentum() throws Exception {
        Experiment experiment = experiment("averaging.outer { type = momentum, momentum = 0.5 }");
        LocalShards shards = new LocalShards(data.examples(Split.TRAIN), 5, experiment.seed());
        TrialTraining.Result first = trial(experiment).run(shards, Map.of(), 0, 1);
        TrialTraining.Result second = trial(experiment).run(shards, first.vectors(), 1, 2);
        assertEquals(trial(experiment).run(shards, Map.of(), 0, 2).parametersSha256(), second.parametersSha256());
    }

    @Test
    void settingsAreWrittenAsTheyAreRead() {
        Experiment experiment =
                experiment("averaging { outer { type = nesterov, learning-rate = 0.7 }, updater-state = restart }");
        Map<?, ?> averaging =
                (Map<?, ?>) experiment.write(experiment.networkSpec(64)).get("averaging");
        assertEquals(Map.of("type", "nesterov", "learning-rate", 0.7, "momentum", 0.5), averaging.get("outer"));
        assertEquals("restart", averaging.get("updater-state"));
    }
}
