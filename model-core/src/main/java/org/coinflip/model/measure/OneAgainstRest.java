package org.coinflip.model.measure;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * The area under the ROC curve and the average precision of each class against all others, by its prediction. Of two classes {@code auc} and
 * {@code averagePrecision} are those of class 1; of more, means over the classes for which they are defined. {@code ranking} says whether they
 * are {@code exact} or {@code binned}, as {@link ScoredOutcomes} bins: beyond 2²² predictions, examples × classes, {@code aucWithin} bounds the
 * error. Of two classes the curves are written, too, under {@code thresholds}.
 *
 * <p>Fawcett (2006), "An introduction to ROC analysis", §8 and §9.2; Davis, Goadrich (2006), "The relationship between precision-recall and ROC
 * curves".
 */
final class OneAgainstRest implements Measure {
    private static final long serialVersionUID = 1L;

    /** Predictions that are kept as they are, 16 MB. */
    static final int KEPT = 1 << 22;
    /** Bins take 18 kB a class. */
    static final int MOST_CLASSES = 1024;

    private final ScoredOutcomes[] outcomes;

    OneAgainstRest(int classes) {
        outcomes = IntStream.range(0, classes)
                .mapToObj(c -> new ScoredOutcomes(KEPT / classes))
                .toArray(ScoredOutcomes[]::new);
    }

    @Override
    public void add(Predicted batch, int row) {
        int label = batch.label(row);
        for (int c = 0; c < outcomes.length; c++) {
            outcomes[c].add(batch.predictions().get(row, c), c == label);
        }
    }

    @Override
    public void merge(Measure other) {
        for (int c = 0; c < outcomes.length; c++) {
            outcomes[c].merge(((OneAgainstRest) other).outcomes[c]);
        }
    }

    @Override
    public void write(Map<String, Object> keys) {
        List<OptionalDouble> areas = IntStream.range(0, outcomes.length)
                .mapToObj(c -> outcomes[c].auc())
                .toList();
        List<OptionalDouble> precisions = IntStream.range(0, outcomes.length)
                .mapToObj(c -> outcomes[c].averagePrecision())
                .toList();
        headline(areas).ifPresent(value -> keys.put("auc", value));
        headline(precisions).ifPresent(value -> keys.put("averagePrecision", value));
        boolean exact = outcomes[0].isExact();
        keys.put("ranking", exact ? "exact" : "binned");
        if (!exact) {
            List<OptionalDouble> within = IntStream.range(0, outcomes.length)
                    .mapToObj(c -> areas.get(c).isPresent()
                            ? OptionalDouble.of(outcomes[c].aucWithin())
                            : OptionalDouble.empty())
                    .toList();
            headline(within).ifPresent(value -> keys.put("aucWithin", value));
        }
        if (outcomes.length == 2 && areas.get(1).isPresent()) {
            keys.put("thresholds", ThresholdCurve.of(outcomes[1]));
        }
        // what ClassRates has written
        if (keys.get("perClass") instanceof List<?> classes) {
            for (int c = 0; c < outcomes.length; c++) {
                @SuppressWarnings("unchecked")
                Map<String, Object> one = (Map<String, Object>) classes.get(c);
                areas.get(c).ifPresent(value -> one.put("auc", value));
                precisions.get(c).ifPresent(value -> one.put("averagePrecision", value));
            }
        }
    }

    private static OptionalDouble headline(List<OptionalDouble> ofClasses) {
        return ofClasses.size() == 2
                ? ofClasses.get(1)
                : ofClasses.stream().flatMapToDouble(OptionalDouble::stream).average();
    }
}
