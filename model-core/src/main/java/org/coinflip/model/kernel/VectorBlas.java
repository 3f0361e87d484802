package org.coinflip.model.kernel;

import static org.coinflip.model.kernel.vector.VectorMath.FLOATS;
import static org.coinflip.model.kernel.vector.VectorMath.LANES;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicReference;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import org.coinflip.model.kernel.operation.Blas;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;

/**
 * {@link ScalarBlas} on vectors: the same sums in the same order, so the same bits, whatever the vectors' length.
 *
 * <p>A vector holds neighbouring numbers of C, never terms of one sum. {@link #ROWS} rows of C by {@link #WIDTH} columns stay in registers
 * while the terms are added: of one operand a row's number is broadcast, of the other whole vectors are read. The other is B where its rows
 * lie along C's; where B is transposed it is Aᵀ, and what is computed is Cᵀ. Both are copied to the heap first, a block at a time that fits
 * the second cache, where vector loads cost least.
 */
final class VectorBlas implements Blas {
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final int ROWS = 8;
    private static final int WIDTH = 2 * LANES;
    /** Columns of a block of the operand that is read in vectors. */
    private static final int BLOCK_COLUMNS = 256;
    /** Rows of a block of the operand that is broadcast. */
    private static final int BLOCK_ROWS = 512;

    /** Columns of rows that are turned at a time. */
    private static final int CHUNK = 64;

    /** Room that no product is using. */
    private final AtomicReference<Scratch> free = new AtomicReference<>();

    /** Room on the heap that grows to what products want. */
    private static final class Scratch {
        private float[] strips = {};
        private float[] panels = {};
        private final float[] rows = new float[WIDTH * CHUNK];
        private final float[] sums = new float[ROWS * BLOCK_COLUMNS];
        private final float[] turned = new float[BLOCK_COLUMNS * BLOCK_ROWS];

