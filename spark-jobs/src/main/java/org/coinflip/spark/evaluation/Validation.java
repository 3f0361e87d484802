package org.coinflip.spark.evaluation;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.coinflip.data.ExampleShard;
import org.coinflip.model.example.Examples;
import org.coinflip.model.measure.MeasurePlan;
import org.coinflip.model.measure.Measures;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.training.Score;

/**
 * The validation split on an executor, a part of its shards. Scores are of one shard each: added up in the shards' order they do not depend on who
 * has which. One thread's at a time.
 */
public final class Validation implements Serializable {
    private static final long serialVersionUID = 1L;

    private final Assessor assessor;
    private final List<ExampleShard> shards;
    private final boolean keeps;
    private final MeasurePlan plan;
    private transient Map<Integer, Examples> kept;
    private transient Assessor.Bound bound;

    /**
     * What a look saw of some shards.
     *
     * @param scores by the shards' numbers
     * @param measures of all of them; null where nobody looked
     */
    public record Seen(Map<Integer, Score> scores, Measures measures) implements Serializable {
        public static final Seen NOTHING = new Seen(Map.of(), null);
    }

    /**
     * The validation split.
     *
     * @param keeps whether executors keep what they have read
     * @param plan what is measured beside the scores
     */
    public Validation(Assessor assessor, List<ExampleShard> shards, boolean keeps, MeasurePlan plan) {
        this.assessor = assessor;
        this.shards = List.copyOf(shards);
        this.keeps = keeps;
        this.plan = plan;
    }

    /** Looks at every {@code of}-th shard, the first of which is {@code from}. */
    public Seen look(Floats state, int from, int of) {
        if (bound == null) {
            kept = new TreeMap<>();
            bound = assessor.bind();
        }
        bound.load(state);
        Map<Integer, Score> scores = new TreeMap<>();
        Measures measures = new Measures(plan);
        for (int s = from; s < shards.size(); s += of) {
            Examples examples =
                    kept.containsKey(s) ? kept.get(s) : shards.get(s).read();
            if (keeps) {
                kept.put(s, examples);
            }
            scores.put(s, bound.score(examples, measures));
        }
        return new Seen(scores, measures);
    }
}
