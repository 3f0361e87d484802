package org.coinflip.model.measure;

import java.util.List;
import org.coinflip.model.objective.Objective;

/** Measures that are computed together, and which networks have them. */
public enum MeasureKind {
    CLASS_RATES(
            (objective, outputs, draws) -> objective.isOfClasses(),
            (objective, outputs, draws) -> List.of(new ClassRates(outputs))),
    TOP_ERRORS(
            (objective, outputs, draws) -> objective.isOfClasses() && outputs > 2,
            (objective, outputs, draws) -> List.of(new TopErrors(outputs))),
    PROBABILITIES(
            (objective, outputs, draws) -> objective.isOfProbabilities(),
            (objective, outputs, draws) -> List.of(new ProbabilityScores())),
    CALIBRATION(
            (objective, outputs, draws) -> objective.isOfProbabilities(),
            (objective, outputs, draws) -> List.of(new Calibration())),
    RANKING(
            (objective, outputs, draws) ->
                    objective.isOfClasses() && outputs >= 2 && outputs <= OneAgainstRest.MOST_CLASSES,
            (objective, outputs, draws) -> List.of(new OneAgainstRest(outputs))),
    REJECTION(
            (objective, outputs, draws) -> objective.isOfClasses(),
            (objective, outputs, draws) -> List.of(new Rejection(Rejection.By.CONFIDENCE))),
    RESIDUALS(
            (objective, outputs, draws) -> objective.hasResiduals(),
            (objective, outputs, draws) -> List.of(new Residuals(objective, outputs))),
    STEPS(
            (objective, outputs, draws) -> objective.isOfSteps(),
            (objective, outputs, draws) -> List.of(new StepRates())),
    LABEL_SETS(
            (objective, outputs, draws) -> objective == Objective.MULTI_LABEL,
            (objective, outputs, draws) -> List.of(new LabelSets(outputs))),
    WEIGHTED(
            (objective, outputs, draws) -> !objective.isOfSteps(),
            (objective, outputs, draws) -> List.of(new WeightedMeans(objective, false))),
    DRAWS(
            (objective, outputs, draws) -> draws >= 2,
            (objective, outputs, draws) -> objective.isOfProbabilities()
                    ? List.of(
                            new DrawMeasures(objective, draws),
                            new Rejection(Rejection.By.ENTROPY),
                            new Rejection(Rejection.By.MUTUAL_INFORMATION))
                    : List.of(new DrawMeasures(objective, draws)));

    /** Something about a network's predictions. */
    private interface Of<T> {
        T of(Objective objective, int outputs, int draws);
    }

    private final Of<Boolean> have;
    private final Of<List<Measure>> measures;

    MeasureKind(Of<Boolean> have, Of<List<Measure>> measures) {
        this.have = have;
        this.measures = measures;
    }

    /** Whether a network has them. */
    boolean isOf(Objective objective, int outputs, int draws) {
        return have.of(objective, outputs, draws);
    }

    /** Of no example yet. */
    List<Measure> begin(Objective objective, int outputs, int draws) {
        return measures.of(objective, outputs, draws);
    }
}
