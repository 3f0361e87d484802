package org.coinflip.model.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.operation.Activation;
import org.coinflip.model.kernel.operation.Blas;
import org.coinflip.model.kernel.operation.FiringRate;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.noise.Draws;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Vector and scalar kernels give the same bits, whatever the width: so a model does not depend on the machine's vectors. */
@Tag("numerical")
class KernelTwinsTest {
    private static final int ROWS = 5;
    private static final float LARGE = 50f;
    private static final float[] SPECIAL = {
        0f,
        -0f,
        1f,
        -1f,
        LARGE,
        -LARGE,
        100f,
        -100f,
        1e-7f,
        -1e-7f,
        1e-30f,
        -1e-30f,
        Float.MIN_NORMAL,
        1e-42f,
        -1e-42f,
        Float.MIN_VALUE,
        0.5f,
        3.7f,
        -3.7f
    };

    /** What a kernel is given and what it leaves, the same for both twins. */
    private static final class Bench {
        private final Random random = new Random(42);
        private final int width;
        private final List<Matrix> matrices = new ArrayList<>();
        private final List<Floats> vectors = new ArrayList<>();
        private final Draws draws;
        private final float[] signal = new float[ROWS];

        Bench(int width) {
            this.width = width;
            this.draws = new Draws(width).of(0x1234_5678_9ABCL, 3, 2, new long[] {7, -1, 1L << 40}, 3, row -> row);
            for (int r = 0; r < ROWS; r++) {
                signal[r] = any();
            }
        }

        private float any() {
            return random.nextInt(3) == 0
                    ? SPECIAL[random.nextInt(SPECIAL.length)]
                    : (float) (random.nextGaussian() * Math.pow(10, random.nextInt(4) - 2));
        }

        Matrix matrix() {
            Matrix matrix = Matrix.padded(ROWS, width);
            for (int r = 0; r < ROWS; r++) {
                for (int j = 0; j < width; j++) {
                    matrix.set(r, j, any());
                }
            }
            matrices.add(matrix);
            return matrix;
        }

        /** Outputs of a rectifier or probabilities: not negative, and never −0. */
        Matrix notNegative(float most) {
            Matrix matrix = matrix();
            for (int r = 0; r < ROWS; r++) {
                for (int j = 0; j < width; j++) {
                    matrix.set(r, j, Math.min(most, Math.max(matrix.get(r, j), 0f)));
                }
            }
            return matrix;
        }

        Floats vector(int length) {
            Floats vector = Floats.allocate(length);
            for (int j = 0; j < length; j++) {
                vector.set(j, any());
            }
            vectors.add(vector);
            return vector;
        }

        Floats vector() {
            return vector(width);
        }

        /** With room for the padding of a row, which is not compared. */
        Floats paddedVector() {
            Floats vector = Floats.allocate(Matrix.padded(width));
            vectors.add(vector.view(0, width));
            return vector;
        }

        Floats notNegativeVector() {
            Floats vector = vector();
            for (int j = 0; j < width; j++) {
                vector.set(j, Math.abs(vector.get(j)));
            }
            return vector;
        }

        int[] bits() {
            IntStream.Builder bits = IntStream.builder();
            for (Matrix matrix : matrices) {
                for (int r = 0; r < matrix.rows(); r++) {
                    for (int j = 0; j < width; j++) {
                        bits.add(Float.floatToRawIntBits(matrix.get(r, j)));
                    }
                }
            }
            for (float value : signal) {
                bits.add(Float.floatToRawIntBits(value));
            }
            for (Floats vector : vectors) {
                for (int j = 0; j < vector.length(); j++) {
                    bits.add(Float.floatToRawIntBits(vector.get(j)));
                }
            }
            return bits.build().toArray();
        }
    }

    private interface Kernel {
        void run(Backend backend, Bench bench);
    }

    private static int[] bits(Backend backend, int width, Kernel kernel) {
        Bench bench = new Bench(width);
        kernel.run(backend, bench);
        return bench.bits();
    }

