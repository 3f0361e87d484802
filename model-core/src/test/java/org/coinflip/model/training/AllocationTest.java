package org.coinflip.model.training;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.network.Network;
import org.coinflip.model.oracle.Networks;
import org.coinflip.model.settings.Section;
import org.coinflip.model.training.updater.Progress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The steady state allocates nothing: bytes that the stepping thread allocates, counted by the virtual machine. Vectors are boxed until
 * the optimising compiler has had its turn, so steps are taken until a whole block of them allocates nothing; the next block must not
 * either. Each network has a virtual machine of its own, as an executor has: what is compiled well depends on what ran before. It also
 * depends on when the compiler got its turn: about one machine in a hundred inlines so unluckily that it boxes for ever, so a network
 * fails where three machines in a row do.
 */
public class AllocationTest {
    private static final int STEPS = 2000;
    private static final int MOST_BLOCKS = 150;
    private static final int MACHINES = 3;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Sgd | { type = dropout }, { type = dense, units = 20, activation = tanh }, { type = maxout, units = 8 }",
                "Sgd | { type = dense, units = 20, activation = tanh }, { type = dense, units = 8, activation = sigmoid }, { type = dense, units = 8, activation = softplus }",
                "Adam | { type = stochastic, units = 20, estimator = straight-through }",
                "Sgd | { type = gated-experts, experts = 20, gater = [{ units = 5 }], sparsity { target = 0.1 } }",
                "Momentum | { type = gated-experts, experts = 20, gate { law = stochastic-times-smooth, initial-bias = -3 } }",
                "Sgd | { type = gated-experts, experts = 6, units = 5, activation = relu, gate { law = stochastic-times-smooth } }",
                "Adam | { type = gated-experts, experts = 6, units = 5, hidden = [4], combine = sum, activation = tanh }",
                "Momentum | { type = stochastic, units = 20, estimator = reinforce }, { type = stochastic, units = 20 }",
                "Nesterovs | { type = stochastic, units = 20, law = stochastic-times-smooth }",
                "Momentum | { type = gated-experts, experts = 6, units = 5, gate { law { type = noisy-top-k, n = 6, k = 2 }, estimator = pathwise }, sparsity { term = importance, weight = 0.1 } }",
                "Sgd | { type = stochastic, units = 20, estimator = straight-through, rate-floor { least = 0.4 } }",
                "Muon | { type = dense, units = 20, activation = tanh }, { type = maxout, units = 8 }",
                "Adam | { type = dense, units = 20 }, { type = layer-norm }, { type = dense, units = 7 }, { type = batch-norm }, { type = centre }",
                "Sgd | { type = conv, image = [2, 5, 1], channels = 6, kernel = 1 }, { type = layer-norm }, { type = conv, channels = 17, kernel = 2 }, { type = batch-norm }",
                "Sgd | { type = transformed, units = 20, gamma = true }, { type = transformed, units = 8, memory = 0.5 }",
                "Momentum | { type = conv, image = [2, 5, 1], channels = 6, kernel = 3, padding = 1, activation = relu }, { type = pool, kernel = 2 }, { type = conv, channels = 3, kernel = 1 }",
                "Adam | { type = conv, image = [2, 5, 1], channels = 6, kernel = 2, estimator = disarm }, { type = global-mean }",
                "Adam | { type = gru, steps = 5, units = 8, output = all }, { type = gru, units = 6, truncation = 2 }",
                "Adam | { type = lstm, steps = 5, units = 6, padded = true, truncation = 2 }",
                "Sgd | { type = tree-experts, depth = 6, units = 5, activation = relu }",
                "Momentum | { type = dense, units = 9 }, { type = tree-experts, depth = 4, units = 5, estimator { type = rloo, samples = 2 } }",
                "Sgd | { type = recurrent, steps = 5, units = 8, estimator = reinforce }",
                "Adam | { type = gru, steps = 5, units = 8, skip { cost = 0.1 } }",
                "Momentum | { type = recurrent, steps = 5, units = 8, padded = true, time-constants = [1, 2], update = clockwork }",
                "Momentum | { type = conv, image = [2, 5, 1], channels = 6, kernel = 3, padding = 1, activation = relu }, { type = conv, channels = 6, kernel = 3, padding = 1, estimator = disarm }, { type = residual, layers = 1 }",
                "Momentum | { type = gated-maps, image = [2, 5, 1], gater = [{ units = 4, activation = tanh }], sparsity { target = 0.5 } }, { type = gated-maps, image = [2, 5, 1], by = position, gate { estimator { type = rloo, samples = 2 } } }",
                "RmsProp | { type = gaussian-noise, std = 1 }, { type = stochastic, units = 20, law = noisy-rectifier }"
            })
    void stepsAllocateNothing(String updater, String layers) throws IOException, InterruptedException {
        assertAllocatesNothing(updater, layers + ", { type = output, units = 3 }");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "hard-sigmoid | side = both, points = 4 | cross-entropy",
                "tanh | side = random | squared-error",
                "hard-sigmoid | type = spike-timing | squared-error"
            })
    void relaxationsAllocateNothing(String rho, String gradient, String objective)
            throws IOException, InterruptedException {
        assertAllocatesNothing(
                "Sgd",
                "{ type = energy, hidden = [20, 8], units = 3, steps = 4, tolerance = 100, rho = " + rho
                        + ", gradient { " + gradient + " }, objective = " + objective + " }");
    }

    /** Trains layers, the output layer last, by an updater, on machines of their own. */
    public static void assertAllocatesNothing(String updater, String layers) throws IOException, InterruptedException {
        String allocated = allocated(updater, layers);
        for (int machine = 1; machine < MACHINES && !allocated.equals("0 bytes"); machine++) {
            allocated = allocated(updater, layers);
        }
        assertEquals("0 bytes", allocated, STEPS + " steps with " + updater);
    }

    private static String allocated(String updater, String layers) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-modules=jdk.incubator.vector",
                        "-cp",
                        System.getProperty("java.class.path"),
                        AllocationTest.class.getName(),
                        updater,
                        layers)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertEquals(0, process.waitFor(), out);
        return out.substring(out.lastIndexOf('\n') + 1);
    }

    /** Prints the bytes that a block of steps allocates once one has allocated none, or at the end of patience. */
    public static void main(String[] arguments) {
        Network network = Networks.of(10, arguments[1]);
        TrainingSpec spec = TrainingSpec.read(Section.root(ConfigFactory.parseMap(java.util.Map.of(
                "batch",
                4,
                "max-column-norm",
                1,
                "weight-decay",
                1e-4,
                "schedule.type",
                "cosine",
                "updater.type",
                arguments[0]))));
        Learner learner = new Learner(network, spec, Backend.detect(), 1);
        network.initialise(learner.state(), 1);
        Examples examples = Networks.random(4, 10, 3, 1);
        int[] places = Networks.places(4);
        Progress progress = new Progress(1000, 10_000);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long id = Thread.currentThread().getId();
        long bytes = Long.MAX_VALUE;
        boolean settled = false;
        for (int block = 0; block < MOST_BLOCKS && !(settled && bytes == 0); block++) {
            settled = bytes == 0;
            long before = threads.getThreadAllocatedBytes(id);
            for (int step = 0; step < STEPS; step++) {
                learner.step(examples, places, 4, progress.at((long) block * STEPS + step));
            }
            bytes = threads.getThreadAllocatedBytes(id) - before;
        }
        System.out.println(bytes + " bytes");
    }
}
