package org.coinflip.model.measure;

import java.util.List;
import org.coinflip.model.objective.Objective;

/** Measures that are computed together, and which networks have them. */
public enum MeasureKind {
    CLASS_RATES {
        @Override
        boolean isOf(Objective objective, int outputs, int draws) {
            return objective.isOfClasses();
        }

        @Override
        List<Measure> begin(Objective objective, int outputs, int draws) {
            return List.of(new ClassRates(outputs));
        }
    },
    TOP_ERRORS {
        @Override
        boolean isOf(Objective objective, int outputs, int draws) {
            return objective.isOfClasses() && outputs > 2;
        }

        @Override
        List<Measure> begin(Objective objective, int outputs, int draws) {
            return List.of(new TopErrors(outputs));
        }
    },
    PROBABILITIES {
        @Override
        boolean isOf(Objective objective, int outputs, int draws) {
            return isOfProbabilities(objective);
        }

        @Override
        List<Measure> begin(Objective objective, int outputs, int draws) {
            return List.of(new ProbabilityScores());
        }
    },
    CALIBRATION {
        @Override
        boolean isOf(Objective objective, int outputs, int draws) {
            return isOfProbabilities(objective);
        }

        @Override
        List<Measure> begin(Objective objective, int outputs, int draws) {
            return List.of(new Calibration());
        }
    },
    RANKING {
        @Override
        boolean isOf(Objective objective, int outputs, int draws) {
            return objective.isOfClasses() && outputs >= 2 && outputs <= OneAgainstRest.MOST_CLASSES;
        }

        @Override
        List<Measure> begin(Objective objective, int outputs, int draws) {
            return List.of(new OneAgainstRest(outputs));
        }
    },
    REJECTION {
        @Override
        boolean isOf(Objective objective, int outputs, int draws) {
            return objective.isOfClasses();
        }

        @Override
        List<Measure> begin(Objective objective, int outputs, int draws) {
            return List.of(new Rejection(Rejection.By.CONFIDENCE));
        }
    },
    RESIDUALS {
        @Override
        boolean isOf(Objective objective, int outputs, int draws) {
            return !isOfProbabilities(objective);
        }

        @Override
        List<Measure> begin(Objective objective, int outputs, int draws) {
            return List.of(new Residuals(objective, outputs));
        }
    },
    DRAWS {
        @Override
        boolean isOf(Objective objective, int outputs, int draws) {
            return draws >= 2;
        }

        @Override
        List<Measure> begin(Objective objective, int outputs, int draws) {
            Measure measures = new DrawMeasures(objective, draws);
            return isOfProbabilities(objective)
                    ? List.of(
                            measures,
                            new Rejection(Rejection.By.ENTROPY),
                            new Rejection(Rejection.By.MUTUAL_INFORMATION))
                    : List.of(measures);
        }
    };

    /** Whether a network has them. */
    abstract boolean isOf(Objective objective, int outputs, int draws);

    /** Of no example yet. */
    abstract List<Measure> begin(Objective objective, int outputs, int draws);

    private static boolean isOfProbabilities(Objective objective) {
        return objective.isOfClasses() && objective.isLikelihood();
    }
}
