package org.coinflip.spark.study.estimators;

/**
 * One unit of one cell of the certificate.
 *
 * @param estimator what is studied, with the keys that were written
 * @param law of the units
 * @param function the loss
 * @param units D
 * @param unit from 1
 * @param logit a
 * @param samples estimates drawn
 * @param exact ∂E f/∂a, NaN where it is not known
 * @param mean of the estimates
 * @param standardError of the mean
 * @param variance of one estimate
 * @param meanSquaredError of one estimate about the exact gradient
 * @param cosine mean over the estimates of the cosine to the exact gradient of all units
 * @param evaluations of the loss for one estimate
 * @param gradients of the loss for one estimate
 * @param nanosPerExample time of a pass there and back, for one row
 * @param claim the estimator's claim of its bias, in words
 * @param claimsNone whether that is none here
 * @param closedForm the variance that it claims, NaN where it claims none
 * @param varianceError standard error of the variance
 */
record CertificateRow(
        String estimator,
        String law,
        String function,
        int units,
        int unit,
        double logit,
        long samples,
        double exact,
        double mean,
        double standardError,
        double variance,
        double meanSquaredError,
        double cosine,
        long evaluations,
        int gradients,
        double nanosPerExample,
        String claim,
        boolean claimsNone,
        double closedForm,
        double varianceError) {
    /** What 32-bit arithmetic may do to a mean, relative to 1 + |exact|. */
    private static final double ROUNDING = 1e-6;

    boolean testsBias() {
        return claimsNone && Double.isFinite(exact);
    }

    boolean testsVariance() {
        return Double.isFinite(closedForm);
    }

    /** (mean − exact) in standard errors of the mean; 0 within rounding. */
    double deviation() {
        return inErrors(mean - exact, rounding(), standardError);
    }

    /** (variance − closed form) in standard errors of the variance; 0 within rounding. */
    double varianceDeviation() {
        double rounding = rounding() * (2 * Math.sqrt(variance) + rounding());
        return inErrors(variance - closedForm, rounding, varianceError);
    }

    private double rounding() {
        return ROUNDING * (1 + Math.abs(exact));
    }

    /** Infinite where something that does not vary is off. */
    private static double inErrors(double difference, double rounding, double error) {
        double beyond = Math.max(0, Math.abs(difference) - rounding);
        return beyond == 0 ? 0 : Math.copySign(beyond / error, difference);
    }
}