    /** Runs a kernel on both, on the same numbers. */
    private static void agree(String name, int width, Kernel kernel) {
        // The kernels here need no matrix products.
        int[] vector = bits(Backend.vector(new NoBlas()), width, kernel);
        int[] scalar = bits(Backend.scalar(new NoBlas()), width, kernel);
        int at = Arrays.mismatch(vector, scalar);
        if (at >= 0) {
            assertEquals(
                    Float.intBitsToFloat(scalar[at]) + " " + Integer.toHexString(scalar[at]),
                    Float.intBitsToFloat(vector[at]) + " " + Integer.toHexString(vector[at]),
                    name + " of width " + width + " at " + at + " of " + scalar.length);
        }
    }

    private record NoBlas() implements Blas {
        @Override
        public void gemm(
                boolean transposeA,
                boolean transposeB,
                int m,
                int n,
                int k,
                float alpha,
                Matrix a,
                Matrix b,
                float beta,
                Matrix c) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void axpy(float alpha, Floats x, Floats y) {
            throw new UnsupportedOperationException();
        }

        @Override
        public String name() {
            return "none";
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 16, 17, 64, 200})
    void elementwise(int width) {
        for (Activation f : Activation.values()) {
            agree(f.name(), width, (on, b) -> on.elementwise().activate(f, b.matrix(), b.vector(), ROWS));
            agree(f.name() + "'", width, (on, b) -> on.elementwise()
                    .activationGradient(f, b.notNegative(LARGE), b.matrix(), ROWS));
        }
        agree("multiply", width, (on, b) -> on.elementwise().multiply(b.matrix(), b.matrix(), ROWS));
        agree("multiplyByVariance", width, (on, b) -> on.elementwise()
                .activationGradient(Activation.SIGMOID, b.notNegative(1f), b.matrix(), ROWS));
        agree("multiplyByLikelier", width, (on, b) -> on.unitGradients()
                .multiplyByLikelier(b.notNegative(1f), b.matrix(), ROWS));
        agree("multiplyByResidual", width, (on, b) -> on.unitGradients()
                .multiplyByResidual(b.notNegative(1f), b.notNegative(1f), 0.5f, b.matrix(), ROWS));
        agree("multiplyWithin", width, (on, b) -> on.unitGradients()
                .multiplyWithin(b.matrix(), 1f, 0.7f, b.matrix(), ROWS));
        for (float temperature : new float[] {0.01f, 0.5f, 1f}) {
            agree("relax", width, (on, b) -> on.unitGradients()
                    .relax(b.matrix(), b.vector(), temperature, ROWS, b.matrix(), b.matrix()));
            agree("multiplyByRelaxedSlope", width, (on, b) -> on.unitGradients()
                    .multiplyByRelaxedSlope(b.matrix(), b.matrix(), temperature, b.matrix(), ROWS));
        }
        agree("rectifyNoisy", width, (on, b) -> on.unitGradients()
                .rectifyNoisy(b.matrix(), b.vector(), ROWS, b.matrix(), b.matrix()));
        for (int perRow : new int[] {1, 2, 5}) {
            agree("weightedSamples", width, (on, b) -> on.unitGradients()
                    .weightedSamples(b.matrix(), b.signal, perRow, ROWS / perRow, b.matrix()));
        }
        agree("bernoulliLoss", width, (on, b) -> on.losses()
                .bernoulliLoss(b.matrix(), b.notNegative(1f), 2, ROWS, 0.6f, b.vector(Matrix.ROW_UNIT), b.signal));
        agree("gaussianLoss", width, (on, b) -> on.losses()
                .gaussianLoss(b.matrix(), b.matrix(), 2, ROWS, 0.6f, b.vector(Matrix.ROW_UNIT), b.signal));
        agree("weightedDeviations", width, (on, b) -> on.unitGradients()
                .weightedDeviations(b.matrix(), b.notNegative(1f), b.signal, 2, ROWS / 2, b.matrix()));
        for (FiringRate rho : FiringRate.values()) {
            agree("settle " + rho, width, (on, b) -> on.elementwise()
                    .settle(rho, b.matrix(), b.matrix(), b.matrix(), 0.7f, 0.5f, ROWS, b.matrix(), b.notNegative(1f)));
        }
        agree("difference", width, (on, b) -> on.elementwise()
                .difference(b.matrix(), b.matrix(), 0.5f, ROWS, b.matrix()));
        agree("rescale", width, (on, b) -> on.elementwise().rescale(b.matrix(), 2f, -1f, ROWS, b.matrix()));
        agree("scaleRows", width, (on, b) -> on.elementwise().scaleRows(b.signal, ROWS, b.matrix()));
        agree("addPriorCost", width, (on, b) -> on.losses()
                .addPriorCost(
                        b.matrix(), b.vector(), 0.3f, b.notNegative(1f), 2, ROWS, b.vector(Matrix.ROW_UNIT), b.signal));
        agree("addPriorGradient", width, (on, b) -> on.losses()
                .addPriorGradient(b.matrix(), b.vector(), 2, ROWS, 0.6f, b.matrix()));
        agree("weightedColumnSums", width, (on, b) -> on.elementwise()
                .weightedColumnSums(b.matrix(), b.signal, ROWS, -0.3f, 0.9f, b.vector()));
        for (float carry : new float[] {0f, 0.9f}) {
            agree("add", width, (on, b) -> on.elementwise().add(b.matrix(), -0.3f, carry, ROWS, b.matrix()));
            agree("columnSums", width, (on, b) -> on.elementwise()
                    .columnSums(b.matrix(), ROWS, -0.3f, carry, b.vector()));
        }
        agree("addLinear", width, (on, b) -> on.elementwise()
                .addLinear(b.matrix(), b.vector(), b.vector(), ROWS, b.matrix()));
        agree("scaleColumns", width, (on, b) -> on.elementwise().scaleColumns(b.vector(), ROWS, b.matrix()));
        agree("columnSquares", width, (on, b) -> on.elementwise().columnSquares(b.matrix(), ROWS, 0.2f, b.vector()));
        agree("scoreTimesSignal", width, (on, b) -> on.unitGradients()
                .scoreTimesSignal(b.notNegative(1f), b.notNegative(1f), b.signal, 0.7f, b.vector(), ROWS, b.matrix()));
        agree("baselineStatistics", width, (on, b) -> on.unitGradients()
                .baselineStatistics(
                        b.notNegative(1f), b.notNegative(1f), b.signal, ROWS, 0.9f, b.vector(), b.vector()));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 16, 17, 64, 200})
    void gathering(int width) {
        Random random = new Random(1);
        byte[] bytes = new byte[ROWS * width];
        random.nextBytes(bytes);
        float[] scale = new float[width];
        float[] offset = new float[width];
        float[] floats = new float[ROWS * width];
        for (int j = 0; j < width; j++) {
            scale[j] = random.nextFloat();
            offset[j] = random.nextFloat() - 0.5f;
        }
        for (int i = 0; i < floats.length; i++) {
            floats[i] = SPECIAL[random.nextInt(SPECIAL.length)];
        }
        long[] ids = {0, 1, 2, 3, 4};
        int[] places = {4, 0, 2, 2, 1};
        for (Examples examples : List.of(
                Examples.ofBytes(width, 1, ids, new int[ROWS], bytes, scale, offset),
                Examples.ofFloats(width, 1, ids, new int[ROWS], floats))) {
            agree("gather", width, (on, b) -> on.elementwise().gather(examples, places, ROWS, b.matrix()));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 16, 17, 64, 200})
    void sampling(int width) {
        agree("words", width, (on, b) -> {
            int[] words = new int[b.draws.words().length];
            on.sampling().words(b.draws, 4, 9, width, words);
            Floats out = b.vector(words.length);
            for (int i = 0; i < words.length; i++) {
                out.set(i, words[i] >>> 8);
                out.set(i, out.get(i) + (words[i] & 0xFF) * 0x1p-9f);
            }
        });
        agree("bernoulli", width, (on, b) -> on.sampling()
                .bernoulli(b.matrix(), b.vector(), b.draws, 1, ROWS, b.matrix(), b.matrix()));
        agree("antitheticBernoulli", width, (on, b) -> on.sampling()
                .antitheticBernoulli(b.matrix(), b.vector(), b.draws, 1, ROWS / 2, b.matrix(), b.matrix()));
        for (int perRow : new int[] {2, 5}) {
            agree("dirichletBernoulli", width, (on, b) -> on.sampling()
                    .dirichletBernoulli(
                            b.matrix(), b.vector(), perRow, b.draws, 1, ROWS / perRow, b.matrix(), b.matrix()));
        }
        agree("addGumbel", width, (on, b) -> on.sampling().addGumbel(b.matrix(), b.draws, 1, ROWS, b.matrix()));
        agree("gaussian", width, (on, b) -> on.sampling().gaussian(1.7f, b.draws, 1, ROWS, b.matrix()));
        agree("uniformTimesSignal", width, (on, b) -> on.sampling()
                .uniformTimesSignal(b.draws, 1, b.signal, ROWS, b.matrix()));
        agree("logistic", width, (on, b) -> on.sampling().logistic(b.draws, 1, ROWS, b.matrix()));
        for (float ratio : new float[] {0.5f, 0.2f}) {
            agree("stochasticTimesSmooth", width, (on, b) -> on.sampling()
                    .stochasticTimesSmooth(
                            b.matrix(), b.vector(), ratio, b.draws, 1, ROWS, b.matrix(), b.matrix(), b.matrix()));
        }
        for (float scale : new float[] {0f, 1f, 2.5f}) {
            agree("logisticRectifier", width, (on, b) -> on.sampling()
                    .logisticRectifier(b.matrix(), b.vector(), scale, b.draws, 1, ROWS, b.matrix()));
            agree("gaussianRectifier", width, (on, b) -> on.sampling()
                    .gaussianRectifier(b.matrix(), b.vector(), scale, b.draws, 1, ROWS, b.matrix()));
            agree("addGaussian", width, (on, b) -> on.sampling()
                    .addGaussian(b.matrix(), scale, b.draws, 1, ROWS, b.matrix()));
        }
        agree("dropout", width, (on, b) -> on.sampling()
                .dropout(b.matrix(), 0.7f, b.draws, 1, ROWS, b.matrix(), b.matrix()));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 16, 17, 64, 200})
    void paddingOfSamplesBecomesZero(int width) {
        for (Backend on : List.of(Backend.vector(new NoBlas()), Backend.scalar(new NoBlas()))) {
            List<Consumer<Matrix>> laws = List.of(
                    out -> {
                        Bench b = new Bench(width);
                        on.sampling().bernoulli(b.matrix(), b.vector(), b.draws, 0, ROWS, b.matrix(), out);
                    },
                    out -> {
                        Bench b = new Bench(width);
                        // Three pairs, of which the sixth row is left out.
                        Matrix six = Matrix.padded(ROWS + 1, width);
                        six.floats().fill(Float.NaN);
                        on.sampling().antitheticBernoulli(b.matrix(), b.vector(), b.draws, 0, 3, b.matrix(), six);
                        out.setRows(0, six, 0, ROWS);
                    },
                    out -> {
                        Bench b = new Bench(width);
                        on.sampling().dirichletBernoulli(b.matrix(), b.vector(), ROWS, b.draws, 0, 1, b.matrix(), out);
                    },
                    out -> {
                        Bench b = new Bench(width);
                        on.sampling().logistic(b.draws, 0, ROWS, out);
                    },
                    out -> {
                        Bench b = new Bench(width);
                        on.sampling().addGumbel(b.matrix(), b.draws, 0, ROWS, out);
                    },
                    out -> {
                        Bench b = new Bench(width);
                        on.sampling().gaussian(1f, b.draws, 0, ROWS, out);
                    },
                    out -> {
                        Bench b = new Bench(width);
                        on.unitGradients().rectifyNoisy(b.matrix(), b.vector(), ROWS, out, b.matrix());
                    },
                    out -> {
                        Bench b = new Bench(width);
                        on.unitGradients().relax(b.matrix(), b.vector(), 1f, ROWS, out, b.matrix());
                    },
                    out -> {
                        Bench b = new Bench(width);
                        on.sampling()
                                .stochasticTimesSmooth(
                                        b.matrix(), b.vector(), 0.5f, b.draws, 0, ROWS, b.matrix(), out, b.matrix());
                    },
                    out -> {
                        Bench b = new Bench(width);
                        on.sampling().logisticRectifier(b.matrix(), b.vector(), 1f, b.draws, 0, ROWS, out);
                    },
                    out -> {
                        Bench b = new Bench(width);
                        on.sampling().gaussianRectifier(b.matrix(), b.vector(), 1f, b.draws, 0, ROWS, out);
                    });
            for (Consumer<Matrix> law : laws) {
                Matrix samples = Matrix.padded(ROWS, width);
                samples.floats().fill(Float.NaN);
                law.accept(samples);
                for (int r = 0; r < ROWS; r++) {
                    for (int j = width; j < samples.stride(); j++) {
                        assertEquals(0f, samples.floats().get(r * samples.stride() + j), "row " + r + " column " + j);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 16, 17, 64, 200})
    void recurrentCells(int width) {
        agree("leak", width, (on, b) -> on.cells()
                .leak(b.notNegativeVector(), b.matrix(), b.matrix(), ROWS, b.matrix()));
        agree("leakGradient", width, (on, b) -> on.cells()
                .leakGradient(b.notNegativeVector(), ROWS, b.matrix(), b.matrix()));
        agree("addDots", width, (on, b) -> on.cells()
                .addDots(b.matrix(), b.vector(), ROWS, b.vector(Matrix.ROW_UNIT), b.signal));
        agree("addOuter", width, (on, b) -> on.cells().addOuter(b.signal, 1, b.vector(), ROWS - 1, b.matrix()));
        agree("skip", width, (on, b) -> on.cells().skip(b.signal, 1, b.matrix(), b.matrix(), ROWS - 1, b.matrix()));
        agree("skipGradient", width, (on, b) -> on.cells()
                .skipGradient(
                        new float[] {0f, 1f, 0.3f, 0f, 1f},
                        0,
                        b.matrix(),
                        b.matrix(),
                        ROWS,
                        b.vector(Matrix.ROW_UNIT),
                        b.matrix(),
                        b.matrix(),
                        b.signal));
        agree("addProduct", width, (on, b) -> on.cells().addProduct(b.notNegative(1f), b.matrix(), ROWS, b.matrix()));
        agree("gruState", width, (on, b) -> on.cells()
                .gruState(b.notNegative(1f), b.matrix(), b.matrix(), ROWS, b.matrix()));
        agree("gruGradient", width, (on, b) -> on.cells()
                .gruGradient(
                        b.notNegative(1f),
                        b.notNegative(1f),
                        b.notNegative(1f),
                        b.matrix(),
                        b.matrix(),
                        ROWS,
                        b.matrix(),
                        b.matrix()));
        agree("lstmCell", width, (on, b) -> on.cells()
                .lstmCell(b.notNegative(1f), b.notNegative(1f), b.matrix(), b.matrix(), ROWS, b.matrix()));
        agree("addShownGradient", width, (on, b) -> on.cells()
                .addShownGradient(b.notNegative(1f), b.matrix(), b.matrix(), ROWS, b.matrix()));
        agree("lstmWrittenGradient", width, (on, b) -> on.cells()
                .lstmWrittenGradient(b.notNegative(1f), b.notNegative(1f), b.matrix(), ROWS));
        agree("lstmKeptGradient", width, (on, b) -> on.cells()
                .lstmKeptGradient(b.notNegative(1f), b.matrix(), ROWS, b.matrix()));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 16, 17, 64, 200})
    void normalising(int width) {
        for (int size : new int[] {1, 4, 7, 16, 17, 40, width}) {
            if (width % size != 0) {
                continue;
            }
            int groups = ROWS * (width / size);
            agree("standardise " + size, width, (on, b) -> {
                float[] scales = new float[groups];
                on.normalising()
                        .standardise(b.matrix(), size, 1e-5f, ROWS, b.vector(Matrix.ROW_UNIT), scales, b.matrix());
                b.vector(groups).set(scales);
            });
            for (float carry : new float[] {0f, 1f}) {
                agree("standardiseGradient " + size, width, (on, b) -> on.normalising()
                        .standardiseGradient(
                                b.matrix(),
                                b.vector(groups).toArray(),
                                b.vector(),
                                b.matrix(),
                                size,
                                ROWS,
                                carry,
                                b.vector(Matrix.ROW_UNIT),
                                b.matrix()));
            }
        }
        agree("normalise", width, (on, b) -> on.normalising()
                .normalise(b.matrix(), b.vector(), b.vector(), b.vector(), ROWS, b.matrix()));
        agree("squaredDeviations", width, (on, b) -> on.normalising()
                .squaredDeviations(b.matrix(), b.vector(), b.signal, ROWS, b.paddedVector()));
        agree("gradientSums", width, (on, b) -> on.normalising()
                .gradientSums(b.matrix(), b.vector(), b.matrix(), b.signal, ROWS, b.paddedVector(), b.paddedVector()));
        for (float carry : new float[] {0f, 1f}) {
            agree("normaliseGradient", width, (on, b) -> on.normalising()
                    .normaliseGradient(
                            b.matrix(),
                            b.vector(),
                            b.vector(),
                            b.vector(),
                            b.vector(),
                            b.matrix(),
                            ROWS,
                            carry,
                            b.matrix()));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 16, 17, 64, 200})
    void updating(int width) {
        agree("momentum", width, (on, b) -> on.updating().momentum(b.vector(), b.vector(), 0.1f, 0.01f));
        agree("nesterov", width, (on, b) -> on.updating()
                .nesterov(b.vector(), b.vector(), b.vector(), 0.1f, 0.9f, 0.01f));
        agree("adam", width, (on, b) -> on.updating()
                .adam(b.vector(), b.vector(), b.vector(), b.notNegativeVector(), 0.1f, 0.9f, 0.999f, 1e-8f, 0.01f));
        agree("rmsProp", width, (on, b) -> on.updating()
                .rmsProp(b.vector(), b.vector(), b.notNegativeVector(), 0.1f, 0.95f, 1e-8f, 0.01f));
        for (float most : new float[] {1e-3f, 1f, 60f, 1e4f}) {
            agree("limitColumnNorms", width, (on, b) -> on.updating()
                    .limitColumnNorms(Matrix.dense(b.vector(9 * width), 9, width), most, b.vector()));
        }
        agree("mean", width, (on, b) -> on.updating().mean(b.vector(), 0.3, b.vector(), 0.7));
        agree("isFinite", width, (on, b) -> {
            Floats vector = b.vector();
            Floats verdict = b.vector();
            verdict.set(0, on.updating().isFinite(vector) ? 1f : 0f);
            for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
                vector.set(width - 1, bad);
                verdict.set(0, verdict.get(0) + (on.updating().isFinite(vector) ? 100f : 10f));
            }
            assertEquals(31f, verdict.get(0), "three are not finite");
        });
    }
}
