package org.coinflip.spark.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.coinflip.spark.LocalSpark;
import org.coinflip.spark.experiment.Experiment;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How examples are partitioned and how many tasks run at once does not change a bit, of networks of all kinds. */
@Tag("numerical")
class PartitioningTest {
    private static final String SETTINGS =
            """
            training { epochs = 1, batch = 16 }
            averaging { workers = 5, steps-per-round = 7 }
            evaluation { mode = samples, draws = 2 }
            """;

    private static final Map<String, String> NETWORKS = Map.of(
            "bernoulli",
            """
            network.layers = [
              { type = stochastic, units = 20, estimator = reinforce }
              { type = stochastic, units = 12, estimator = rebar }
              { type = output, units = 10 }
            ]
            training.updater { type = Adam, learning-rate = 0.01 }
            """,
            "chosen",
            """
            network.layers = [
              { type = stochastic, units = 20, estimator { type = auto, among = [straight-through, disarm], cost = none } }
              { type = stochastic, units = 12, estimator { type = auto, among = [reinforce, rebar, { type = rloo, samples = 3 }] } }
              { type = output, units = 10 }
            ]
            training { updater { type = Adam, learning-rate = 0.01 }, epochs = 3 }
            """,
            "gated",
            """
            network.layers = [
              { type = gated-experts, experts = 40, gater = [ { units = 10 } ], compute = sparse
                gate { law = noisy-rectifier }, sparsity { target = 0.1 } }
              { type = gated-experts, experts = 30, compute = auto
                gate { law = stochastic-times-smooth, initial-bias = -3 }, sparsity { target = 0.1 } }
              { type = gated-experts, experts = 5, units = 8, activation = relu, gate { law = stochastic-times-smooth } }
              { type = output, units = 10 }
            ]
            training { updater { type = Momentum, learning-rate = 0.05 }, max-column-norm = 2 }
            """,
            "tree",
            """
            network.layers = [
              { type = dense, units = 10, activation = relu }
              { type = tree-experts, depth = 6, units = 8, activation = relu, estimator = reinforce }
              { type = tree-experts, depth = 3, units = 12, estimator { type = rloo, samples = 2 } }
              { type = output, units = 10 }
            ]
            training { updater { type = Momentum, learning-rate = 0.05 }, max-column-norm = 2 }
            """,
            "convolutional",
            """
            network.layers = [
              { type = conv, channels = 4, kernel = 3, padding = 1, activation = relu }
              { type = pool, kernel = 2 }
              { type = conv, channels = 5, kernel = 2, law = bernoulli }
              { type = conv, channels = 5, kernel = 3, padding = 1 }
              { type = residual, layers = 1 }
              { type = gated-maps, gater = [ { units = 3, activation = tanh } ], gate { estimator = disarm } }
              { type = gated-maps, by = position, sparsity { target = 0.5 } }
              { type = pool, kind = mean, kernel = 3 }
              { type = output, units = 10 }
            ]
            training.updater { type = Momentum, learning-rate = 0.05 }
            """,
            "normalised",
            """
            network.layers = [
              { type = conv, channels = 4, kernel = 3, padding = 1 }
              { type = batch-norm }
              { type = stochastic, units = 20, estimator = straight-through }
              { type = batch-norm }
              { type = stochastic, units = 12, estimator = reinforce }
              { type = centre, momentum = 0.5 }
              { type = layer-norm }
              { type = output, units = 10 }
            ]
            training.updater { type = Momentum, learning-rate = 0.05 }
            """,
            "transformed",
            """
            network.layers = [
              { type = transformed, units = 20, gamma = true, memory = 0.5 }
              { type = transformed, units = 15 }
              { type = output, units = 10 }
            ]
            training.updater { type = Sgd, learning-rate = 0.3 }
            evaluation = null
            evaluation { mode = means }
            """);

    @TempDir
    private Path folder;

    private String train(LocalSpark spark, String network, String settings, String name) throws IOException {
        Path output = folder.resolve(name);
        Experiment experiment = Experiment.read(ConfigFactory.parseString(
                SETTINGS + NETWORKS.get(network) + settings + "\noutput = \"" + output + "\""));
        Training.prepare(experiment).run(spark.context());
        return new ObjectMapper()
                .readTree(output.resolve("summary.json").toFile())
                .get("parametersSha256")
                .asText();
    }

    @Test
    void theSameBitsOnOneSlotAndTwoFromOneThreeAndSevenPartitions() throws IOException {
        Map<String, String> expected = new LinkedHashMap<>();
        for (int slots : new int[] {1, 2}) {
            try (LocalSpark spark = new LocalSpark(slots)) {
                for (String network : NETWORKS.keySet()) {
                    for (int partitions : new int[] {1, 3, 7}) {
                        String where = network + "-" + slots + "-" + partitions;
                        String sha = train(spark, network, "averaging.partitions = " + partitions, where);
                        expected.putIfAbsent(network, sha);
                        assertEquals(expected.get(network), sha, where);
                    }
                }
            }
        }
        assertEquals(NETWORKS.size(), expected.values().stream().distinct().count());
    }

    /** In memory and in files. */
    @Test
    void theSameBitsOfListedFeaturesFromOneThreeAndSevenPartitions() throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 400; i++) {
            lines.append(i % 10).append(' ').append(1 + i % 10).append(":1 ");
            lines.append(11 + i % 40).append(':').append(i % 7 - 3).append(" 60:1\n");
        }
        Path listed = Files.writeString(folder.resolve("listed"), lines);
        String data = "\ndata { source = libsvm, path = \"" + listed + "\", scale = standard }\naveraging.storage = ";
        String expected = null;
        try (LocalSpark spark = new LocalSpark(2)) {
            for (String storage : new String[] {"memory", "file"}) {
                for (int partitions : new int[] {1, 3, 7}) {
                    String where = storage + partitions;
                    String settings = data + storage + "\naveraging.partitions = " + partitions;
                    String sha = train(spark, "bernoulli", settings, where);
                    expected = expected == null ? sha : expected;
                    assertEquals(expected, sha, where);
                }
            }
        }
    }
}
