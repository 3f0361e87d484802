package org.coinflip.bench;

import java.util.concurrent.TimeUnit;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.noise.Draws;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What it costs to draw a unit: bias, law, noise and sample of 32 × 200 units in one pass, nanoseconds a unit. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(SamplingBenchmark.ROWS * SamplingBenchmark.UNITS)
@Fork(
        value = 1,
        jvmArgsAppend = {"--add-modules=jdk.incubator.vector"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class SamplingBenchmark {
    static final int ROWS = 32;
    static final int UNITS = 200;

    @Param({"vector", "scalar"})
    public String kernels;

    private final Matrix logits = Matrix.padded(ROWS, UNITS);
    private final Matrix probabilities = Matrix.padded(ROWS, UNITS);
    private final Matrix samples = Matrix.padded(ROWS, UNITS);
    private final Matrix derivative = Matrix.padded(ROWS, UNITS);
    private final Floats biases = Floats.allocate(UNITS);
    private final Draws draws = new Draws(UNITS);
    private Backend backend;

    @Setup
    public void choose() {
        Backend detected = Backend.detect();
        backend = kernels.equals("vector") ? Backend.vector(detected.blas()) : Backend.scalar(detected.blas());
        long[] ids = new long[ROWS];
        for (int i = 0; i < ROWS; i++) {
            ids[i] = i;
        }
        draws.of(1, 0, 0, ids, ROWS, row -> row);
    }

    @Benchmark
    public void bernoulli() {
        backend.sampling().bernoulli(logits, biases, draws, 0, ROWS, probabilities, samples);
    }

    @Benchmark
    public void stochasticTimesSmooth() {
        backend.sampling()
                .stochasticTimesSmooth(logits, biases, 0.5f, draws, 0, ROWS, probabilities, samples, derivative);
    }

    @Benchmark
    public void logisticRectifier() {
        backend.sampling().logisticRectifier(logits, biases, 1f, draws, 0, ROWS, samples);
    }

    @Benchmark
    public void gaussianRectifier() {
        backend.sampling().gaussianRectifier(logits, biases, 1f, draws, 0, ROWS, samples);
    }
}
