package org.coinflip.model.kernel.vector;

import static org.coinflip.model.kernel.vector.VectorMath.FLOATS;
import static org.coinflip.model.kernel.vector.VectorMath.LANES;
import static org.coinflip.model.kernel.vector.VectorMath.ORDER;
import static org.coinflip.model.kernel.vector.VectorMath.STEP;
import static org.coinflip.model.kernel.vector.VectorMath.load;

import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import org.coinflip.model.kernel.operation.FeatureMaps;
import org.coinflip.model.kernel.operation.Window;
import org.coinflip.model.kernel.scalar.ScalarFeatureMaps;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;

/**
 * {@link FeatureMaps} on the JDK Vector API: vectors of neighbouring channels. Sizes are read from the window before the loops: what lies
 * outside the heap may be anything to the compiler, which would read them again after every store.
 */
public final class VectorFeatureMaps implements FeatureMaps {
    private final ScalarFeatureMaps tail = new ScalarFeatureMaps();

    @Override
    public void patches(Window window, Floats framed, Matrix patches) {
        ByteBuffer from = framed.memory();
        ByteBuffer to = patches.floats().memory();
        int begin = framed.byteOffset(0);
        int row = patches.stride() * Float.BYTES;
        int place = patches.rowOffset(0);
        int frameLine = window.frameLine() * Float.BYTES;
        int outHeight = window.outHeight();
        int outWidth = window.outWidth();
        int kernelHeight = window.kernelHeight();
        if (window.isTransposed()) {
            int kernelWidth = window.kernelWidth();
            for (int i = 0; i < kernelHeight; i++) {
                for (int j = 0; j < kernelWidth; j++, place += row) {
                    int corner = begin + i * frameLine + j * Float.BYTES;
                    copy(from, corner, frameLine, to, place, outHeight, outWidth * Float.BYTES);
                }
            }
            return;
        }
        int line = window.patchLine() * Float.BYTES;
        int across = window.stride() * window.channels() * Float.BYTES;
        int down = window.stride() * frameLine;
        for (int y = 0; y < outHeight; y++) {
            for (int x = 0; x < outWidth; x++, place += row) {
                copy(from, begin + y * down + x * across, frameLine, to, place, kernelHeight, line);
            }
        }
    }

    /** Copies lines that lie {@code apart} to where they lie one after another. Whole vectors: what one writes behind a line, later ones overwrite. */
    private static void copy(ByteBuffer from, int source, int apart, ByteBuffer to, int target, int lines, int length) {
        for (int i = 0; i < lines; i++) {
            for (int j = 0; j < length; j += STEP) {
                load(from, source + j).intoByteBuffer(to, target + j, ORDER);
            }
            source += apart;
            target += length;
        }
    }

    @Override
    public void sumPatches(Window window, Matrix patches, Floats framed) {
        ByteBuffer from = patches.floats().memory();
        ByteBuffer to = framed.memory();
        int begin = framed.byteOffset(0);
        int row = patches.stride() * Float.BYTES;
        int place = patches.rowOffset(0);
        int frameLine = window.frameLine() * Float.BYTES;
        int outHeight = window.outHeight();
        int outWidth = window.outWidth();
        int kernelHeight = window.kernelHeight();
        clear(to, begin, window.framed() * Float.BYTES);
        if (window.isTransposed()) {
            int kernelWidth = window.kernelWidth();
            for (int i = 0; i < kernelHeight; i++) {
                for (int j = 0; j < kernelWidth; j++, place += row) {
                    int corner = begin + i * frameLine + j * Float.BYTES;
                    add(from, place, outHeight, outWidth * Float.BYTES, to, corner, frameLine);
                }
            }
            return;
        }
        int line = window.patchLine() * Float.BYTES;
        int across = window.stride() * window.channels() * Float.BYTES;
        int down = window.stride() * frameLine;
        for (int y = 0; y < outHeight; y++) {
            for (int x = 0; x < outWidth; x++, place += row) {
                add(from, place, kernelHeight, line, to, begin + y * down + x * across, frameLine);
            }
        }
    }

