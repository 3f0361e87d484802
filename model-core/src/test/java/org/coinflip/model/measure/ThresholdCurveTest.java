package org.coinflip.model.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ThresholdCurveTest {
    @Test
    void ofManyThresholdsSomeArePointsAndTheLast() {
        Random random = new Random(4);
        ScoredOutcomes outcomes = new ScoredOutcomes(1001);
        for (int i = 0; i < 1001; i++) {
            outcomes.add(i / 1001f, random.nextInt(1001) < i);
        }
        Map<String, Object> curve = ThresholdCurve.of(outcomes);
        List<?> recall = (List<?>) curve.get("recall");
        List<?> falsePositiveRate = (List<?>) curve.get("falsePositiveRate");
        List<?> precision = (List<?>) curve.get("precision");
        int last = recall.size() - 1;
        assertTrue(last >= 100 && last <= 200, "points " + last);
        assertEquals(1.0, recall.get(last));
        assertEquals(1.0, falsePositiveRate.get(last));
        assertEquals(outcomes.positives() / 1001.0, precision.get(last));
        for (int i = 1; i <= last; i++) {
            assertTrue((double) recall.get(i) >= (double) recall.get(i - 1));
            assertTrue((double) falsePositiveRate.get(i) >= (double) falsePositiveRate.get(i - 1));
        }
    }
}
