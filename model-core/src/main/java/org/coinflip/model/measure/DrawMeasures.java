package org.coinflip.model.measure;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.coinflip.model.objective.Objective;

/**
 * What only networks have whose answer is drawn: means over the examples of what K draws of each gave, written under {@code draws}.
 * Of probabilities, {@code predictiveEntropy} H(p̄), {@code expectedEntropy} 1/K Σ_k H(p_k), both in [0, ln classes] nats, and their difference
 * {@code mutualInformation}, which is 0 where all draws agree; biased downwards for few draws. {@code disagreement} is the part of the draws
 * that classify otherwise than their mean, in [0, 1), {@code deviation} the standard deviation of an output from draw to draw. {@code byDraws} is the error (for
 * outputs that are no classes the squared error) and log loss of the mean of the first 1, 2, 4, … draws: where they end to fall, more samples gain nothing.
 *
 * <p>Houlsby, Huszár, Ghahramani, Lengyel (2011), "Bayesian active learning for classification and preference learning", equation 2; Gal (2016),
 * "Uncertainty in deep learning", §3.3.1.
 */
final class DrawMeasures implements Measure {
    private static final long serialVersionUID = 1L;

    private final boolean classes;
    private final boolean countsErrors;
    private final boolean probabilities;
    private final int[] counts;
    private final ExactSum predictive = new ExactSum();
    private final ExactSum expected = new ExactSum();
    private final ExactSum information = new ExactSum();
    private final ExactSum disagreement = new ExactSum();
    private final ExactSum deviation = new ExactSum();
    private final ExactSum[] errors;
    private final ExactSum[] logLosses;
    private long examples;

    DrawMeasures(Objective objective, int draws) {
        classes = objective.isOfClasses();
        countsErrors = objective.countsErrors();
        probabilities = objective.isOfProbabilities();
        counts = DrawTrace.counts(draws);
        errors = sums(counts.length);
        logLosses = sums(counts.length);
    }

    private static ExactSum[] sums(int count) {
        return Stream.generate(ExactSum::new).limit(count).toArray(ExactSum[]::new);
    }

    @Override
    public void add(Predicted batch, int row) {
        DrawTrace draws = batch.draws().orElseThrow();
        deviation.add(draws.deviation(row));
        if (classes) {
            disagreement.add(draws.disagreement(row, batch.best(row)));
        }
        if (probabilities) {
            predictive.add(draws.predictiveEntropy(row));
            expected.add(draws.expectedEntropy(row));
            information.add(draws.mutualInformation(row));
        }
        for (int i = 0; i < counts.length; i++) {
            errors[i].add(draws.error(i, row));
            logLosses[i].add(draws.logLoss(i, row));
        }
        examples++;
    }

    @Override
    public void merge(Measure other) {
        DrawMeasures them = (DrawMeasures) other;
        predictive.add(them.predictive);
        expected.add(them.expected);
        information.add(them.information);
        disagreement.add(them.disagreement);
        deviation.add(them.deviation);
        for (int i = 0; i < counts.length; i++) {
            errors[i].add(them.errors[i]);
            logLosses[i].add(them.logLosses[i]);
        }
        examples += them.examples;
    }

    @Override
    public void write(Map<String, Object> keys) {
        Map<String, Object> draws = new LinkedHashMap<>();
        draws.put("draws", counts[counts.length - 1]);
        if (probabilities) {
            draws.put("predictiveEntropy", mean(predictive));
            draws.put("expectedEntropy", mean(expected));
            draws.put("mutualInformation", mean(information));
        }
        if (classes) {
            draws.put("disagreement", mean(disagreement));
        }
        draws.put("deviation", mean(deviation));
        List<Map<String, Object>> byDraws = new ArrayList<>();
        for (int i = 0; i < counts.length; i++) {
            Map<String, Object> point = new LinkedHashMap<>();
            point.put("draws", counts[i]);
            point.put(countsErrors ? "error" : "squaredError", mean(errors[i]));
            if (probabilities) {
                point.put("logLoss", mean(logLosses[i]));
            }
            byDraws.add(point);
        }
        draws.put("byDraws", byDraws);
        keys.put("draws", draws);
    }

    private double mean(ExactSum sum) {
        return sum.value() / examples;
    }
}