    /** Adds lines that lie one after another to lines that lie {@code apart}. */
    private static void add(ByteBuffer from, int source, int lines, int length, ByteBuffer to, int target, int apart) {
        int whole = length / STEP * STEP;
        for (int i = 0; i < lines; i++) {
            for (int j = 0; j < whole; j += STEP) {
                load(to, target + j).add(load(from, source + j)).intoByteBuffer(to, target + j, ORDER);
            }
            ScalarFeatureMaps.add(from, source, to, target, whole / Float.BYTES, length / Float.BYTES);
            source += length;
            target += apart;
        }
    }

    private static void clear(ByteBuffer memory, int from, int length) {
        int whole = length / STEP * STEP;
        for (int j = 0; j < whole; j += STEP) {
            FloatVector.zero(FLOATS).intoByteBuffer(memory, from + j, ORDER);
        }
        for (int j = whole; j < length; j += Float.BYTES) {
            memory.putFloat(from + j, 0f);
        }
    }

    private static int wholeChannels(Window window) {
        return window.channels() / LANES * STEP;
    }

    @Override
    public void maxPool(Window window, Matrix in, int rows, Matrix out) {
        ByteBuffer from = in.floats().memory();
        ByteBuffer to = out.floats().memory();
        int whole = wholeChannels(window);
        int outHeight = window.outHeight();
        int outWidth = window.outWidth();
        int kernelWidth = window.kernelWidth();
        int stride = window.stride();
        int pixel = window.channels() * Float.BYTES;
        int line = window.width() * pixel;
        int taps = window.kernelHeight() * kernelWidth;
        int down = line - (kernelWidth - 1) * pixel;
        for (int r = 0; r < rows && whole > 0; r++) {
            int target = out.rowOffset(r);
            for (int y = 0; y < outHeight; y++) {
                int corner = in.rowOffset(r) + y * stride * line;
                for (int x = 0; x < outWidth; x++, corner += stride * pixel, target += pixel) {
                    for (int c = 0; c < whole; c += STEP) {
                        FloatVector most = load(from, corner + c);
                        for (int t = 1, place = corner + c; t < taps; t++) {
                            place += t % kernelWidth == 0 ? down : pixel;
                            FloatVector value = load(from, place);
                            most = most.blend(value, value.compare(VectorOperators.GT, most));
                        }
                        most.intoByteBuffer(to, target + c, ORDER);
                    }
                }
            }
        }
        if (whole < pixel) {
            tail.maxPool(window, in, rows, out, whole / Float.BYTES);
        }
    }

    @Override
    public void maxPoolGradient(
            Window window, Matrix in, Matrix out, Matrix outGradient, int rows, float carry, Matrix gradient) {
        ByteBuffer ins = in.floats().memory();
        ByteBuffer outs = out.floats().memory();
        ByteBuffer above = outGradient.floats().memory();
        ByteBuffer below = gradient.floats().memory();
        int whole = wholeChannels(window);
        int outHeight = window.outHeight();
        int outWidth = window.outWidth();
        int kernelWidth = window.kernelWidth();
        int stride = window.stride();
        int pixel = window.channels() * Float.BYTES;
        int line = window.width() * pixel;
        int taps = window.kernelHeight() * kernelWidth;
        int down = line - (kernelWidth - 1) * pixel;
        boolean overwrites = overwrites(window, carry, whole, pixel);
        for (int r = 0; r < rows; r++) {
            if (carry == 0f && !overwrites) {
                clear(below, gradient.rowOffset(r), gradient.columns() * Float.BYTES);
            }
            int at = out.rowOffset(r);
            int up = outGradient.rowOffset(r);
            for (int y = 0; y < outHeight && whole > 0; y++) {
                int source = in.rowOffset(r) + y * stride * line;
                int target = gradient.rowOffset(r) + y * stride * line;
                for (int x = 0; x < outWidth; x++) {
                    for (int c = 0; c < whole; c += STEP) {
                        FloatVector most = load(outs, at + c);
                        FloatVector left = load(above, up + c);
                        for (int t = 0, place = c; t < taps; t++) {
                            place += t == 0 ? 0 : t % kernelWidth == 0 ? down : pixel;
                            VectorMask<Float> wins = load(ins, source + place).compare(VectorOperators.EQ, most);
                            FloatVector before = overwrites ? FloatVector.zero(FLOATS) : load(below, target + place);
                            before.blend(before.add(left), wins).intoByteBuffer(below, target + place, ORDER);
                            left = left.blend(0f, wins);
                        }
                    }
                    at += pixel;
                    up += pixel;
                    source += stride * pixel;
                    target += stride * pixel;
                }
            }
        }
        if (whole < pixel) {
            tail.maxPoolGradient(window, in, out, outGradient, rows, gradient, whole / Float.BYTES);
        }
    }

