package org.coinflip.model.layer.experts;

import java.util.Arrays;
import org.coinflip.model.memory.Matrix;

/**
 * Which experts compute which rows, expert by expert: groups of rows, of ascending experts, each of ascending rows. A place counts these pairs of
 * an expert and a row. Belongs to one thread; what it needs grows to what batches want, and then nothing is allocated.
 */
final class Routing {
    private final int experts;
    private final int[] counts;
    private final int[] expertOf;
    private final int[] starts;
    private int groups;
    private int[] rowOf = {};
    private float[] gateOf = {};
    private final float[] gatesOfRow;

    Routing(int experts) {
        this.experts = experts;
        counts = new int[experts];
        expertOf = new int[experts];
        starts = new int[experts + 1];
        gatesOfRow = new float[experts];
    }

    /** Has every expert compute the rows for which its gate is not zero; or every row, where {@code all} says so. */
    void set(Matrix gates, int rows, boolean all) {
        Arrays.fill(counts, 0);
        for (int r = 0; r < rows; r++) {
            gates.getRow(r, gatesOfRow, 0);
            for (int e = 0; e < experts; e++) {
                counts[e] += all || gatesOfRow[e] != 0f ? 1 : 0;
            }
        }
        groups = 0;
        int places = 0;
        for (int e = 0; e < experts; e++) {
            if (counts[e] > 0) {
                expertOf[groups] = e;
                starts[groups++] = places;
            }
            places += counts[e];
            counts[e] = places - counts[e];
        }
        starts[groups] = places;
        if (rowOf.length < places) {
            rowOf = new int[Math.min(Math.multiplyExact(rows, experts), 2 * places)];
            gateOf = new float[rowOf.length];
        }
        for (int r = 0; r < rows; r++) {
            gates.getRow(r, gatesOfRow, 0);
            for (int e = 0; e < experts; e++) {
                if (all || gatesOfRow[e] != 0f) {
                    rowOf[counts[e]] = r;
                    gateOf[counts[e]++] = gatesOfRow[e];
                }
            }
        }
    }

    /** Experts that compute rows. */
    int groups() {
        return groups;
    }

    /** Pairs of an expert and a row. */
    int places() {
        return starts[groups];
    }

    int expert(int group) {
        return expertOf[group];
    }

    /** The first place of a group; of the one after the last, the number of places. */
    int start(int group) {
        return starts[group];
    }

    int row(int place) {
        return rowOf[place];
    }

    /** What the gate gave. */
    float gate(int place) {
        return gateOf[place];
    }

    /** Leaves the pairs whose gates are open, in their order; {@code kept[i]} becomes the place that the one at i had. */
    void keepOpen(int[] kept) {
        int places = 0;
        int left = 0;
        for (int g = 0; g < groups; g++) {
            int from = starts[g];
            int to = starts[g + 1];
            int start = places;
            for (int p = from; p < to; p++) {
                if (gateOf[p] != 0f) {
                    kept[places] = p;
                    rowOf[places] = rowOf[p];
                    gateOf[places++] = gateOf[p];
                }
            }
            if (places > start) {
                expertOf[left] = expertOf[g];
                starts[left++] = start;
            }
        }
        groups = left;
        starts[groups] = places;
    }
}
