package org.coinflip.spark.evaluation;

import java.io.Serializable;
import java.util.SortedMap;
import java.util.TreeMap;
import org.coinflip.model.training.Score;

/**
 * Assessments of some blocks of examples, put together: scores, whose sums are rounded, stay apart until all are there, and are then added up in the blocks'
 * order. So portions add in any order.
 *
 * @param scores of each block by its place
 * @param others all but the scores
 */
record Portion(SortedMap<Long, Score> scores, Assessment others) implements Serializable {
    static Portion of(long place, Assessment block) {
        return new Portion(new TreeMap<>(java.util.Map.of(place, block.score())), block.with(Score.NONE));
    }

    /** Both, neither of which may be used any more. */
    Portion plus(Portion other) {
        SortedMap<Long, Score> all = new TreeMap<>(scores);
        all.putAll(other.scores);
        return new Portion(all, others.plus(other.others));
    }

    /** Of all blocks. */
    Assessment assessment() {
        return others.with(scores.values().stream().reduce(Score::plus).orElseThrow());
    }
}
