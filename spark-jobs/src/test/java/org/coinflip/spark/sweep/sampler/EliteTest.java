package org.coinflip.spark.sweep.sampler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EliteTest {
    private static Measured measured(double violation, double... values) {
        return new Measured(values, violation);
    }

    @Test
    void dominanceIsDebsRule() {
        assertTrue(measured(0, 1, 2).dominates(measured(0, 1, 3)));
        assertFalse(measured(0, 1, 2).dominates(measured(0, 1, 2)));
        assertFalse(measured(0, 1, 2).dominates(measured(0, 0, 3)));
        assertTrue(measured(0, 9, 9).dominates(measured(0.1, 1, 1)));
        assertTrue(measured(0.1, 9, 9).dominates(measured(0.2, 1, 1)));
        assertTrue(measured(5, 9, 9).dominates(measured(0, Double.NaN, 1)));
        assertFalse(measured(0, Double.NaN, 1).dominates(measured(0, Double.NaN, 2)));
        assertTrue(measured(0, 7).value() < measured(1e-9, 1).value());
        assertTrue(measured(0.1, 7).value() < measured(0.2, 1).value());
    }

    /** On the front (0, 4), (1, 3), (1.5, 2.5), (2, 2), (4, 0) the third is the most crowded: its neighbours are 1 apart in each, of ranges of 4. */
    @Test
    void theMostCrowdedGoesFirstAndTheEndsStay() {
        double[][] points = {{0, 4}, {1, 3}, {1.5, 2.5}, {2, 2}, {4, 0}, {5, 5}};
        Elite elite = new Elite(4);
        for (double[] point : points) {
            elite.add(new double[0], measured(0, point));
        }
        List<Integer> orders =
                elite.members().stream().map(Elite.Member::order).sorted().toList();
        assertEquals(List.of(0, 1, 3, 4), orders);
        assertEquals(List.of(0, 4), orders(elite, 0, 2));
    }

    private static List<Integer> orders(Elite elite, int from, int to) {
        return elite.members().subList(from, to).stream()
                .map(Elite.Member::order)
                .toList();
    }

    /** The distributions of Deb and Agrawal (1995): children are placed evenly about their parents, mutants near. */
    @Test
    void childrenStayAboutTheirParentsAndInTheCube() {
        for (double u = 0.001; u < 1; u += 0.007) {
            double one = NsgaSampler.crossed(0.4, 0.6, u);
            double other = NsgaSampler.crossed(0.6, 0.4, u);
            assertEquals(1, one + other, 1e-12);
            double mutant = NsgaSampler.mutated(0.3, u);
            assertTrue(one >= 0 && one <= 1 && mutant >= 0 && mutant <= 1);
        }
        assertEquals(0.4, NsgaSampler.crossed(0.4, 0.6, 0.5), 1e-12);
        assertEquals(0.3, NsgaSampler.mutated(0.3, 0.5), 1e-12);
        double near = new Random(1)
                .doubles(10_000)
                .map(u -> Math.abs(NsgaSampler.mutated(0.5, u) - 0.5))
                .average()
                .orElseThrow();
        // ∫ (1 − (2u)^(1/21)) ½ over u < ½, twice: ½ · (1 − 21/22)
        assertEquals(0.5 / 22, near, 0.001);
    }
}
