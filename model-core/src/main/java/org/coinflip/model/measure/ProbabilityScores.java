package org.coinflip.model.measure;

import java.util.Map;

/**
 * Proper scores of the probabilities p of an example's classes, c being its class; less is better. {@code logLoss} is the mean of
 * {@code −ln max(p_c, 2⁻⁵²)}, in [0, 36.04] nats: no probability of 0 makes it infinite. {@code brier} is the mean of
 * {@code Σ_j (p_j − 1[j = c])²}, in [0, 2]; the score of two classes that some call so, {@code (p_1 − 1[c = 1])²}, is half of it.
 *
 * <p>Good (1952), "Rational decisions"; Brier (1950), "Verification of forecasts expressed in terms of probability", equation 2.
 */
final class ProbabilityScores implements Measure {
    private static final long serialVersionUID = 1L;

    private static final double LEAST = 0x1p-52;

    private final ExactSum logLoss = new ExactSum();
    private final ExactSum brier = new ExactSum();
    private long examples;

    /** {@code −ln max(p, 2⁻⁵²)}. */
    static double logLoss(double probability) {
        return -StrictMath.log(Math.max(probability, LEAST));
    }

    @Override
    public void add(Predicted batch, int row) {
        int label = batch.label(row);
        double squares = 0;
        for (int j = 0; j < batch.predictions().columns(); j++) {
            double difference = batch.predictions().get(row, j) - (j == label ? 1.0 : 0.0);
            squares += difference * difference;
        }
        logLoss.add(logLoss(batch.predictions().get(row, label)));
        brier.add(squares);
        examples++;
    }

    @Override
    public void merge(Measure other) {
        ProbabilityScores them = (ProbabilityScores) other;
        logLoss.add(them.logLoss);
        brier.add(them.brier);
        examples += them.examples;
    }

    @Override
    public void write(Map<String, Object> keys) {
        keys.put("logLoss", logLoss.value() / examples);
        keys.put("brier", brier.value() / examples);
    }
}
