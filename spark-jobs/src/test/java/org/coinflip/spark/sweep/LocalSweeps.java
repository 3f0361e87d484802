package org.coinflip.spark.sweep;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;
import org.coinflip.spark.LocalSpark;
import org.junit.jupiter.api.io.TempDir;

/** Sweeps in this process, each into a folder of its own, and the settings that several tests give them. */
abstract class LocalSweeps {
    static final String DIGITS =
            """
            network.layers = [ { type = stochastic, units = 12, law = bernoulli }, { type = output, units = 10 } ]
            training { epochs = 4, batch = 64, updater { type = Adam, learning-rate = 0.01 } }
            averaging { workers = 2, steps-per-round = 10 }
            validation { draws = 2, examples = 16 }
            """;

    static final String ASHA =
            """
            sweep { sampler { type = tpe, start = 3 }, trials = 9, window = 3, scheduler { type = asha, factor = 2 }, space {
              training.updater.learning-rate { log-uniform = [1e-5, 0.1] }
              network.layers.0.units { int = [4, 24] }
            } }
            """;
    /** A whole pass of brackets: 4 begin at 1 epoch, 3 at 2 and 3 at 4. */
    static final String HYPERBAND = ASHA.replace("trials = 9, ", "").replace("asha", "hyperband");

    static final String POPULATION =
            """
            sweep { trials = 5, window = 3, scheduler { type = population, every = 1, part = 0.4 }, space {
              training.updater.learning-rate { log-uniform = [1e-4, 0.1] }
              network.layers.0.units = [8, 12]
            } }
            """;

    @TempDir
    Path folder;

    JsonNode sweep(LocalSpark spark, String name, String settings) throws Exception {
        String output = "output = \"" + folder.resolve(name) + "\"\n";
        Sweep.prepare(ConfigFactory.parseString(settings + "\n" + output)).run(session(spark));
        return summary(name);
    }

    static SparkSession session(LocalSpark spark) {
        return SparkSession.builder().config(spark.context().getConf()).getOrCreate();
    }

    JsonNode summary(String name) throws Exception {
        return new ObjectMapper()
                .readTree(folder.resolve(name).resolve("summary.json").toFile());
    }
}
