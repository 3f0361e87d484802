package org.coinflip.spark.report.chart;

import java.util.BitSet;
import java.util.List;

/**
 * Fewer points for a long run, none of them invented: the run is cut into equal stretches, and of each stretch those rounds stay where
 * some curve is least or greatest. A spike of one round among thousands stays visible, where averaging or taking every k-th round would
 * lose it. The first and the last round stay too.
 */
final class Thinning {
    private Thinning() {}

    /**
     * Says which points to keep.
     *
     * @param curves of one length
     * @param points about how many may stay
     * @return ascending indices; all of them if there are no more than {@code points}
     */
    static int[] kept(List<Curve> curves, int points) {
        int length = curves.get(0).y().size();
        BitSet kept = new BitSet(length);
        if (length <= points) {
            kept.set(0, length);
            return kept.stream().toArray();
        }
        kept.set(0);
        kept.set(length - 1);
        int stretches = Math.max(1, points / (2 * curves.size()));
        for (int stretch = 0; stretch < stretches; stretch++) {
            int from = (int) ((long) stretch * length / stretches);
            int to = (int) ((stretch + 1L) * length / stretches);
            for (Curve curve : curves) {
                keepExtremes(curve.y(), from, to, kept);
            }
        }
        return kept.stream().toArray();
    }

    private static void keepExtremes(List<Double> y, int from, int to, BitSet kept) {
        int least = -1;
        int greatest = -1;
        for (int i = from; i < to; i++) {
            if (Double.isFinite(y.get(i))) {
                least = least < 0 || y.get(i) < y.get(least) ? i : least;
                greatest = greatest < 0 || y.get(i) > y.get(greatest) ? i : greatest;
            }
        }
        if (least >= 0) {
            kept.set(least);
            kept.set(greatest);
        }
    }
}
