package org.coinflip.model.training;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import org.coinflip.model.memory.Matrix;

/** For how many examples each gate of a layer was open; counts of disjoint examples add. */
public final class GateCounts implements Serializable {
    private static final long serialVersionUID = 1L;

    private final int layer;
    private final long[] open;
    private long rows;

    /** Nothing counted yet. */
    public GateCounts(int layer, int gates) {
        this.layer = layer;
        this.open = new long[gates];
    }

    /** Counts the first rows of what gates gave. */
    void add(Matrix gates, int count) {
        for (int r = 0; r < count; r++) {
            for (int j = 0; j < open.length; j++) {
                open[j] += gates.get(r, j) != 0f ? 1 : 0;
            }
        }
        rows += count;
    }

    /** These and others of the same layer. */
    public GateCounts plus(GateCounts other) {
        GateCounts sum = new GateCounts(layer, open.length);
        Arrays.setAll(sum.open, j -> open[j] + other.open[j]);
        sum.rows = rows + other.rows;
        return sum;
    }

    /** The number of the layer. */
    public int layer() {
        return layer;
    }

    /** For each gate, the part of the examples that it was open for. */
    public List<Double> rates() {
        return Arrays.stream(open).mapToObj(count -> (double) count / rows).toList();
    }

    /** The part of all gates that were open. */
    public double activeFraction() {
        return (double) Arrays.stream(open).sum() / (rows * open.length);
    }

    /** Gates that were never open. */
    public long dead() {
        return Arrays.stream(open).filter(count -> count == 0).count();
    }

    /** Gates that were open for every example. */
    public long alwaysOpen() {
        return Arrays.stream(open).filter(count -> count == rows).count();
    }
}
