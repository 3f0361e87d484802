package org.coinflip.model.measure;

import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.coinflip.model.objective.Objective;

/** A number that states of a network are compared by: at looks of a training, and among the trials of a sweep. */
public enum Metric {
    LOSS("loss", null, false),
    /** Examples classified wrongly; of a reconstruction the squared error. */
    ERROR("error", null, false),
    BALANCED_ERROR("balancedError", MeasureKind.CLASS_RATES, false),
    PRECISION("precision", MeasureKind.CLASS_RATES, true),
    RECALL("recall", MeasureKind.CLASS_RATES, true),
    F1("f1", MeasureKind.CLASS_RATES, true),
    TOP_2_ERROR("top2Error", MeasureKind.TOP_ERRORS, false, 3),
    TOP_3_ERROR("top3Error", MeasureKind.TOP_ERRORS, false, 4),
    TOP_5_ERROR("top5Error", MeasureKind.TOP_ERRORS, false, 6),
    TOP_10_ERROR("top10Error", MeasureKind.TOP_ERRORS, false, 11),
    AUC("auc", MeasureKind.RANKING, true),
    AVERAGE_PRECISION("averagePrecision", MeasureKind.RANKING, true),
    LOG_LOSS("logLoss", MeasureKind.PROBABILITIES, false),
    BRIER("brier", MeasureKind.PROBABILITIES, false),
    ECE("ece", MeasureKind.CALIBRATION, false),
    MCE("mce", MeasureKind.CALIBRATION, false),
    REJECTION_AREA("rejectionArea", MeasureKind.REJECTION, false),
    MAE("mae", MeasureKind.RESIDUALS, false),
    RMSE("rmse", MeasureKind.RESIDUALS, false),
    R2("r2", MeasureKind.RESIDUALS, true),
    STEP_ERROR("stepError", MeasureKind.STEPS, false),
    SEQUENCE_ERROR("sequenceError", MeasureKind.STEPS, false),
    STEP_LOG_LOSS("stepLogLoss", MeasureKind.STEPS, false),
    HAMMING_ERROR("hammingError", MeasureKind.LABEL_SETS, false),
    SUBSET_ERROR("subsetError", MeasureKind.LABEL_SETS, false),
    MICRO_F1("microF1", MeasureKind.LABEL_SETS, true),
    MACRO_F1("macroF1", MeasureKind.LABEL_SETS, true),
    WEIGHTED_ERROR("weightedError", MeasureKind.WEIGHTED, Objective::isOfClasses),
    WEIGHTED_LOG_LOSS(
            "weightedLogLoss",
            MeasureKind.WEIGHTED,
            objective -> objective.isOfClasses() && objective.isOfProbabilities()),
    WEIGHTED_MAE("weightedMae", MeasureKind.WEIGHTED, objective -> !objective.isOfClasses()),
    WEIGHTED_RMSE("weightedRmse", MeasureKind.WEIGHTED, objective -> !objective.isOfClasses());

    private final String key;
    private final MeasureKind kind;
    private final boolean maximised;
    private final int leastOutputs;
    private final Predicate<Objective> have;

    Metric(String key, MeasureKind kind, boolean maximised) {
        this(key, kind, maximised, 1);
    }

    Metric(String key, MeasureKind kind, boolean maximised, int leastOutputs) {
        this(key, kind, maximised, leastOutputs, objective -> true);
    }

    Metric(String key, MeasureKind kind, Predicate<Objective> have) {
        this(key, kind, false, 1, have);
    }

    Metric(String key, MeasureKind kind, boolean maximised, int leastOutputs, Predicate<Objective> have) {
        this.have = have;
        this.key = key;
        this.kind = kind;
        this.maximised = maximised;
        this.leastOutputs = leastOutputs;
    }

    /** What summaries call it. */
    public String key() {
        return key;
    }

    /** What has to be measured for it; empty where every score has it, and where a network of so many outputs does not. */
    Optional<MeasureKind> kind(Objective objective, int outputs) {
        return Optional.ofNullable(kind)
                .filter(k -> outputs >= leastOutputs && have.test(objective) && k.isOf(objective, outputs, 1));
    }

    /** Whether every score has it, and nothing has to be measured for it. */
    public boolean isOfScores() {
        return kind == null;
    }

    /** Whether more of it is better. */
    public boolean isMaximised() {
        return maximised;
    }

    /**
     * The metric in a score as metrics and summaries have it, less being better: what is better when it is more is negated.
     *
     * @param score with what was measured, if anything, under {@code measures}
     * @return NaN where it is not there
     */
    public double cost(Map<?, ?> score) {
        Object value =
                switch (this) {
                    case LOSS -> score.get(key);
                    case ERROR -> score.containsKey(key) ? score.get(key) : score.get("squaredError");
                    default -> score.get("measures") instanceof Map<?, ?> measures ? measures.get(key) : null;
                };
        double found = value instanceof Number number ? number.doubleValue() : Double.NaN;
        return maximised ? -found : found;
    }
}
