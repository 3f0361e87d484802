package org.coinflip.model.training;

import com.typesafe.config.ConfigFactory;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.kernel.KernelChoice;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.network.Network;
import org.coinflip.model.network.NetworkSpec;
import org.coinflip.model.noise.Permutation;
import org.coinflip.model.settings.Section;
import org.coinflip.model.training.updater.Progress;

/**
 * Small trainings of every family of networks in portable arithmetic. Its {@link #main} prints their hashes, on whatever machine it is run:
 * they are those of {@link PortableTrainingTest}.
 */
public final class PortableTraining {
    private static final int EXAMPLES = 96;
    private static final int SIDE = 7;
    private static final int CLASSES = 4;
    private static final int BATCH = 12;
    private static final int EPOCHS = 5;

    /** Network and updater by family. */
    static final Map<String, String> FAMILIES = new LinkedHashMap<>();

    static {
        FAMILIES.put(
                "bernoulli",
                """
                layers = [
                  { type = gaussian-noise, std = 0.1 }
                  { type = stochastic, units = 33, law = bernoulli, estimator { type = reinforce, baseline = minimum-variance } }
                  { type = stochastic, units = 20, law { type = noisy-rectifier, noise = gaussian } }
                  { type = output, units = 4, objective = cross-entropy }
                ], updater { type = Adam, learning-rate = 0.01 }""");
        FAMILIES.put(
                "categorical",
                """
                layers = [
                  { type = dense, units = 24, activation = tanh }
                  { type = stochastic, units = 10, law { type = categorical, categories = 5 }, estimator = reinmax }
                  { type = output, units = 4, objective = cross-entropy }
                ], updater { type = RmsProp, learning-rate = 0.003 }""");
        FAMILIES.put(
                "gated",
                """
                layers = [
                  { type = gated-experts, experts = 40, gater = [ { units = 10, activation = tanh } ]
                    gate { law = bernoulli, estimator = straight-through }, sparsity { target = 0.2, weight = 0.1 } }
                  { type = output, units = 4, objective = cross-entropy }
                ], updater { type = Sgd, learning-rate = 0.1 }""");
        FAMILIES.put(
                "blocks",
                """
                layers = [
                  { type = gated-experts, experts = 8, units = 5, activation = relu, gater = [ { units = 10, activation = tanh } ]
                    gate { law = stochastic-times-smooth, initial-bias = -2 }, sparsity { target = 0.2, weight = 0.1 } }
                  { type = gated-experts, experts = 6, units = 7, hidden = [3], combine = sum, activation = tanh
                    gate { law = bernoulli, estimator = straight-through } }
                  { type = output, units = 4, objective = cross-entropy }
                ], updater { type = Momentum, learning-rate = 0.1, momentum = 0.9 }""");
        FAMILIES.put(
                "tree",
                """
                layers = [
                  { type = dense, units = 10, activation = tanh }
                  { type = tree-experts, depth = 3, units = 12, activation = relu, estimator { type = rloo, samples = 2 } }
                  { type = tree-experts, depth = 5, units = 7, activation = tanh, estimator = reinforce }
                  { type = output, units = 4, objective = cross-entropy }
                ], updater { type = Momentum, learning-rate = 0.05, momentum = 0.9 }""");
        FAMILIES.put(
                "transformed",
                """
                layers = [
                  { type = transformed, units = 20, activation = tanh, gamma = true }
                  { type = transformed, units = 15, activation = tanh }
                  { type = output, units = 4, objective = cross-entropy }
                ], updater { type = Momentum, learning-rate = 0.05, momentum = 0.9 }""");
        FAMILIES.put(
                "energy",
                """
                layers = [
                  { type = energy, hidden = [30], units = 4, rho = hard-sigmoid, step = 0.5, steps = 12
                    gradient { type = equilibrium-propagation, side = both, beta = 0.5, steps = 4 } }
                ], updater { type = Sgd, learning-rate = 0.1 }""");
    }

    private PortableTraining() {}

    /** Prints the hash of every family. */
    public static void main(String[] arguments) {
        for (String family : FAMILIES.keySet()) {
            System.out.println(family + " " + sha256(family));
        }
    }

    /** The hash of a family's parameters after five epochs of eight steps. */
    static String sha256(String family) {
        var config = ConfigFactory.parseString(FAMILIES.get(family));
        Network network = new Network(NetworkSpec.read(Section.root(config.withOnlyPath("layers")), SIDE * SIDE));
        TrainingSpec spec =
                TrainingSpec.read(Section.root(ConfigFactory.parseMap(Map.of("batch", BATCH, "epochs", EPOCHS))
                        .withFallback(config.withOnlyPath("updater"))));
        Learner learner = new Learner(network, spec, Backend.of(KernelChoice.PORTABLE), 1);
        network.initialise(learner.state(), 1);
        int kept = network.spec().top().keptPerExample();
        learner.keep(kept == 0 ? null : Floats.allocate(kept * EXAMPLES));
        Examples examples = examples();
        int steps = EXAMPLES / BATCH;
        Progress progress = new Progress(steps, EPOCHS);
        int[] places = new int[BATCH];
        for (int step = 0; step < steps * EPOCHS; step++) {
            Permutation order = new Permutation(1, step / steps, 0, EXAMPLES);
            for (int i = 0; i < BATCH; i++) {
                places[i] = order.at(step % steps * BATCH + i);
            }
            learner.step(examples, places, BATCH, progress.at(step));
        }
        return learner.state().parametersSha256();
    }

    /** Bytes of which one quarter is bright, another one for each class, with noise on all. */
    private static Examples examples() {
        SplittableRandom random = new SplittableRandom(5);
        int width = SIDE * SIDE;
        byte[] bytes = new byte[EXAMPLES * width];
        for (int i = 0; i < EXAMPLES; i++) {
            for (int j = 0; j < width; j++) {
                boolean bright = j * CLASSES / width == i % CLASSES;
                bytes[i * width + j] = (byte) (random.nextInt(128) + (bright ? 100 : 0));
            }
        }
        float[] scale = new float[width];
        java.util.Arrays.fill(scale, 1f / 255);
        return Examples.ofBytes(
                width,
                CLASSES,
                LongStream.range(0, EXAMPLES).toArray(),
                IntStream.range(0, EXAMPLES).map(i -> i % CLASSES).toArray(),
                bytes,
                scale,
                new float[width]);
    }
}
