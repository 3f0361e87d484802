package org.coinflip.spark.sweep.report;

import java.util.Map;
import org.coinflip.spark.sweep.result.SweepResult;

/** A sweep as one HTML document. */
public final class SweepReport {
    private SweepReport() {}

    public static String html(Map<String, Object> summary, SweepResult result) {
        return "";
    }
}
