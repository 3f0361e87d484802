package org.coinflip.model.oracle;

import com.typesafe.config.ConfigFactory;
import java.util.Random;
import org.coinflip.model.estimator.GradientEstimator;
import org.coinflip.model.estimator.registry.Estimators;
import org.coinflip.model.example.Examples;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.network.NetworkSpec;
import org.coinflip.model.settings.Section;

/** Small networks, states and examples for tests. */
public final class Networks {
    private Networks() {}

    /** A network whose layers are written as in an experiment file, one string a layer. */
    public static Network of(int inputs, String... layers) {
        return new Network(spec(inputs, layers));
    }

    public static NetworkSpec spec(int inputs, String... layers) {
        String hocon = "layers = [" + String.join(", ", layers) + "]";
        return NetworkSpec.read(Section.root(ConfigFactory.parseString(hocon)), inputs);
    }

    /** An estimator as an experiment file writes it, by its type alone or as a section. */
    public static GradientEstimator estimator(String written) {
        return Estimators.read(Section.root(ConfigFactory.parseString("estimator = " + written))
                .typed("estimator", null));
    }

    /** Parameters that are normal with the given deviation; statistics as the network starts them. */
    public static State state(Network network, long seed, double deviation) {
        State state = new State(network.layout());
        network.initialise(state, seed);
        Random random = new Random(seed);
        for (int i = 0; i < network.layout().parameters(); i++) {
            state.values().set(i, (float) (deviation * random.nextGaussian()));
        }
        return state;
    }

    public static State copy(State state) {
        State copy = new State(state.layout());
        copy.values().set(state.values());
        return copy;
    }

    /** The same example so many times, each with an id and so with noise of its own. */
    public static Examples copies(int count, int classes, int label, float... features) {
        long[] ids = new long[count];
        int[] labels = new int[count];
        float[] all = new float[count * features.length];
        for (int i = 0; i < count; i++) {
            ids[i] = i;
            labels[i] = label;
            System.arraycopy(features, 0, all, i * features.length, features.length);
        }
        return Examples.ofFloats(features.length, classes, ids, labels, all);
    }

    /** Normal features and uniform labels. */
    public static Examples random(int count, int width, int classes, long seed) {
        Random random = new Random(seed);
        long[] ids = new long[count];
        int[] labels = new int[count];
        float[] features = new float[count * width];
        for (int i = 0; i < count; i++) {
            ids[i] = i;
            labels[i] = random.nextInt(classes);
        }
        for (int i = 0; i < features.length; i++) {
            features[i] = (float) random.nextGaussian();
        }
        return Examples.ofFloats(width, classes, ids, labels, features);
    }

    /** 0, 1, …, count − 1. */
    public static int[] places(int count) {
        int[] places = new int[count];
        for (int i = 0; i < count; i++) {
            places[i] = i;
        }
        return places;
    }
}
