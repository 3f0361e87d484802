package org.coinflip.spark.evaluation;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.coinflip.model.measure.Measures;
import org.coinflip.model.training.GateCounts;
import org.coinflip.model.training.Score;

/**
 * How a network does on some examples, in detail; assessments of disjoint examples add.
 *
 * @param score loss and errors
 * @param confusion examples of each class (row) that were taken for each class (column); of no size for reconstructions
 * @param worst the examples of greatest loss, the worst first
 * @param gates how often gates were open, of every layer of experts
 * @param measures what was measured besides; adding assessments uses them up
 */
public record Assessment(
        Score score, long[][] confusion, List<Mistake> worst, List<GateCounts> gates, Measures measures)
        implements Serializable {
    /** Examples of greatest loss that are kept. */
    static final int KEPT = 24;

    /**
     * One example and what became of it.
     *
     * @param id the example's
     * @param label its class
     * @param predicted the class it was taken for
     * @param probability what the network gave its class
     * @param loss its loss
     * @param features what the network saw
     */
    public record Mistake(long id, int label, int predicted, double probability, double loss, float[] features)
            implements Serializable {
        static final Comparator<Mistake> WORST_FIRST =
                Comparator.comparingDouble(Mistake::loss).reversed().thenComparingLong(Mistake::id);
    }

    /** The same but for the score. */
    Assessment with(Score other) {
        return new Assessment(other, confusion, worst, gates, measures);
    }

    Assessment plus(Assessment other) {
        long[][] sum = new long[confusion.length][];
        for (int i = 0; i < sum.length; i++) {
            sum[i] = confusion[i].clone();
            for (int j = 0; j < sum[i].length; j++) {
                sum[i][j] += other.confusion[i][j];
            }
        }
        List<Mistake> all = new ArrayList<>(worst);
        all.addAll(other.worst);
        all.sort(Mistake.WORST_FIRST);
        List<GateCounts> counts = IntStream.range(0, gates.size())
                .mapToObj(i -> gates.get(i).plus(other.gates.get(i)))
                .toList();
        measures.merge(other.measures);
        return new Assessment(
                score.plus(other.score),
                sum,
                List.copyOf(all.subList(0, Math.min(KEPT, all.size()))),
                counts,
                measures);
    }
}