        void require(int ofStrips, int ofPanels) {
            if (strips.length < ofStrips) {
                strips = new float[ofStrips];
            }
            if (panels.length < ofPanels) {
                panels = new float[ofPanels];
            }
        }
    }

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
        Scratch found = free.getAndSet(null);
        Scratch room = found == null ? new Scratch() : found;
        if (transposeB) {
            multiply(room, n, m, k, alpha, b, false, a, !transposeA, beta, c, true);
        } else {
            multiply(room, m, n, k, alpha, a, transposeA, b, false, beta, c, false);
        }
        free.set(room);
    }

    /**
     * {@code D ← α op(P) op(Q) + β D}, D being C or Cᵀ.
     *
     * @param rows of D
     * @param columns of D
     */
    private static void multiply(
            Scratch room,
            int rows,
            int columns,
            int k,
            float alpha,
            Matrix p,
            boolean transposeP,
            Matrix q,
            boolean transposeQ,
            float beta,
            Matrix c,
            boolean transposeC) {
        int mostRows = up(Math.min(rows, BLOCK_ROWS), ROWS);
        int mostColumns = up(Math.min(columns, BLOCK_COLUMNS), WIDTH);
        room.require(Math.multiplyExact(k, mostRows) + LANES, Math.multiplyExact(k, mostColumns));
        for (int i = 0; i < rows; i += BLOCK_ROWS) {
            int r = Math.min(BLOCK_ROWS, rows - i);
            packStrips(room, p, transposeP, i, r, k);
            for (int j = 0; j < columns; j += BLOCK_COLUMNS) {
                int w = Math.min(BLOCK_COLUMNS, columns - j);
                int width = up(w, WIDTH);
                packPanels(room, q, transposeQ, j, w, k);
                for (int s = 0; s < r; s += ROWS) {
                    for (int from = 0; from < width; from += WIDTH) {
                        if (w - from > LANES) {
                            tile(room.strips, s * k, room.panels, from * k, room.sums, from, width, k);
                        } else {
                            narrowTile(room.strips, s * k, room.panels, from * k, room.sums, from, width, k);
                        }
                    }
                    if (transposeC) {
                        turn(room.sums, width, Math.min(ROWS, r - s), w, room.turned, s);
                    } else {
                        write(room.sums, width, Math.min(ROWS, r - s), w, alpha, beta, c, i + s, j);
                    }
                }
                if (transposeC) {
                    write(room.turned, BLOCK_ROWS, w, r, alpha, beta, c, j, i);
                }
            }
        }
    }

    private static int up(int count, int unit) {
        return (count + unit - 1) / unit * unit;
    }

    /** Sums of {@link #ROWS} rows and {@link #WIDTH} columns: a strip's numbers of one term lie side by side, so do a panel's. */
    private static void tile(float[] strips, int at, float[] panels, int from, float[] out, int to, int width, int k) {
        FloatVector zero = FloatVector.zero(FLOATS);
        FloatVector c00 = zero;
        FloatVector c01 = zero;
        FloatVector c10 = zero;
        FloatVector c11 = zero;
        FloatVector c20 = zero;
        FloatVector c21 = zero;
        FloatVector c30 = zero;
        FloatVector c31 = zero;
        FloatVector c40 = zero;
        FloatVector c41 = zero;
        FloatVector c50 = zero;
        FloatVector c51 = zero;
        FloatVector c60 = zero;
        FloatVector c61 = zero;
        FloatVector c70 = zero;
        FloatVector c71 = zero;
        for (int t = 0; t < k; t++) {
            FloatVector q0 = FloatVector.fromArray(FLOATS, panels, from);
            FloatVector q1 = FloatVector.fromArray(FLOATS, panels, from + LANES);
            FloatVector x = FloatVector.broadcast(FLOATS, strips[at]);
            c00 = x.fma(q0, c00);
            c01 = x.fma(q1, c01);
            x = FloatVector.broadcast(FLOATS, strips[at + 1]);
            c10 = x.fma(q0, c10);
            c11 = x.fma(q1, c11);
            x = FloatVector.broadcast(FLOATS, strips[at + 2]);
            c20 = x.fma(q0, c20);
            c21 = x.fma(q1, c21);
            x = FloatVector.broadcast(FLOATS, strips[at + 3]);
            c30 = x.fma(q0, c30);
            c31 = x.fma(q1, c31);
            x = FloatVector.broadcast(FLOATS, strips[at + 4]);
            c40 = x.fma(q0, c40);
            c41 = x.fma(q1, c41);
            x = FloatVector.broadcast(FLOATS, strips[at + 5]);
            c50 = x.fma(q0, c50);
            c51 = x.fma(q1, c51);
            x = FloatVector.broadcast(FLOATS, strips[at + 6]);
            c60 = x.fma(q0, c60);
            c61 = x.fma(q1, c61);
            x = FloatVector.broadcast(FLOATS, strips[at + 7]);
            c70 = x.fma(q0, c70);
            c71 = x.fma(q1, c71);
            at += ROWS;
            from += WIDTH;
        }
        put(c00, c01, out, to);
        put(c10, c11, out, to + width);
        put(c20, c21, out, to + 2 * width);
        put(c30, c31, out, to + 3 * width);
        put(c40, c41, out, to + 4 * width);
        put(c50, c51, out, to + 5 * width);
        put(c60, c61, out, to + 6 * width);
        put(c70, c71, out, to + 7 * width);
    }

    /** The same with one vector a row, for the columns that are left. */
    private static void narrowTile(
            float[] strips, int at, float[] panels, int from, float[] out, int to, int width, int k) {
        FloatVector zero = FloatVector.zero(FLOATS);
        FloatVector c0 = zero;
        FloatVector c1 = zero;
        FloatVector c2 = zero;
        FloatVector c3 = zero;
        FloatVector c4 = zero;
        FloatVector c5 = zero;
        FloatVector c6 = zero;
        FloatVector c7 = zero;
        for (int t = 0; t < k; t++) {
            FloatVector q = FloatVector.fromArray(FLOATS, panels, from);
            c0 = FloatVector.broadcast(FLOATS, strips[at]).fma(q, c0);
            c1 = FloatVector.broadcast(FLOATS, strips[at + 1]).fma(q, c1);
            c2 = FloatVector.broadcast(FLOATS, strips[at + 2]).fma(q, c2);
            c3 = FloatVector.broadcast(FLOATS, strips[at + 3]).fma(q, c3);
            c4 = FloatVector.broadcast(FLOATS, strips[at + 4]).fma(q, c4);
            c5 = FloatVector.broadcast(FLOATS, strips[at + 5]).fma(q, c5);
            c6 = FloatVector.broadcast(FLOATS, strips[at + 6]).fma(q, c6);
            c7 = FloatVector.broadcast(FLOATS, strips[at + 7]).fma(q, c7);
            at += ROWS;
            from += WIDTH;
        }
        c0.intoArray(out, to);
        c1.intoArray(out, to + width);
        c2.intoArray(out, to + 2 * width);
        c3.intoArray(out, to + 3 * width);
        c4.intoArray(out, to + 4 * width);
        c5.intoArray(out, to + 5 * width);
        c6.intoArray(out, to + 6 * width);
        c7.intoArray(out, to + 7 * width);
    }

    private static void put(FloatVector one, FloatVector other, float[] out, int to) {
        one.intoArray(out, to);
        other.intoArray(out, to + LANES);
    }

    /** Numbers too small to count are zero: see {@link ScalarBlas#LEAST_BITS}. */
    private static FloatVector counted(FloatVector x) {
        IntVector bits = x.reinterpretAsInts();
        IntVector small = bits.and(Integer.MAX_VALUE).sub(ScalarBlas.LEAST_BITS).lanewise(VectorOperators.ASHR, 31);
        return bits.lanewise(VectorOperators.AND_NOT, small).reinterpretAsFloats();
    }

    /** Packs rows {@code [row, row + rows)} of op(P) by strips of {@link #ROWS}; after the last is what happens to be there. */
    private static void packStrips(Scratch room, Matrix p, boolean transposed, int row, int rows, int k) {
        if (!transposed) {
            packTurned(room.rows, p, row, rows, k, room.strips, ROWS);
            return;
        }
        ByteBuffer memory = p.floats().memory();
        for (int s = 0; s < rows; s += ROWS) {
            for (int t = 0; t < k; t++) {
                int offset = p.rowOffset(t) + (row + s) * Float.BYTES;
                for (int r = 0; r < ROWS; r += LANES) {
                    // more numbers than a strip's: those of its next term, or of the next strip, come on top of them
                    counted(FloatVector.fromByteBuffer(FLOATS, memory, offset + r * Float.BYTES, ORDER))
                            .intoArray(room.strips, s * k + t * ROWS + r);
                }
            }
        }
    }

    /** Packs columns {@code [column, column + columns)} of op(Q) by panels of {@link #WIDTH}; after the last is what happens to be there. */
    private static void packPanels(Scratch room, Matrix q, boolean transposed, int column, int columns, int k) {
        if (transposed) {
            packTurned(room.rows, q, column, columns, k, room.panels, WIDTH);
            return;
        }
        ByteBuffer memory = q.floats().memory();
        for (int t = 0; t < k; t++) {
            int offset = q.rowOffset(t) + column * Float.BYTES;
            for (int j = 0; j < columns; j += LANES) {
                counted(FloatVector.fromByteBuffer(FLOATS, memory, offset + j * Float.BYTES, ORDER))
                        .intoArray(room.panels, j / WIDTH * WIDTH * k + t * WIDTH + j % WIDTH);
            }
        }
    }

    /** Packs rows of a matrix by units of so many, a unit's numbers of one column side by side. */
    private static void packTurned(float[] buffer, Matrix from, int row, int rows, int columns, float[] to, int unit) {
        ByteBuffer memory = from.floats().memory();
        for (int s = 0; s < rows; s += unit) {
            int count = Math.min(unit, rows - s);
            for (int t = 0; t < columns; t += CHUNK) {
                int length = Math.min(CHUNK, columns - t);
                for (int r = 0; r < count; r++) {
                    int offset = from.rowOffset(row + s + r) + t * Float.BYTES;
                    for (int i = 0; i < length; i += LANES) {
                        counted(FloatVector.fromByteBuffer(FLOATS, memory, offset + i * Float.BYTES, ORDER))
                                .intoArray(buffer, r * CHUNK + i);
                    }
                }
                for (int r = 0; r < count; r++) {
                    int at = s * columns + t * unit + r;
                    for (int i = 0; i < length; i++) {
                        to[at + i * unit] = buffer[r * CHUNK + i];
                    }
                }
            }
        }
    }

    /** Writes the sums of some rows as columns, from column {@code to} on. */
    private static void turn(float[] sums, int width, int rows, int columns, float[] turned, int to) {
        for (int j = 0; j < columns; j++) {
            int at = j * BLOCK_ROWS + to;
            for (int r = 0; r < rows; r++) {
                turned[at + r] = sums[r * width + j];
            }
        }
    }

    private static void write(
            float[] sums, int width, int rows, int columns, float alpha, float beta, Matrix c, int row, int column) {
        ByteBuffer memory = c.floats().memory();
        FloatVector factor = FloatVector.broadcast(FLOATS, beta);
        for (int r = 0; r < rows; r++) {
            int offset = c.rowOffset(row + r) + column * Float.BYTES;
            int at = r * width;
            int j = 0;
            for (; j <= columns - LANES; j += LANES) {
                int place = offset + j * Float.BYTES;
                FloatVector x = FloatVector.fromArray(FLOATS, sums, at + j).mul(alpha);
                if (beta != 0f) {
                    x = factor.fma(FloatVector.fromByteBuffer(FLOATS, memory, place, ORDER), x);
                }
                counted(x).intoByteBuffer(memory, place, ORDER);
            }
            for (; j < columns; j++) {
                int place = offset + j * Float.BYTES;
                float before = beta == 0f ? 0f : memory.getFloat(place);
                memory.putFloat(place, ScalarBlas.combined(alpha, sums[at + j], beta, before));
            }
        }
    }

    @Override
    public void axpy(float alpha, Floats x, Floats y) {
        ByteBuffer xs = x.memory();
        ByteBuffer ys = y.memory();
        FloatVector factor = FloatVector.broadcast(FLOATS, alpha);
        int whole = x.length() / LANES * LANES;
        for (int i = 0; i < whole; i += LANES) {
            int place = y.byteOffset(i);
            factor.fma(
                            FloatVector.fromByteBuffer(FLOATS, xs, x.byteOffset(i), ORDER),
                            FloatVector.fromByteBuffer(FLOATS, ys, place, ORDER))
                    .intoByteBuffer(ys, place, ORDER);
        }
        ScalarBlas.axpy(alpha, x, y, whole);
    }

    @Override
    public String name() {
        return BlasLibrary.PORTABLE.title();
    }
}
