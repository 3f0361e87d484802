package org.coinflip.model.reward;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ReturnScoreTest {
    @Test
    void isTheMeanAndItsStandardError() {
        ReturnScore score = ReturnScore.of(new double[] {1, 2, 3, 4}, new int[] {5, 5, 5, 7});
        assertEquals(2.5, score.meanReturn(), 1e-15);
        // sample variance 5/3, over four episodes
        assertEquals(Math.sqrt(5.0 / 12), score.standardError(), 1e-15);
        assertEquals(5.5, score.meanLength(), 1e-15);
        assertEquals(4, score.episodes());
    }

    @Test
    void oneEpisodeHasNoStandardError() {
        assertEquals(0, ReturnScore.of(new double[] {-3}, new int[] {2}).standardError());
    }
}
