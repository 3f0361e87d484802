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
 * @param seen those of them that are not 0, but for rounding
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
        long seen,
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
    static final double ROUNDING = 1e-6;

    /** Of fewer estimates that are not 0 the mean is not normal enough to be tested. */
    private static final int LEAST_SEEN = 25;

    /**
     * Gradients below {@value}/N may come from events that hardly one of N samples sees. A larger one, made of estimates of size 1 at
     * most, has on average 100 of N that are not 0, and fewer than 25 with a probability below 10⁻¹⁸.
     */
    private static final int RARE = 100;

    boolean testsBias() {
        return claimsNone && Double.isFinite(exact) && !isTooRare();
    }

    /** Whether the gradient comes from events that are too rare for the sample to tell a bias, such as a rectifier far below 0. */
    boolean isTooRare() {
        return seen < LEAST_SEEN && Math.abs(exact) > ROUNDING && Math.abs(exact) < (double) RARE / samples;
    }

    /** What an accuracy costs: mean squared error times evaluations and gradients, for estimates that are averaged. NaN where the error is not known. */
    double work() {
        return meanSquaredError * (evaluations + gradients);
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
