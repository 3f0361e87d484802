package org.coinflip.model.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ScoredOutcomesTest {
    private static final double SAME = 1e-15;

    private record Scored(float score, boolean positive) {}

    private static ScoredOutcomes of(int most, List<Scored> all) {
        ScoredOutcomes outcomes = new ScoredOutcomes(most);
        all.forEach(one -> outcomes.add(one.score, one.positive));
        return outcomes;
    }

    private static ScoredOutcomes of(float[] positives, float[] negatives) {
        ScoredOutcomes outcomes = new ScoredOutcomes(1000);
        for (float score : positives) {
            outcomes.add(score, true);
        }
        for (float score : negatives) {
            outcomes.add(score, false);
        }
        return outcomes;
    }

    /** Scores that know a little, to two digits. */
    private static List<Scored> some(int count, Random random) {
        List<Scored> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            boolean positive = random.nextInt(3) == 0;
            double score = 1 / (1 + Math.exp(-random.nextGaussian() * 2 - (positive ? 1 : -1)));
            all.add(new Scored(Math.round(100 * score) / 100f, positive));
        }
        return all;
    }

    @Test
    void countsPairsInOrderAndHalfOfThoseThatAreEqual() {
        // of 2 × 3 pairs 3 in order, 1 equal
        ScoredOutcomes outcomes = of(new float[] {0.9f, 0.4f}, new float[] {0.4f, 0.5f, 0.95f});
        assertEquals(2.5 / 6, outcomes.auc().orElseThrow(), SAME);
    }

    @Test
    void averagePrecisionStepsAtEveryLevel() {
        // levels from above: 0/1, 1/2, then 2 positives and 1 negative at once: 3/5
        ScoredOutcomes outcomes = of(new float[] {0.8f, 0.5f, 0.5f}, new float[] {0.9f, 0.5f, 0.1f});
        assertEquals(1 / 3.0 * 0.5 + 2 / 3.0 * 0.6, outcomes.averagePrecision().orElseThrow(), SAME);
    }

    @Test
    void scoresThatAreAllTheSameTellNothing() {
        ScoredOutcomes outcomes = of(new float[] {0f, -0f, 0f}, new float[] {0f});
        assertEquals(0.5, outcomes.auc().orElseThrow());
        assertEquals(0.75, outcomes.averagePrecision().orElseThrow());
    }

    @Test
    void isUndefinedWhereAKindIsMissing() {
        assertTrue(of(new float[] {1f}, new float[0]).auc().isEmpty());
        assertTrue(of(new float[0], new float[] {1f}).auc().isEmpty());
        assertTrue(of(new float[0], new float[] {1f}).averagePrecision().isEmpty());
        assertEquals(1.0, of(new float[] {1f}, new float[0]).averagePrecision().orElseThrow());
    }

    @Test
    void refusesNaN() {
        assertThrows(IllegalArgumentException.class, () -> new ScoredOutcomes(3).add(Float.NaN, true));
    }

    @Test
    void isTheSameInAnyOrderAndGroupingKeptOrBinned() {
        Random random = new Random(3);
        for (int most : new int[] {0, 1, 100, 599, 600, 601}) {
            List<Scored> all = some(600, random);
            ScoredOutcomes one = of(most, all);
            assertEquals(most >= 600, one.isExact());
            for (int trial = 0; trial < 5; trial++) {
                Collections.shuffle(all, random);
                int cut = random.nextInt(600);
                int second = cut + random.nextInt(600 - cut);
                ScoredOutcomes parts = of(most, all.subList(0, cut));
                ScoredOutcomes rest = of(most, all.subList(cut, second));
                rest.merge(of(most, all.subList(second, 600)));
                parts.merge(rest);
                assertEquals(one.isExact(), parts.isExact());
                assertEquals(600, parts.size());
                assertEquals(one.auc(), parts.auc());
                assertEquals(one.averagePrecision(), parts.averagePrecision());
                assertEquals(one.aucWithin(), parts.aucWithin());
            }
        }
    }

    @Test
    void binnedItIsAsNearAsItSays() {
        List<Scored> all = some(20_000, new Random(5));
        ScoredOutcomes exact = of(all.size(), all);
        ScoredOutcomes binned = of(all.size() - 1, all);
        assertEquals(0, exact.aucWithin());
        assertFalse(binned.isExact());
        double within = binned.aucWithin();
        assertTrue(within > 0 && within < 0.02, "within " + within);
        assertEquals(exact.auc().orElseThrow(), binned.auc().orElseThrow(), within);
        assertEquals(
                exact.averagePrecision().orElseThrow(),
                binned.averagePrecision().orElseThrow(),
                0.02);
    }

    @Test
    void binsFollowTheOrderOfAllFloats() {
        Random random = new Random(9);
        List<Float> scores = new ArrayList<>(List.of(
                Float.NEGATIVE_INFINITY,
                -16f,
                -1f,
                -0x1p-8f,
                0f,
                Float.MIN_VALUE,
                0x1p-24f,
                0.25f,
                0.5f,
                0.75f,
                1f,
                2f,
                17f,
                1e30f,
                Float.POSITIVE_INFINITY,
                Math.nextDown(0.5f),
                Math.nextUp(0.5f),
                Math.nextDown(1f)));
        for (int i = 0; i < 5000; i++) {
            scores.add(
                    (float) Math.scalb(random.nextDouble() * (random.nextBoolean() ? 1 : -1), random.nextInt(40) - 32));
            scores.add(1 - (float) Math.scalb(random.nextDouble(), -random.nextInt(24)));
        }
        Collections.sort(scores);
        int last = 0;
        for (float score : scores) {
            int bin = ScoredOutcomes.bin(score);
            assertTrue(bin >= last && bin < ScoredOutcomes.BINS, score + " in " + bin + " after " + last);
            last = bin;
        }
        assertEquals(ScoredOutcomes.BINS - 1, last);
        assertEquals(0, ScoredOutcomes.bin(-16f));
        // next to 1 as well as next to 0
        assertFalse(ScoredOutcomes.bin(0.999f) == ScoredOutcomes.bin(0.9995f));
        assertFalse(ScoredOutcomes.bin(0.001f) == ScoredOutcomes.bin(0.0005f));
    }
}
