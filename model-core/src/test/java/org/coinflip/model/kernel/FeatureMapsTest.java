package org.coinflip.model.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.coinflip.model.kernel.operation.FeatureMaps;
import org.coinflip.model.kernel.operation.Window;
import org.coinflip.model.kernel.scalar.ScalarFeatureMaps;
import org.coinflip.model.kernel.vector.VectorFeatureMaps;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.oracle.Rounding;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Kernels on maps against their definitions, in double precision and one number at a time; both twins give the same bits. */
@Tag("numerical")
class FeatureMapsTest {
    private static final int ROWS = 3;
    private static final List<FeatureMaps> TWINS = List.of(new ScalarFeatureMaps(), new VectorFeatureMaps());

    static Stream<Window> convolutions() {
        List<Window> all = new ArrayList<>();
        for (int channels : new int[] {1, 3, 16, 35}) {
            for (int stride : new int[] {1, 2, 3}) {
                for (int padding : new int[] {0, 1, 2}) {
                    all.add(new Window(7, 9, channels, 3, 3, stride, padding));
                    all.add(new Window(8, 5, channels, 4, 2, stride, padding));
                }
            }
        }
        return all.stream();
    }

    static Stream<Window> pools() {
        List<Window> all = new ArrayList<>();
        for (int channels : new int[] {1, 3, 16, 35}) {
            all.add(new Window(6, 8, channels, 2, 2, 2, 0));
            all.add(new Window(7, 9, channels, 2, 2, 2, 0));
            all.add(new Window(7, 9, channels, 3, 3, 2, 0));
            all.add(new Window(7, 9, channels, 2, 2, 3, 0));
            all.add(new Window(4, 6, channels, 4, 6, 1, 0));
        }
        return all.stream();
    }

