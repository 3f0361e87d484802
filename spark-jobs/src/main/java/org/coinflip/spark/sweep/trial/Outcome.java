package org.coinflip.spark.sweep.trial;

import java.util.List;
import java.util.Map;

/**
 * What a trial that came to its end gives.
 *
 * @param epochs epochs done, those of lower rungs too
 * @param metrics by name
 * @param curve looks at the validation split
 * @param parametersSha256 of the trained parameters; empty where there are none
 */
public record Outcome(int epochs, Map<String, Double> metrics, List<TrialRecord.Point> curve, String parametersSha256) {
    /** Of a trial that trains nothing. */
    static Outcome of(Map<String, Double> metrics) {
        return new Outcome(1, metrics, List.of(), "");
    }
}
