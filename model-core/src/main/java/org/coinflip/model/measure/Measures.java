package org.coinflip.model.measure;

import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.coinflip.model.example.Examples;
import org.coinflip.model.training.Evaluator;
import org.coinflip.model.training.Score;

/**
 * The measures of a plan, of examples that are added batch by batch. Measures of disjoint examples merge, in any order and grouping, to the bits of those of all
 * of them. Not thread-safe.
 */
public final class Measures implements Serializable {
    private static final long serialVersionUID = 1L;

    private final List<Measure> measures;
    private long examples;
    private long notFinite;

    /** Of no example yet. */
    public Measures(MeasurePlan plan) {
        measures = plan.kinds().equals(Set.of(MeasureKind.WEIGHTED))
                ? List.of(new WeightedMeans(plan.objective(), true))
                : plan.kinds().stream()
                        .sorted()
                        .flatMap(kind -> kind.begin(plan.objective(), plan.outputs(), plan.draws()).stream())
                        .toList();
    }

    /** Whether nothing is measured. */
    public boolean isEmpty() {
        return measures.isEmpty();
    }

    /**
     * Adds the first rows of a batch. Those with a prediction that is NaN or infinite are counted and left out: then nothing is defined.
     *
     * @param count at most its rows
     */
    public void add(Predicted batch, int count) {
        for (int row = 0; row < count && !isEmpty(); row++) {
            examples++;
            if (!batch.isFinite(row)) {
                notFinite++;
                continue;
            }
            for (Measure measure : measures) {
                measure.add(batch, row);
            }
        }
    }

    /**
     * Evaluates examples, a batch after another, and adds them.
     *
     * @param evaluator of batches of {@link Evaluator#BATCH}
     * @param trace of the evaluator's draws, where the plan has one
     * @return the score of all of them
     */
    public Score add(Evaluator evaluator, Examples examples, Optional<DrawTrace> trace) {
        Score score = Score.NONE;
        for (int start = 0; start < examples.size(); start += Evaluator.BATCH) {
            int count = Math.min(Evaluator.BATCH, examples.size() - start);
            score = score.plus(evaluator.assess(examples, start, count));
            add(new Predicted(evaluator.predictions(), examples, start, trace), count);
        }
        return score;
    }

    /** Adds the examples of measures of the same plan, which may not be used any more. */
    public void merge(Measures other) {
        for (int i = 0; i < measures.size(); i++) {
            measures.get(i).merge(other.measures.get(i));
        }
        examples += other.examples;
        notFinite += other.notFinite;
    }

    /**
     * The measures as summaries have them under {@code measures}; those that are not defined are left out. Where examples have predictions that are not
     * finite, only how many, as {@code notFinite}. Empty where nothing is measured.
     */
    public Map<String, Object> write() {
        Map<String, Object> keys = new LinkedHashMap<>();
        if (notFinite > 0) {
            keys.put("notFinite", notFinite);
        } else if (examples > 0) {
            measures.forEach(measure -> measure.write(keys));
        }
        return keys;
    }
}