    /** Few values, so that maxima are equal often. */
    private static Matrix random(int rows, int columns, long seed) {
        Random random = new Random(seed);
        Matrix matrix = Matrix.padded(rows, columns);
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < columns; j++) {
                matrix.set(r, j, (random.nextInt(9) - 4) / 3f);
            }
        }
        return matrix;
    }

    private static Floats framed(Window window, long seed) {
        Random random = new Random(seed);
        Floats framed = Floats.allocate(window.framed());
        for (int i = 0; i < window.framed(); i++) {
            framed.set(i, (float) random.nextGaussian());
        }
        return framed;
    }

    private interface Taps {
        /** Number n of the patch at place p is number i of the frame. */
        void visit(int p, int n, int i);
    }

    private static void taps(Window window, Taps taps) {
        int line = (window.width() + 2 * window.padding()) * window.channels();
        int p = 0;
        for (int y = 0; y + window.kernelHeight() <= window.height() + 2 * window.padding(); y += window.stride()) {
            for (int x = 0; x + window.kernelWidth() <= window.width() + 2 * window.padding(); x += window.stride()) {
                int n = 0;
                for (int i = 0; i < window.kernelHeight(); i++) {
                    for (int j = 0; j < window.kernelWidth(); j++) {
                        for (int c = 0; c < window.channels(); c++) {
                            taps.visit(p, n++, (y + i) * line + (x + j) * window.channels() + c);
                        }
                    }
                }
                p++;
            }
        }
        assertEquals(p, window.positions());
    }

    private static float patch(Window window, Matrix patches, int p, int n) {
        return window.isTransposed() ? patches.get(n, p) : patches.get(p, n);
    }

    @ParameterizedTest
    @MethodSource("convolutions")
    void patchesAreWhatTheWindowShows(Window window) {
        Floats framed = framed(window, 1);
        for (FeatureMaps maps : TWINS) {
            Matrix patches = Matrix.padded(window.patchRows() + 1, window.patchColumns());
            maps.patches(window, framed, patches);
            taps(window, (p, n, i) -> assertEquals(framed.get(i), patch(window, patches, p, n)));
        }
    }

    @ParameterizedTest
    @MethodSource("convolutions")
    void sumsOfPatchesAreTheTransposeOfPatches(Window window) {
        Matrix patches = random(window.patchRows() + 1, window.patchColumns(), 2);
        double[] expected = new double[window.framed()];
        taps(window, (p, n, i) -> expected[i] += patch(window, patches, p, n));
        List<Floats> sums = new ArrayList<>();
        for (FeatureMaps maps : TWINS) {
            Floats framed = framed(window, 3);
            maps.sumPatches(window, patches, framed);
            for (int i = 0; i < window.framed(); i++) {
                assertEquals(expected[i], framed.get(i), Rounding.of(12, 2 * 12));
            }
            sums.add(framed);
        }
        sameBits(sums.get(0), sums.get(1));
    }

    private static void sameBits(Floats one, Floats other) {
        for (int i = 0; i < one.length(); i++) {
            assertEquals(Float.floatToRawIntBits(one.get(i)), Float.floatToRawIntBits(other.get(i)), "at " + i);
        }
    }

    private static void sameBits(Matrix one, Matrix other) {
        for (int r = 0; r < ROWS; r++) {
            for (int j = 0; j < one.columns(); j++) {
                assertEquals(
                        Float.floatToRawIntBits(one.get(r, j)), Float.floatToRawIntBits(other.get(r, j)), r + ", " + j);
            }
        }
    }

    /** Numbers of a window of one channel, places of the picture. */
    private static List<Integer> window(Window window, int p, int c) {
        List<Integer> places = new ArrayList<>();
        taps(window, (place, n, i) -> {
            if (place == p && n % window.channels() == c) {
                places.add(i);
            }
        });
        return places;
    }

    @ParameterizedTest
    @MethodSource("pools")
    void maximaAndTheirGradients(Window window) {
        int outputs = window.positions() * window.channels();
        Matrix in = random(ROWS, window.picture(), 4);
        Matrix above = random(ROWS, outputs, 5);
        for (float carry : new float[] {0f, 1f}) {
            List<Matrix> gradients = new ArrayList<>();
            for (FeatureMaps maps : TWINS) {
                Matrix out = Matrix.padded(ROWS, outputs);
                maps.maxPool(window, in, ROWS, out);
                Matrix gradient = random(ROWS, window.picture(), 6);
                double[][] expected = start(gradient, carry);
                maps.maxPoolGradient(window, in, out, above, ROWS, carry, gradient);
                for (int o = 0; o < outputs; o++) {
                    List<Integer> places = window(window, o / window.channels(), o % window.channels());
                    for (int r = 0; r < ROWS; r++) {
                        int winner = places.get(0);
                        for (int place : places) {
                            winner = in.get(r, place) > in.get(r, winner) ? place : winner;
                        }
                        assertEquals(in.get(r, winner), out.get(r, o));
                        expected[r][winner] += above.get(r, o);
                    }
                }
                close(expected, gradient);
                gradients.add(gradient);
            }
            sameBits(gradients.get(0), gradients.get(1));
        }
    }

    @ParameterizedTest
    @MethodSource("pools")
    void meansAndTheirGradients(Window window) {
        int outputs = window.positions() * window.channels();
        int size = window.kernelHeight() * window.kernelWidth();
        Matrix in = random(ROWS, window.picture(), 7);
        Matrix above = random(ROWS, outputs, 8);
        for (float carry : new float[] {0f, 1f}) {
            List<Matrix> gradients = new ArrayList<>();
            List<Matrix> means = new ArrayList<>();
            for (FeatureMaps maps : TWINS) {
                Matrix out = Matrix.padded(ROWS, outputs);
                maps.meanPool(window, in, ROWS, out);
                Matrix gradient = random(ROWS, window.picture(), 9);
                double[][] expected = start(gradient, carry);
                maps.meanPoolGradient(window, above, ROWS, carry, gradient);
                for (int o = 0; o < outputs; o++) {
                    List<Integer> places = window(window, o / window.channels(), o % window.channels());
                    for (int r = 0; r < ROWS; r++) {
                        double sum = 0;
                        for (int place : places) {
                            sum += in.get(r, place);
                            expected[r][place] += above.get(r, o) / (double) size;
                        }
                        assertEquals(sum / size, out.get(r, o), Rounding.of(size + 2, 2));
                    }
                }
                close(expected, gradient);
                gradients.add(gradient);
                means.add(out);
            }
            sameBits(means.get(0), means.get(1));
            sameBits(gradients.get(0), gradients.get(1));
        }
    }

    private static double[][] start(Matrix gradient, float carry) {
        double[][] expected = new double[ROWS][gradient.columns()];
        for (int r = 0; r < ROWS; r++) {
            for (int j = 0; j < gradient.columns(); j++) {
                expected[r][j] = carry * gradient.get(r, j);
            }
        }
        return expected;
    }

    private static void close(double[][] expected, Matrix gradient) {
        for (int r = 0; r < ROWS; r++) {
            for (int j = 0; j < gradient.columns(); j++) {
                assertEquals(expected[r][j], gradient.get(r, j), Rounding.of(10, 10), r + ", " + j);
            }
        }
    }
}
