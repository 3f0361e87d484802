package org.coinflip.data.raw;

import java.util.Arrays;
import java.util.Comparator;
import java.util.function.IntToLongFunction;

/** Places in the order of their keys. */
public final class Order {
    private Order() {}

    /** Whether every key is greater than the one before. */
    public static boolean isAscending(int size, IntToLongFunction key) {
        for (int i = 1; i < size; i++) {
            if (key.applyAsLong(i - 1) >= key.applyAsLong(i)) {
                return false;
            }
        }
        return true;
    }

    /**
     * The places 0 … size − 1 in ascending order of their keys, of equal keys in their own order; sixteen bytes each besides.
     *
     * @param key of a place; asked by several threads
     */
    public static int[] ascending(int size, IntToLongFunction key) {
        long[] packed = new long[size];
        // the upper half of the key, then the place
        Arrays.parallelSetAll(packed, i -> (key.applyAsLong(i) & 0xFFFFFFFF00000000L) | i);
        Arrays.parallelSort(packed);
        int[] order = new int[size];
        for (int i = 0; i < size; i++) {
            order[i] = (int) packed[i];
        }
        int from = 0;
        for (int to = 1; to <= size; to++) {
            if (to == size || packed[to] >> 32 != packed[from] >> 32) {
                if (to - from > 1) {
                    sortWhole(order, from, to, key);
                }
                from = to;
            }
        }
        return order;
    }

    /** Sorts places whose keys have the same upper half by their whole keys. */
    private static void sortWhole(int[] order, int from, int to, IntToLongFunction key) {
        Integer[] same = new Integer[to - from];
        Arrays.setAll(same, i -> order[from + i]);
        Arrays.sort(same, Comparator.comparingLong(key::applyAsLong));
        for (int i = 0; i < same.length; i++) {
            order[from + i] = same[i];
        }
    }
}
