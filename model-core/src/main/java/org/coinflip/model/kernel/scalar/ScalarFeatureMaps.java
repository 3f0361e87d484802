package org.coinflip.model.kernel.scalar;

import java.nio.ByteBuffer;
import org.coinflip.model.kernel.operation.FeatureMaps;
import org.coinflip.model.kernel.operation.Window;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;

/** {@link FeatureMaps} number by number: where the Vector API is missing, and the channels and lines that fill no vector. */
public final class ScalarFeatureMaps implements FeatureMaps {
    @Override
    public void patches(Window window, Floats framed, Matrix patches) {
        for (int line = 0; line < lines(window); line++) {
            patches.floats().set(patch(window, patches, line), framed, frame(window, line), length(window));
        }
    }

    @Override
    public void sumPatches(Window window, Matrix patches, Floats framed) {
        framed.clear();
        for (int line = 0; line < lines(window); line++) {
            int from = patches.floats().byteOffset(patch(window, patches, line));
            int to = framed.byteOffset(frame(window, line));
            add(patches.floats().memory(), from, framed.memory(), to, 0, length(window));
        }
    }

    /** Stretches of numbers that lie side by side both in the frame and in the patches. */
    private static int lines(Window window) {
        return window.isTransposed() ? window.patch() * window.outHeight() : window.positions() * window.kernelHeight();
    }

    private static int length(Window window) {
        return window.isTransposed() ? window.outWidth() : window.patchLine();
    }

    /** Where a stretch begins in the patches, row by row. */
    private static int patch(Window window, Matrix patches, int line) {
        int each = window.isTransposed() ? window.outHeight() : window.kernelHeight();
        return line / each * patches.stride() + line % each * length(window);
    }

    /** Where it begins in the frame. */
    private static int frame(Window window, int line) {
        if (window.isTransposed()) {
            int number = line / window.outHeight();
            int y = line % window.outHeight();
            return (y + number / window.kernelWidth()) * window.frameLine() + number % window.kernelWidth();
        }
        int place = line / window.kernelHeight();
        int y = place / window.outWidth() * window.stride() + line % window.kernelHeight();
        return y * window.frameLine() + place % window.outWidth() * window.stride() * window.channels();
    }

    /** {@code to[j] ← to[j] + from[j]}, j in [first, last); places in bytes. */
    public static void add(ByteBuffer from, int at, ByteBuffer to, int where, int first, int last) {
        for (int j = first * Float.BYTES; j < last * Float.BYTES; j += Float.BYTES) {
            to.putFloat(where + j, to.getFloat(where + j) + from.getFloat(at + j));
        }
    }

    @Override
    public void maxPool(Window window, Matrix in, int rows, Matrix out) {
        maxPool(window, in, rows, out, 0);
    }

    /** The channels from one on. */
    public void maxPool(Window window, Matrix in, int rows, Matrix out, int first) {
        int channels = window.channels();
        for (int r = 0; r < rows; r++) {
            for (int p = 0, y = 0; y < window.outHeight(); y++) {
                for (int x = 0; x < window.outWidth(); x++, p++) {
                    for (int c = first; c < channels; c++) {
                        float most = in.get(r, pixel(window, y, x, 0, 0) + c);
                        for (int i = 0; i < window.kernelHeight(); i++) {
                            for (int j = 0; j < window.kernelWidth(); j++) {
                                float value = in.get(r, pixel(window, y, x, i, j) + c);
                                most = value > most ? value : most;
                            }
                        }
                        out.set(r, p * channels + c, most);
                    }
                }
            }
        }
    }

    /** Where the pixel in line i and column j of the window at a place begins in a picture without padding. */
    static int pixel(Window window, int y, int x, int i, int j) {
        return ((y * window.stride() + i) * window.width() + x * window.stride() + j) * window.channels();
    }

    @Override
    public void maxPoolGradient(
            Window window, Matrix in, Matrix out, Matrix outGradient, int rows, float carry, Matrix gradient) {
        clear(rows, carry, gradient);
        maxPoolGradient(window, in, out, outGradient, rows, gradient, 0);
    }

    /** The channels from one on. */
    public void maxPoolGradient(
            Window window, Matrix in, Matrix out, Matrix outGradient, int rows, Matrix gradient, int first) {
        int channels = window.channels();
        for (int r = 0; r < rows; r++) {
            for (int p = 0, y = 0; y < window.outHeight(); y++) {
                for (int x = 0; x < window.outWidth(); x++, p++) {
                    for (int c = first; c < channels; c++) {
                        int winner = winner(window, in, r, y, x, c, out.get(r, p * channels + c));
                        if (winner >= 0) {
                            gradient.set(r, winner, gradient.get(r, winner) + outGradient.get(r, p * channels + c));
                        }
                    }
                }
            }
        }
    }

    private static void clear(int rows, float carry, Matrix gradient) {
        for (int r = 0; carry == 0f && r < rows; r++) {
            for (int j = 0; j < gradient.columns(); j++) {
                gradient.set(r, j, 0f);
            }
        }
    }

    /** The first number of a window that is its maximum; −1 where none is, of numbers that are none. */
    private static int winner(Window window, Matrix in, int r, int y, int x, int c, float most) {
        for (int i = 0; i < window.kernelHeight(); i++) {
            for (int j = 0; j < window.kernelWidth(); j++) {
                int at = pixel(window, y, x, i, j) + c;
                if (in.get(r, at) == most) {
                    return at;
                }
            }
        }
        return -1;
    }

    @Override
    public void meanPool(Window window, Matrix in, int rows, Matrix out) {
        meanPool(window, in, rows, out, 0);
    }

    /** The factor by which a sum over a window becomes a mean. */
    public static float part(Window window) {
        return 1f / (window.kernelHeight() * window.kernelWidth());
    }

    /** The channels from one on. */
    public void meanPool(Window window, Matrix in, int rows, Matrix out, int first) {
        int channels = window.channels();
        for (int r = 0; r < rows; r++) {
            for (int p = 0, y = 0; y < window.outHeight(); y++) {
                for (int x = 0; x < window.outWidth(); x++, p++) {
                    for (int c = first; c < channels; c++) {
                        float sum = 0f;
                        for (int i = 0; i < window.kernelHeight(); i++) {
                            for (int j = 0; j < window.kernelWidth(); j++) {
                                sum += in.get(r, pixel(window, y, x, i, j) + c);
                            }
                        }
                        out.set(r, p * channels + c, sum * part(window));
                    }
                }
            }
        }
    }

    @Override
    public void meanPoolGradient(Window window, Matrix outGradient, int rows, float carry, Matrix gradient) {
        clear(rows, carry, gradient);
        meanPoolGradient(window, outGradient, rows, gradient, 0);
    }

    /** The channels from one on. */
    public void meanPoolGradient(Window window, Matrix outGradient, int rows, Matrix gradient, int first) {
        int channels = window.channels();
        for (int r = 0; r < rows; r++) {
            for (int p = 0, y = 0; y < window.outHeight(); y++) {
                for (int x = 0; x < window.outWidth(); x++, p++) {
                    for (int c = first; c < channels; c++) {
                        float each = outGradient.get(r, p * channels + c) * part(window);
                        for (int i = 0; i < window.kernelHeight(); i++) {
                            for (int j = 0; j < window.kernelWidth(); j++) {
                                int at = pixel(window, y, x, i, j) + c;
                                gradient.set(r, at, gradient.get(r, at) + each);
                            }
                        }
                    }
                }
            }
        }
    }
}