    /** Whether every number of the gradient is written once, so that there is nothing to clear. */
    private static boolean overwrites(Window window, float carry, int whole, int pixel) {
        return carry == 0f && whole == pixel && window.tiles();
    }

    @Override
    public void meanPool(Window window, Matrix in, int rows, Matrix out) {
        ByteBuffer from = in.floats().memory();
        ByteBuffer to = out.floats().memory();
        int whole = wholeChannels(window);
        int outHeight = window.outHeight();
        int outWidth = window.outWidth();
        int kernelWidth = window.kernelWidth();
        int stride = window.stride();
        int pixel = window.channels() * Float.BYTES;
        int line = window.width() * pixel;
        int taps = window.kernelHeight() * kernelWidth;
        int down = line - (kernelWidth - 1) * pixel;
        float part = ScalarFeatureMaps.part(window);
        for (int r = 0; r < rows && whole > 0; r++) {
            int target = out.rowOffset(r);
            for (int y = 0; y < outHeight; y++) {
                int corner = in.rowOffset(r) + y * stride * line;
                for (int x = 0; x < outWidth; x++, corner += stride * pixel, target += pixel) {
                    for (int c = 0; c < whole; c += STEP) {
                        FloatVector sum = FloatVector.zero(FLOATS).add(load(from, corner + c));
                        for (int t = 1, place = corner + c; t < taps; t++) {
                            place += t % kernelWidth == 0 ? down : pixel;
                            sum = sum.add(load(from, place));
                        }
                        sum.mul(part).intoByteBuffer(to, target + c, ORDER);
                    }
                }
            }
        }
        if (whole < pixel) {
            tail.meanPool(window, in, rows, out, whole / Float.BYTES);
        }
    }

    @Override
    public void meanPoolGradient(Window window, Matrix outGradient, int rows, float carry, Matrix gradient) {
        ByteBuffer above = outGradient.floats().memory();
        ByteBuffer below = gradient.floats().memory();
        int whole = wholeChannels(window);
        int outHeight = window.outHeight();
        int outWidth = window.outWidth();
        int kernelHeight = window.kernelHeight();
        int kernelWidth = window.kernelWidth();
        int stride = window.stride();
        int pixel = window.channels() * Float.BYTES;
        int line = window.width() * pixel;
        float part = ScalarFeatureMaps.part(window);
        boolean overwrites = overwrites(window, carry, whole, pixel);
        for (int r = 0; r < rows; r++) {
            if (carry == 0f && !overwrites) {
                clear(below, gradient.rowOffset(r), gradient.columns() * Float.BYTES);
            }
            int up = outGradient.rowOffset(r);
            for (int y = 0; y < outHeight && whole > 0; y++) {
                int target = gradient.rowOffset(r) + y * stride * line;
                for (int x = 0; x < outWidth; x++, up += pixel, target += stride * pixel) {
                    for (int c = 0; c < whole; c += STEP) {
                        FloatVector each = load(above, up + c).mul(part);
                        for (int i = 0; i < kernelHeight; i++) {
                            for (int j = 0; j < kernelWidth; j++) {
                                int to = target + i * line + j * pixel + c;
                                FloatVector before = overwrites ? FloatVector.zero(FLOATS) : load(below, to);
                                before.add(each).intoByteBuffer(below, to, ORDER);
                            }
                        }
                    }
                }
            }
        }
        if (whole < pixel) {
            tail.meanPoolGradient(window, outGradient, rows, gradient, whole / Float.BYTES);
        }
    }
}
