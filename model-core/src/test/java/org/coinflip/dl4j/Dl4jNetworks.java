package org.coinflip.dl4j;

import com.typesafe.config.ConfigFactory;
import java.util.stream.IntStream;
import org.coinflip.model.example.Examples;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.settings.Section;
import org.coinflip.model.training.TrainingSpec;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.dataset.DataSet;

/** DL4J twins of networks of ours, and batches as DL4J takes them. */
final class Dl4jNetworks {
    static final long SEED = 12;

    /** Iterations of a whole training. */
    static final int ITERATIONS = 200;

    private static final int STEPS_PER_EPOCH = 10;

    private Dl4jNetworks() {}

    static TrainingSpec training(String hocon) {
        return TrainingSpec.read(Section.root(ConfigFactory.parseString(hocon)));
    }

    /** The network as DL4J's, trained by plain descent, with the state's parameters and statistics. */
    static MultiLayerNetwork twin(Network network, State state) {
        return twin(network, state, training("epochs = 20, updater { type = Sgd, learning-rate = 0.5 }"));
    }

    static MultiLayerNetwork twin(Network network, State state, TrainingSpec training) {
        MultiLayerNetwork twin = new MultiLayerNetwork(
                new NetworkConversion(network.spec(), training, STEPS_PER_EPOCH).configuration(SEED));
        twin.init();
        Parameters.copy(state, twin);
        return twin;
    }

    static DataSet batch(Examples examples, int from, int to) {
        return DataSets.of(examples, IntStream.range(from, to).toArray(), to - from);
    }
}
