package org.coinflip.model.estimator;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/**
 * What an estimator says of itself, for machines to check and for the table of estimators to show: the study of estimators fails where a
 * claim does not hold, and the table is written from these.
 *
 * @param formula g, in one line
 * @param bias for which losses it has none
 * @param cost of one row's estimate
 * @param use when to take it, in a few words
 * @param source authors and year
 * @param variance of the estimate for one Bernoulli unit, in closed form, where there is one
 */
public record Claims(
        String formula, Bias bias, Cost cost, String use, String source, Optional<ToDoubleFunction<OneUnit>> variance) {
    public Claims(String formula, Bias bias, Cost cost, String use, String source) {
        this(formula, bias, cost, use, source, Optional.empty());
    }

    /** With the closed form of the variance for one Bernoulli unit. */
    public Claims withVariance(ToDoubleFunction<OneUnit> closedForm) {
        return new Claims(formula, bias, cost, use, source, Optional.of(closedForm));
    }

    /** The variance for one Bernoulli unit, where it is known. */
    public OptionalDouble varianceOf(OneUnit unit) {
        return variance.isPresent() ? OptionalDouble.of(variance.get().applyAsDouble(unit)) : OptionalDouble.empty();
    }
}
