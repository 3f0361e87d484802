package org.coinflip.spark.study.retrieval;

import java.io.Serializable;

/**
 * Coded examples that are searched by Hamming distance. Precision at k is the part of a query's k nearest that have its label; among examples
 * of the same distance, of which not all may belong to the k, every choice counts alike.
 *
 * @param codes a code for each example, all of one length
 * @param labels a label for each
 * @param bits of a code
 */
record Neighbours(long[][] codes, int[] labels, int bits) implements Serializable {
    /**
     * The precisions of one query.
     *
     * @param counts numbers k, ascending
     */
    double[] precisions(long[] query, int label, int[] counts) {
        int[] found = new int[bits + 1];
        int[] right = new int[bits + 1];
        for (int i = 0; i < codes.length; i++) {
            int distance = distance(query, codes[i]);
            found[distance]++;
            right[distance] += labels[i] == label ? 1 : 0;
        }
        double[] precisions = new double[counts.length];
        for (int c = 0; c < counts.length; c++) {
            precisions[c] = precision(found, right, Math.min(counts[c], codes.length));
        }
        return precisions;
    }

    private static double precision(int[] found, int[] right, int count) {
        double hits = 0;
        int left = count;
        for (int distance = 0; left > 0; distance++) {
            int taken = Math.min(left, found[distance]);
            hits += found[distance] == 0 ? 0 : (double) right[distance] * taken / found[distance];
            left -= taken;
        }
        return hits / count;
    }

    private static int distance(long[] a, long[] b) {
        int sum = 0;
        for (int w = 0; w < a.length; w++) {
            sum += Long.bitCount(a[w] ^ b[w]);
        }
        return sum;
    }
}
