package org.coinflip.bench;

import com.typesafe.config.ConfigFactory;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.Arithmetic;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.network.Network;
import org.coinflip.model.network.NetworkSpec;
import org.coinflip.model.settings.Section;
import org.coinflip.model.training.Learner;
import org.coinflip.model.training.StepProducts;
import org.coinflip.model.training.TrainingSpec;
import org.coinflip.model.training.updater.Progress;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A training step of 784 inputs, 31 experts of 64 ReLU units and ten classes, of which every example opens the fraction {@code density}, beside that of
 * a dense layer of as many units; with a gater of 100 units, or gates of the inputs alone. OUTPUT is the step of the ten classes alone, of 1,984 inputs, so that EXPERTS − OUTPUT
 * is what the experts take with their gates, and DENSE − OUTPUT what the dense layer takes. GATES is the step of these gates without experts. Milliseconds.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {"--add-modules=jdk.incubator.vector"})
@Warmup(iterations = 4, time = 4)
@Measurement(iterations = 5, time = 1)
public class BlocksBenchmark {
    private static final int INPUTS = 784;
    private static final int EXAMPLES = 1024;
    private static final int UNITS = 1984;
    private static final String DENSE = "{ type = dense, units = " + UNITS + ", activation = relu }";

    /** What there is in the place of the dense layer, or that. */
    public enum Shape {
        DENSE,
        OUTPUT,
        EXPERTS,
        GATES,
        WITH_GATER
    }

    @Param({"DENSE", "OUTPUT", "EXPERTS", "GATES", "WITH_GATER"})
    public Shape shape;

    @Param({"0.1"})
    public double density;

    /** Whether closed experts are left out. */
    @Param({"sparse"})
    public String compute;

    @Param({"128"})
    public int batch;

    private final Progress progress = new Progress(EXAMPLES, 1);
    private Examples examples;
    private Learner learner;
    private int[] places;
    private int step;

    @Setup
    public void make() {
        int inputs = shape == Shape.OUTPUT ? UNITS : INPUTS;
        NetworkSpec spec = NetworkSpec.read(
                Section.root(ConfigFactory.parseString("layers = [" + layers() + "{ type = output, units = 10 }]")),
                inputs);
        TrainingSpec training = TrainingSpec.read(Section.root(
                ConfigFactory.parseString("batch = " + batch + ", updater { type = Sgd, learning-rate = 1e-6 }")));
        Network network = new Network(spec);
        learner =
                new Learner(network, training, Backend.of(StepProducts.choice(Arithmetic.FAST, network, training)), 1);
        network.initialise(learner.state(), 1);
        float[] features = new float[EXAMPLES * inputs];
        for (int i = 0; i < features.length; i++) {
            features[i] = (i * 31 % 257) / 257f;
        }
        examples = Examples.ofFloats(
                inputs,
                10,
                LongStream.range(0, EXAMPLES).toArray(),
                IntStream.range(0, EXAMPLES).map(i -> i % 10).toArray(),
                features);
        places = new int[batch];
    }

    private String layers() {
        if (shape == Shape.DENSE || shape == Shape.OUTPUT) {
            return shape == Shape.DENSE ? DENSE + ", " : "";
        }
        // P(h > 0) = √σ(bias), whatever the inputs
        double bias = StrictMath.log(density * density / (1 - density * density));
        String gater = shape == Shape.WITH_GATER ? "gater = [{ units = 100, activation = tanh }]," : "";
        String gate = "law = stochastic-times-smooth, initial-scale = 1e-3, initial-bias = " + bias;
        return shape == Shape.GATES
                ? "{ type = stochastic, units = 31, " + gate + " }, "
                : "{ type = gated-experts, experts = 31, units = 64, activation = relu, compute = " + compute + ", "
                        + gater + " gate { " + gate + " } }, ";
    }

    @Benchmark
    public double step() {
        for (int i = 0; i < batch; i++) {
            places[i] = (step * batch + i) % EXAMPLES;
        }
        return learner.step(examples, places, batch, progress.at(step++ % EXAMPLES));
    }
}
