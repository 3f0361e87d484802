package org.coinflip.model.measure;

import java.util.Map;
import org.coinflip.model.objective.Objective;

/**
 * Means over examples of weights w, {@code Σ w_i e_i / Σ w_i}, e_i what an example adds to the mean that all count alike in: of classes {@code weightedError}, of probabilities
 * {@code weightedLogLoss} too, else {@code weightedMae} and {@code weightedRmse}. Beside other measures left out where all weigh 1, and undefined where all weigh 0.
 */
final class WeightedMeans implements Measure {
    private static final long serialVersionUID = 1L;

    private final Objective objective;
    private final ExactSum weights = new ExactSum();
    /** Of being wrong, or of absolute errors. */
    private final ExactSum errors = new ExactSum();
    /** Of log losses, or of squared errors. */
    private final ExactSum losses = new ExactSum();

    /** Whether they say more than what all count alike in, or are all that is asked for. */
    private boolean areTold;

    /** @param areAlone whether nothing else is measured */
    WeightedMeans(Objective objective, boolean areAlone) {
        this.objective = objective;
        this.areTold = areAlone;
    }

    @Override
    public void add(Predicted batch, int row) {
        double weight = batch.examples().weight(batch.start() + row);
        areTold |= weight != 1;
        weights.add(weight);
        if (objective.isOfClasses()) {
            errors.add(batch.isRight(row) ? 0 : weight);
            double probability = batch.predictions().get(row, batch.label(row));
            losses.add(objective.isOfProbabilities() ? weight * ProbabilityScores.logLoss(probability) : 0);
            return;
        }
        int outputs = batch.predictions().columns();
        double absolutes = 0;
        double squares = 0;
        for (int j = 0; j < outputs; j++) {
            double error = batch.predictions().get(row, j) - Residuals.target(objective, batch, row, j);
            absolutes += Math.abs(error);
            squares += error * error;
        }
        errors.add(weight * absolutes / outputs);
        losses.add(weight * squares / outputs);
    }

    @Override
    public void merge(Measure other) {
        WeightedMeans them = (WeightedMeans) other;
        areTold |= them.areTold;
        weights.add(them.weights);
        errors.add(them.errors);
        losses.add(them.losses);
    }

    @Override
    public void write(Map<String, Object> keys) {
        double sum = weights.value();
        if (!areTold || sum == 0) {
            return;
        }
        if (objective.isOfClasses()) {
            keys.put("weightedError", errors.value() / sum);
            if (objective.isOfProbabilities()) {
                keys.put("weightedLogLoss", losses.value() / sum);
            }
        } else {
            keys.put("weightedMae", errors.value() / sum);
            keys.put("weightedRmse", Math.sqrt(losses.value() / sum));
        }
    }
}
