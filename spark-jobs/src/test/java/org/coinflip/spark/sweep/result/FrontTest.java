package org.coinflip.spark.sweep.result;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.coinflip.spark.sweep.space.Constraint;
import org.coinflip.spark.sweep.trial.TrialRecord;
import org.coinflip.spark.sweep.trial.TrialStatus;
import org.junit.jupiter.api.Test;

class FrontTest {
    private static final List<Objective> OBJECTIVES =
            List.of(new Objective("error", false), new Objective("auc", true));

    private static TrialRow row(int configuration, double error, double auc) {
        TrialRecord record = new TrialRecord(
                configuration,
                0,
                "k",
                TrialStatus.DONE,
                "",
                1,
                Map.of("error", error, "auc", auc),
                List.of(),
                "",
                1,
                1,
                "h");
        return new TrialRow(configuration, configuration, 0, 1, Map.of(), List.of(record), true, 1);
    }

    private static SweepResult result(List<Constraint> limits, TrialRow... rows) {
        return SweepResult.of(new SweepTable(List.of(rows)), OBJECTIVES, limits, new int[] {1}, null, Set.of());
    }

    private static List<Integer> members(SweepResult result) {
        return result.front().members().stream()
                .map(member -> member.ranked().configuration())
                .toList();
    }

    /** By errors 0.1, 0.2, 0.3 the areas under the curve 0.5, 0.7, 0.9 are worth weighing; 0.25 with 0.6 is not. */
    @Test
    void holdsWhatNothingIsBetterThanInAll() {
        SweepResult result = result(List.of(), row(0, 0.3, 0.9), row(1, 0.25, 0.6), row(2, 0.1, 0.5), row(3, 0.2, 0.7));
        assertEquals(List.of(2, 3, 0), members(result));
        // in the box [0.1, 0.3] × [0.5, 0.9]: of (1, 0), (½, ½), (0, 1) the middle one alone dominates a part, ¼
        assertEquals(0.25, result.front().hypervolume(), 1e-12);
    }

    @Test
    void whatBreaksALimitIsNeitherRankedNorOnTheFront() {
        SweepResult result = result(
                List.of(Constraint.parse("sweep.limits", "auc >= 0.6"), Constraint.parse("sweep.limits", "other < 1")),
                row(0, 0.3, 0.9),
                row(2, 0.1, 0.5),
                row(3, 0.2, 0.7));
        assertEquals(List.of(3, 0), members(result));
        assertEquals(1, result.ranking().unranked());
        assertEquals(3, result.ranking().ranked().get(0).configuration());
    }

    /** The volume of a union by inclusion and exclusion. */
    @Test
    void theVolumeIsThatOfInclusionAndExclusion() {
        Random random = new Random(1);
        for (int dimensions = 1; dimensions <= 4; dimensions++) {
            List<double[]> points = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                points.add(random.doubles(dimensions).toArray());
            }
            double expected = 0;
            for (int subset = 1; subset < 64; subset++) {
                double volume = 1;
                for (int d = 0; d < dimensions; d++) {
                    double least = 1;
                    for (int i = 0; i < 6; i++) {
                        least = (subset >> i & 1) == 1 ? Math.min(least, points.get(i)[d]) : least;
                    }
                    volume *= least;
                }
                expected += Integer.bitCount(subset) % 2 == 1 ? volume : -volume;
            }
            assertEquals(expected, Front.volume(points, dimensions), 1e-12);
        }
        assertTrue(Front.volume(List.of(), 2) == 0);
    }
}
