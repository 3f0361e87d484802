package org.coinflip.model.measure;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The ROC curve and the precision-recall curve in one: for thresholds from the highest score down, the recall and the precision of the examples from there up, and the
 * part of the negatives among them. Of more than 200 levels every so manieth is a point, and the last.
 */
final class ThresholdCurve implements ScoredOutcomes.Level {
    private static final int MOST_POINTS = 200;

    private final long positives;
    private final long negatives;
    private final long levels;
    private final long step;
    private final List<Double> falsePositiveRate = new ArrayList<>();
    private final List<Double> recall = new ArrayList<>();
    private final List<Double> precision = new ArrayList<>();
    private long level;
    private long plus;
    private long minus;

    private ThresholdCurve(ScoredOutcomes outcomes, long levels) {
        this.positives = outcomes.positives();
        this.negatives = outcomes.negatives();
        this.levels = levels;
        this.step = (levels + MOST_POINTS - 1) / MOST_POINTS;
    }

    /**
     * The curve as summaries have it.
     *
     * @param outcomes at least one of either kind
     */
    static Map<String, Object> of(ScoredOutcomes outcomes) {
        long[] levels = new long[1];
        outcomes.descend((positives, negatives) -> levels[0]++);
        ThresholdCurve curve = new ThresholdCurve(outcomes, levels[0]);
        outcomes.descend(curve);
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("falsePositiveRate", curve.falsePositiveRate);
        keys.put("recall", curve.recall);
        keys.put("precision", curve.precision);
        return keys;
    }

    @Override
    public void at(long morePositives, long moreNegatives) {
        plus += morePositives;
        minus += moreNegatives;
        level++;
        if (level % step == 0 || level == levels) {
            falsePositiveRate.add((double) minus / negatives);
            recall.add((double) plus / positives);
            precision.add((double) plus / (plus + minus));
        }
    }
}
