package org.coinflip.spark.shard;

import java.io.Serializable;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Where rows lie in the blocks that they were written to one after the other: by a division where all are of one length, and otherwise by a list.
 *
 * @param size rows
 * @param firsts the first row of each block
 * @param ends where each row ends in its block; the first alone where all rows are of one length
 */
record RowPlaces(int size, int[] firsts, int[] ends) implements Serializable {
    /** How many blocks there are. */
    int blocks() {
        return firsts.length;
    }

    /** The block of a row. */
    int block(int row) {
        if (ends.length == 1) {
            return firsts.length == 1 ? 0 : row / firsts[1];
        }
        int found = Arrays.binarySearch(firsts, row);
        return found >= 0 ? found : -found - 2;
    }

    /** Where it begins in its block. */
    int start(int row) {
        int first = firsts[block(row)];
        return ends.length == 1 ? (row - first) * ends[0] : row == first ? 0 : ends[row - 1];
    }

    /** How many bytes it has. */
    int length(int row) {
        return ends.length == 1 ? ends[0] : ends[row] - start(row);
    }

    /** Takes rows one after another, and says when one begins a block. */
    static final class Builder {
        private final int most;
        private int[] firsts = new int[1];
        private int[] ends = new int[1];
        private boolean areEqual = true;
        private int size;
        private int blocks;
        private int end;

        /**
         * Of no row yet.
         *
         * @param most bytes of a block; a row at least is in each
         */
        Builder(int most) {
            this.most = most;
        }

        /** Takes a row of so many bytes: whether it begins another block than the one before. */
        boolean add(int length) {
            boolean begins = size == 0 || end + (long) length > most;
            if (begins) {
                firsts = blocks < firsts.length ? firsts : Arrays.copyOf(firsts, 2 * blocks);
                firsts[blocks++] = size;
                end = 0;
            }
            end += length;
            if (size == 0) {
                ends[0] = length;
            } else if (areEqual && length != ends[0]) {
                RowPlaces equal = places();
                areEqual = false;
                ends = IntStream.range(0, size)
                        .map(row -> equal.start(row) + equal.length(row))
                        .toArray();
            }
            if (!areEqual) {
                ends = size < ends.length ? ends : Arrays.copyOf(ends, Math.multiplyExact(2, size));
                ends[size] = end;
            }
            size++;
            return begins;
        }

        /** How many blocks there are so far. */
        int blocks() {
            return blocks;
        }

        /** Where rows are that were taken, at least one. */
        RowPlaces places() {
            return new RowPlaces(size, Arrays.copyOf(firsts, blocks), Arrays.copyOf(ends, areEqual ? 1 : size));
        }
    }
}
