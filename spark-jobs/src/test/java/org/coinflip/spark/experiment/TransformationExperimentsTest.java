package org.coinflip.spark.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.File;
import java.util.List;
import org.coinflip.model.network.Network;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The experiment files of arXiv 1301.3476: every network has its twins, which differ in nothing else. */
class TransformationExperimentsTest {
    private static Experiment read(String name) {
        Config file = ConfigFactory.parseFile(new File("../conf/papers/1301.3476/" + name + ".conf"));
        return Experiment.read(file.resolve());
    }

    private static int parameters(Experiment experiment) {
        return new Network(experiment.networkSpec(784)).layout().parameters();
    }

    @ParameterizedTest
    @ValueSource(strings = {"3x400", "2x800", "autoencoder", "best/3x400", "best/2x800"})
    void twinsDifferInTheirLayersAlone(String name) {
        Experiment transformed = read(name);
        int weights = parameters(transformed);
        for (String twin : List.of("-gamma", "-shortcuts", "-plain")) {
            Experiment other = read(name + twin);
            assertEquals(transformed.data(), other.data());
            assertEquals(transformed.training().batch(), other.training().batch());
            assertEquals(transformed.training().schedule(), other.training().schedule());
            assertEquals(transformed.averaging(), other.averaging());
            if (twin.equals("-plain")) {
                assertTrue(parameters(other) < weights);
            } else {
                assertEquals(weights, parameters(other));
            }
        }
    }
}
