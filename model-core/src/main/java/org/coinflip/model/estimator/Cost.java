package org.coinflip.model.estimator;

/**
 * What one estimate for a row costs: evaluations of the loss, the sample's own included, and gradients of the loss.
 *
 * @param fixed evaluations whatever the layer's width
 * @param perUnit evaluations for each unit
 * @param everyValue whether each of the 2^D values of D units is evaluated besides
 * @param gradients gradients
 */
public record Cost(int fixed, int perUnit, boolean everyValue, int gradients) {
    /** So many evaluations, and gradients, whatever the layer's width. */
    public static Cost of(int evaluations, int gradients) {
        return new Cost(evaluations, 0, false, gradients);
    }

    /** Evaluations for a layer of so many units. */
    public long evaluations(int units) {
        return fixed + (long) perUnit * units + (everyValue ? 1L << units : 0);
    }

    /** The evaluations as a formula in D. */
    public String formula() {
        StringBuilder formula = new StringBuilder();
        if (everyValue) {
            formula.append("2^D");
        }
        if (perUnit > 0) {
            formula.append(formula.isEmpty() ? "" : " + ").append(perUnit == 1 ? "D" : perUnit + " D");
        }
        if (fixed > 0 || formula.isEmpty()) {
            formula.append(formula.isEmpty() ? "" : " + ").append(fixed);
        }
        return formula.toString();
    }
}
