package org.coinflip.model.memory;

import org.bytedeco.javacpp.FloatPointer;

/**
 * A row-major float32 matrix over {@link Floats}. Workspace matrices pad their rows to whole 512-bit vectors, so that kernels need
 * no tail; others are as their {@link Layout} has them.
 */
public final class Matrix {
    /** Rows of a workspace matrix are multiples of this many floats. */
    public static final int ROW_UNIT = 16;

    private final Floats floats;
    private final int rows;
    private final int columns;
    private final int stride;

    private Matrix(Floats floats, int rows, int columns, int stride) {
        this.floats = floats;
        this.rows = rows;
        this.columns = columns;
        this.stride = stride;
    }

    /** Columns and padding of a row: the columns, rounded up to whole units. */
    public static int padded(int columns) {
        return (columns + ROW_UNIT - 1) / ROW_UNIT * ROW_UNIT;
    }

    /** A zero matrix with padded rows. */
    public static Matrix padded(int rows, int columns) {
        int stride = padded(columns);
        return new Matrix(Floats.allocate(Math.multiplyExact(rows, stride)), rows, columns, stride);
    }

    /** A dense matrix over a vector of exactly {@code rows × columns} numbers. */
    public static Matrix dense(Floats floats, int rows, int columns) {
        return over(floats, rows, columns, columns);
    }

    /** A matrix of zeros, laid out as this one. */
    public Matrix zeros() {
        return new Matrix(Floats.allocate(floats.length()), rows, columns, stride);
    }

    /** A segment's matrix over its part of a vector. */
    public static Matrix of(Segment segment, Floats part) {
        return over(part, segment.rows(), segment.columns(), segment.stride());
    }

    private static Matrix over(Floats floats, int rows, int columns, int stride) {
        if (floats.length() != rows * stride || columns > stride) {
            throw new IllegalArgumentException("matrix " + rows + "×" + columns + " over " + floats.length()
                    + " numbers, expected " + rows * stride);
        }
        return new Matrix(floats, rows, columns, stride);
    }

    /** The rows {@code [from, from + count)} of this matrix, sharing its memory. */
    public Matrix rows(int from, int count) {
        return new Matrix(floats.view(from * stride, count * stride), count, columns, stride);
    }

    /** The numbers, padding included. */
    public Floats floats() {
        return floats;
    }

    /** Rows there is memory for; operations take the number of rows in use. */
    public int rows() {
        return rows;
    }

    public int columns() {
        return columns;
    }

    /** Floats from one row's start to the next's. */
    public int stride() {
        return stride;
    }

    public FloatPointer pointer() {
        return floats.pointer();
    }

    /** Where a row starts in {@code floats().memory()}, in bytes. */
    public int rowOffset(int row) {
        return floats.byteOffset(row * stride);
    }

    public float get(int row, int column) {
        return floats.get(row * stride + column);
    }

    public void set(int row, int column, float value) {
        floats.set(row * stride + column, value);
    }

    /** Copies a row to the heap, from place {@code at} on. */
    public void getRow(int row, float[] to, int at) {
        floats.get(row * stride, to, at, columns);
    }

    /** Overwrites a row with numbers on the heap, from place {@code at} on. */
    public void setRow(int row, float[] from, int at) {
        floats.set(row * stride, from, at, columns);
    }

    /** Sets rows to 0. */
    public void clearRows(int from, int count) {
        floats.clear(from * stride, count * stride);
    }

    /** Sets the columns of a row to 0, from one on. */
    public void clearRow(int row, int from) {
        floats.clear(row * stride + from, columns - from);
    }

    /** Overwrites this matrix's first rows with as many of another of the same columns and stride. */
    public void setRows(int to, Matrix other, int from, int count) {
        floats.memory().put(rowOffset(to), other.floats.memory(), other.rowOffset(from), count * stride * Float.BYTES);
    }
}
