package org.coinflip.spark.report.chart;

import java.util.List;

/**
 * What a chart's curves are drawn against.
 *
 * @param label with its unit
 * @param values one a round
 */
public record Abscissa(String label, List<Double> values) {
    /** Whether each is at least the one before. */
    public boolean ascends() {
        for (int i = 0; i < values.size(); i++) {
            // Written so that NaN fails too.
            if (!(values.get(i) >= (i == 0 ? Double.NEGATIVE_INFINITY : values.get(i - 1)))) {
                return false;
            }
        }
        return true;
    }
}
