package org.coinflip.spark.train;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.coinflip.data.ExampleShard;
import org.coinflip.model.example.Examples;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.training.Score;

/**
 * The validation split on an executor, a part of its shards. Scores are of one shard each: added up in the shards' order they do not depend on who
 * has which. One thread's at a time.
 */
final class Validation implements Serializable {
    private static final long serialVersionUID = 1L;

    private final Assessor assessor;
    private final List<ExampleShard> shards;
    private final boolean keeps;
    private transient Map<Integer, Examples> kept;
    private transient Assessor.Bound bound;

    /** @param keeps whether executors keep what they have read */
    Validation(Assessor assessor, List<ExampleShard> shards, boolean keeps) {
        this.assessor = assessor;
        this.shards = List.copyOf(shards);
        this.keeps = keeps;
    }

    /** The scores of every {@code of}-th shard, the first of which is {@code from}, by the shard's number. */
    Map<Integer, Score> scores(Floats state, int from, int of) {
        if (bound == null) {
            kept = new TreeMap<>();
            bound = assessor.bind();
        }
        bound.load(state);
        Map<Integer, Score> scores = new TreeMap<>();
        for (int s = from; s < shards.size(); s += of) {
            Examples examples =
                    kept.containsKey(s) ? kept.get(s) : shards.get(s).read();
            if (keeps) {
                kept.put(s, examples);
            }
            scores.put(s, bound.score(examples));
        }
        return scores;
    }
}
