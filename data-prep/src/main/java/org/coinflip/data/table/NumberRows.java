package org.coinflip.data.table;

import java.util.ArrayList;
import java.util.List;
import org.coinflip.data.raw.Resolution;
import org.coinflip.model.error.DataException;
import org.coinflip.model.example.Features;
import org.coinflip.model.example.FloatFeatures;
import org.coinflip.model.example.SparseRows;

/** The numbers of a part's rows as they are taken, each row from its first to its last: one after the other, or, where vectors come as lists, those that are not 0. */
final class NumberRows {
    private static final int LEAST_ROWS = 16;

    /** Numbers of a block: arrays of half a region of the heap would each be memory that only a collection of all of it frees. */
    private static final int BLOCK = 1 << 16;

    private final String path;
    private final int width;
    private final Resolution resolution;
    /** Null where numbers lie one after the other. */
    private final SparseRows listed;
    /** In how many lists each number was; null where there was no list. */
    private int[] present;
    /** Of how many lists each number could have been one; null where there was no list. */
    private int[] lists;

    private final List<float[]> blocks = new ArrayList<>();
    /** The last of them. */
    private float[] block = new float[0];
    /** Where the row begins in it. */
    private int at;

    private int rows;

    /**
     * Of no row yet.
     *
     * @param path of the part, for messages
     * @param width numbers of a row
     * @param areListed whether those that are 0 are left out
     */
    NumberRows(String path, int width, boolean areListed) {
        this.path = path;
        this.width = width;
        this.resolution = new Resolution(width);
        this.listed = areListed ? new SparseRows(width) : null;
    }

    /** Makes room for a row. */
    void begin() {
        if (listed != null || at + width <= block.length) {
            return;
        }
        int more = Math.min(Math.max(LEAST_ROWS, rows), Math.max(1, BLOCK / Math.max(1, width)));
        if ((rows + (long) more) * width > Integer.MAX_VALUE - 8) {
            throw new DataException(path + ": has more than " + rows + " rows of " + width
                    + " numbers, expected fewer than 2³¹ numbers in a file: cut it in several");
        }
        block = new float[more * width];
        blocks.add(block);
        at = 0;
    }

    /** Takes number {@code j} of the row: what it is, and what it is rounded to. */
    void add(int j, double value, float rounded) {
        resolution.see(j, value, rounded);
        put(j, rounded);
    }

    /** Takes number {@code j} of the row, which is not there. */
    void addHole(int j) {
        put(j, Float.NaN);
    }

    private void put(int j, float number) {
        if (listed != null) {
            listed.add(j, number);
        } else {
            block[at + j] = number;
        }
    }

    /** Begins a vector of the row, the first of whose numbers is number {@code from}: those of its indices are added next, all others are 0. */
    void list(int from, int[] indices) {
        if (lists == null) {
            lists = new int[width];
            present = new int[width];
        }
        lists[from]++;
        for (int index : indices) {
            present[from + index]++;
        }
    }

    /** Ends the row. */
    void end() {
        if (listed != null) {
            listed.end();
        }
        at += width;
        rows++;
    }

    /**
     * What float32 makes of all numbers.
     *
     * @param widths numbers of each column of a row, 0 of those that have none
     */
    Resolution resolution(int[] widths) {
        int from = 0;
        for (int columnWidth : widths) {
            for (int j = from; lists != null && j < from + columnWidth; j++) {
                if (present[j] < lists[from]) {
                    resolution.see(j, 0, 0f);
                }
            }
            from += columnWidth;
        }
        return resolution;
    }

    /** All rows. */
    Features done() {
        if (listed != null) {
            return listed.done();
        }
        float[] all = new float[rows * width];
        int from = 0;
        for (float[] some : blocks) {
            int count = Math.min(some.length, all.length - from);
            System.arraycopy(some, 0, all, from, count);
            from += count;
        }
        return new FloatFeatures(rows, width, all);
    }
}
