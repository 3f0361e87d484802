package org.coinflip.model.noise;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.BitSet;
import org.junit.jupiter.api.Test;

class PermutationTest {
    @Test
    void isABijectionOfEverySize() {
        for (int size = 1; size <= 300; size++) {
            assertBijection(size);
        }
        assertBijection(50_000);
        assertBijection((1 << 16) + 1);
    }

    private static void assertBijection(int size) {
        Permutation permutation = new Permutation(3, 1, 2, size);
        BitSet seen = new BitSet(size);
        for (int i = 0; i < size; i++) {
            int value = permutation.at(i);
            assertTrue(value >= 0 && value < size, value + " of " + size);
            assertFalse(seen.get(value));
            seen.set(value);
        }
    }

    /** χ² of 10 × 10 cells over 20,000 permutations of 10; P(χ²₈₁ > 150) is below 10⁻⁵. */
    @Test
    void everyValueIsAsLikelyAtEveryPlace() {
        int size = 10;
        int permutations = 20_000;
        int[][] counts = new int[size][size];
        for (int epoch = 0; epoch < permutations; epoch++) {
            Permutation permutation = new Permutation(7, epoch, 0, size);
            for (int i = 0; i < size; i++) {
                counts[i][permutation.at(i)]++;
            }
        }
        double expected = (double) permutations / size;
        double chiSquare = Arrays.stream(counts)
                .flatMapToInt(Arrays::stream)
                .mapToDouble(count -> (count - expected) * (count - expected) / expected)
                .sum();
        assertTrue(chiSquare < 150, "χ² " + chiSquare);
    }

    @Test
    void ownersAndEpochsHaveOrdersOfTheirOwn() {
        int same = 0;
        Permutation one = new Permutation(1, 0, 0, 1000);
        Permutation other = new Permutation(1, 0, 1, 1000);
        Permutation later = new Permutation(1, 1, 0, 1000);
        for (int i = 0; i < 1000; i++) {
            same += (one.at(i) == other.at(i) ? 1 : 0) + (one.at(i) == later.at(i) ? 1 : 0);
        }
        // 2 expected by chance; P(more than 15) is below 10⁻⁸
        assertTrue(same <= 15, same + " places agree");
    }
}
