package org.coinflip.model.measure;

import java.util.Map;
import org.coinflip.model.objective.StepClasses;

/**
 * Of a class at every step, over the steps of all examples that one is asked of: {@code stepError}, the part that is told wrongly; {@code stepLogLoss}, the mean of −log of the
 * probability of what is asked, in nats, and {@code bitsPerStep}, the same in bits; over the examples {@code sequenceError}, the part of which any step is told wrongly. Undefined where
 * nothing is asked.
 */
final class StepRates implements Measure {
    private static final long serialVersionUID = 1L;

    private static final double NATS_OF_A_BIT = StrictMath.log(2);

    private final ExactSum logLoss = new ExactSum();
    private long steps;
    private long wrong;
    private long examples;
    private long wrongExamples;

    @Override
    public void add(Predicted batch, int row) {
        int all = batch.examples().targets();
        int classes = batch.predictions().columns() / all;
        long before = wrong;
        for (int t = 0; t < all; t++) {
            int asked = StepClasses.asked(batch.examples().value(batch.start() + row, t), classes);
            if (asked == StepClasses.NOT_ASKED) {
                continue;
            }
            steps++;
            wrong += asked == StepClasses.best(batch.predictions(), row, t, classes) ? 0 : 1;
            logLoss.add(ProbabilityScores.logLoss(batch.predictions().get(row, t * classes + asked)));
        }
        examples++;
        wrongExamples += wrong > before ? 1 : 0;
    }

    @Override
    public void merge(Measure other) {
        StepRates them = (StepRates) other;
        logLoss.add(them.logLoss);
        steps += them.steps;
        wrong += them.wrong;
        examples += them.examples;
        wrongExamples += them.wrongExamples;
    }

    @Override
    public void write(Map<String, Object> keys) {
        if (steps > 0) {
            keys.put("stepError", (double) wrong / steps);
            keys.put("stepLogLoss", logLoss.value() / steps);
            keys.put("bitsPerStep", logLoss.value() / steps / NATS_OF_A_BIT);
            keys.put("sequenceError", (double) wrongExamples / examples);
        }
    }
}
