package org.coinflip.model.measure;

import java.io.Serializable;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.coinflip.model.objective.Objective;

/**
 * What is measured of a network's predictions.
 *
 * @param objective what it is trained for: predictions are probabilities of classes, other scores of classes, or numbers
 * @param outputs of the network
 * @param draws whose predictions are averaged; 1 where nothing is drawn
 * @param kinds what is measured, each of which the network has
 */
public record MeasurePlan(Objective objective, int outputs, int draws, Set<MeasureKind> kinds) implements Serializable {
    public MeasurePlan {
        kinds = Set.copyOf(kinds);
    }

    /** Nothing but scores. */
    public static MeasurePlan none(Objective objective, int outputs) {
        return new MeasurePlan(objective, outputs, 1, Set.of());
    }

    /** Everything that there is of such a network. */
    public static MeasurePlan all(Objective objective, int outputs, int draws) {
        Set<MeasureKind> kinds = EnumSet.allOf(MeasureKind.class);
        kinds.removeIf(kind -> !kind.isOf(objective, outputs, draws));
        return new MeasurePlan(objective, outputs, draws, kinds);
    }

    /** What one metric needs; empty where such a network does not have it. */
    public static Optional<MeasurePlan> of(Metric metric, Objective objective, int outputs) {
        return metric.isOfScores()
                ? Optional.of(none(objective, outputs))
                : metric.kind(objective, outputs).map(kind -> new MeasurePlan(objective, outputs, 1, Set.of(kind)));
    }

    /** Whether nothing is measured. */
    public boolean isEmpty() {
        return kinds.isEmpty();
    }

    /** What has to see the draws of batches of so many rows; empty where nothing has to. */
    public Optional<DrawTrace> trace(int rows) {
        return kinds.contains(MeasureKind.DRAWS)
                ? Optional.of(new DrawTrace(objective, outputs, draws, rows))
                : Optional.empty();
    }
}
