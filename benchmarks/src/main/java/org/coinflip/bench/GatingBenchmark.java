package org.coinflip.bench;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.kernel.operation.Gating;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;
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
 * The experts' part of a step, 784 inputs and 2,000 experts: forward, and the weights' gradient with the step and the limit on norms, for so
 * many examples of which each opens the fraction {@code density} of the experts. Milliseconds.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {"--add-modules=jdk.incubator.vector"})
@Warmup(iterations = 4, time = 3)
@Measurement(iterations = 5, time = 1)
public class GatingBenchmark {
    private static final int INPUTS = 784;
    private static final int EXPERTS = 2000;
    private static final float MOST_NORM = 2f;
    /** Small enough that steps change nothing that matters. */
    private static final float SCALE = -1e-9f;

    @Param({"32", "128"})
    public int batch;

    @Param({"0.02", "0.1", "0.25", "0.4"})
    public double density;

    private final Backend backend = Backend.detect();
    private final Matrix weights = Matrix.dense(Floats.allocate(EXPERTS * INPUTS), EXPERTS, INPUTS);
    private Matrix inputs;
    private Matrix delta;
    private Matrix out;
    private Gating.Scratch scratch;
    private int[] open;

    @Setup
    public void fill() {
        Random random = new Random(1);
        inputs = Matrix.padded(batch, INPUTS);
        delta = Matrix.padded(batch, EXPERTS);
        out = Matrix.padded(batch, EXPERTS);
        scratch = Gating.Scratch.of(batch, INPUTS);
        open = new int[Gating.marks(batch, EXPERTS)];
        for (int r = 0; r < batch; r++) {
            for (int k = 0; k < INPUTS; k++) {
                inputs.set(r, k, random.nextFloat());
            }
            for (int j = 0; j < EXPERTS; j++) {
                delta.set(r, j, random.nextDouble() < density ? random.nextFloat() : 0f);
            }
        }
        for (int j = 0; j < EXPERTS; j++) {
            for (int k = 0; k < INPUTS; k++) {
                weights.set(j, k, (random.nextFloat() - 0.5f) * 0.1f);
            }
        }
    }

    @Benchmark
    public void sparse() {
        Gating gating = backend.gating();
        gating.mark(delta, batch, open);
        gating.multiply(inputs, weights, open, batch, scratch, out);
        gating.accumulate(delta, inputs, open, batch, SCALE, 1f, MOST_NORM, scratch, weights);
    }

    @Benchmark
    public void dense() {
        backend.blas().gemm(false, true, batch, EXPERTS, INPUTS, 1f, inputs, weights, 0f, out);
        backend.blas().gemm(true, false, EXPERTS, INPUTS, batch, SCALE, delta, inputs, 1f, weights);
        backend.gating().limitRowNorms(weights, MOST_NORM, scratch);
    }
}
