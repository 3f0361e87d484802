package org.coinflip.model.explanation;

import java.util.Optional;

/**
 * What draws of the noise in a layer and in those above it make of the estimates of a row, given what the layers below gave.
 *
 * @param draws how many
 * @param mean of the layer's own estimator, D numbers
 * @param deviation of one estimate of it, divisor draws − 1
 * @param reference mean of an unbiased estimator of little variance; empty where the layer has none
 * @param referenceError the standard error of that mean; 0 where it is exact
 */
public record Moments(
        int draws,
        double[] mean,
        double[] deviation,
        Optional<double[]> reference,
        Optional<double[]> referenceError) {}
