package org.coinflip.model.measure;

import java.math.BigDecimal;
import java.util.Map;
import org.coinflip.model.objective.Objective;

/**
 * Errors y − t of outputs held against numbers t: the example's value, its features, or the one-hot code of its class. Over n examples and
 * their m outputs, {@code mae = 1/nm Σ |y − t|} and {@code rmse = √(1/nm Σ (y − t)²)} in the unit of t, and
 * {@code r2 = 1 − Σ (y − t)² / Σ (t − t̄_j)²}, at most 1, t̄_j the mean target of output j; undefined where no target varies. It is the mean
 * of the outputs' R², weighted by the variances of their targets.
 */
final class Residuals implements Measure {
    private static final long serialVersionUID = 1L;

    private final Objective objective;
    private final ExactSum absolute = new ExactSum();
    private final ExactSum squared = new ExactSum();
    private final ExactSum targetSquares = new ExactSum();
    private final ExactSum[] targets;
    private long examples;

    Residuals(Objective objective, int outputs) {
        this.objective = objective;
        this.targets = new ExactSum[outputs];
        for (int j = 0; j < outputs; j++) {
            targets[j] = new ExactSum();
        }
    }

    @Override
    public void add(Predicted batch, int row) {
        double absolutes = 0;
        double squares = 0;
        for (int j = 0; j < targets.length; j++) {
            double target = target(objective, batch, row, j);
            double error = batch.predictions().get(row, j) - target;
            absolutes += Math.abs(error);
            squares += error * error;
            targets[j].add(target);
            targetSquares.add(target * target);
        }
        absolute.add(absolutes);
        squared.add(squares);
        examples++;
    }

    /** What an output is held against. */
    static double target(Objective objective, Predicted batch, int row, int output) {
        if (objective.isOfClasses()) {
            return output == batch.label(row) ? 1 : 0;
        }
        int place = batch.start() + row;
        return objective.isOfValues()
                ? batch.examples().value(place, output)
                : batch.examples().feature(place, output);
    }

    @Override
    public void merge(Measure other) {
        Residuals them = (Residuals) other;
        absolute.add(them.absolute);
        squared.add(them.squared);
        targetSquares.add(them.targetSquares);
        for (int j = 0; j < targets.length; j++) {
            targets[j].add(them.targets[j]);
        }
        examples += them.examples;
    }

    @Override
    public void write(Map<String, Object> keys) {
        double numbers = (double) examples * targets.length;
        keys.put("mae", absolute.value() / numbers);
        keys.put("rmse", Math.sqrt(squared.value() / numbers));
        // the difference of two numbers that may be nearly equal: n times the sum of squares, without rounding
        BigDecimal total = targetSquares.exact().multiply(BigDecimal.valueOf(examples));
        for (ExactSum sum : targets) {
            total = total.subtract(sum.exact().pow(2));
        }
        if (total.signum() > 0) {
            keys.put("r2", 1 - squared.value() * examples / total.doubleValue());
        }
    }
}
