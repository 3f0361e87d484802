package org.coinflip.spark.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.coinflip.Trainer;
import org.coinflip.data.Dataset;
import org.coinflip.data.Split;
import org.coinflip.model.example.Examples;
import org.coinflip.model.training.updater.Plateau;
import org.coinflip.spark.experiment.Experiment;
import org.coinflip.spark.shard.LocalShards;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The library's trainer against the engine of the jobs. */
class LibraryAgainstJobTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "training.updater { type = Adam, learning-rate = 0.01 }",
                "training { updater { type = Momentum, learning-rate = 0.05 }, max-column-norm = 2, schedule = cosine }",
                "training { updater { type = Sgd, learning-rate = 0.1 }, weight-decay = 0.001 }, arithmetic = portable",
                "training { updater { type = Muon }, ema = 0.9 }",
                "training { updater.learning-rate = 2, epochs = 5, schedule { type = plateau, patience = 1 } }"
            })
    void trainsTheParametersOfAJobWithOneWorker(String settings) throws InterruptedException {
        Config shared = ConfigFactory.parseString(settings)
                .withFallback(ConfigFactory.parseString("seed = 5, training { batch = 32, epochs = 2 }"));
        Experiment experiment = Experiment.read(
                shared.withFallback(
                        ConfigFactory.parseString(
                                """
                data { source = digits, split { train = 300, valid = 100, test = 100 } }
                network.layers = [ { type = stochastic, units = 16, estimator = reinforce }, { type = output, units = 10 } ]
                averaging { workers = 1, steps-per-round = 3 }
                """)));
        Dataset data = Dataset.open(experiment.data(), new Configuration());
        Examples train = data.examples(Split.TRAIN);
        Examples valid = data.examples(Split.VALID);
        TrialTraining.Result job = new TrialTraining(experiment, valid, valid)
                .run(
                        new LocalShards(train, 1, experiment.seed()),
                        Map.of(),
                        0,
                        experiment.training().epochs());
        String library = Trainer.of(experiment.networkSpec(train.width()))
                .settings(shared.root().render())
                .validate(valid)
                .fit(train)
                .parametersSha256();
        assertEquals(job.parametersSha256(), library);
        if (experiment.training().schedule().isDecidedByLooks()) {
            Plateau plateau = new Plateau(experiment.training().schedule());
            job.curve().stream()
                    .limit(4)
                    .forEach(look -> plateau.look(look.valid().loss()));
            assertTrue(plateau.factor() < 1, "its rate was to fall before the last epoch");
        }
    }
}
