/**
 * What a gradient estimator is: how the gradient with respect to the logits of stochastic units is obtained ({@link org.coinflip.model.estimator.GradientEstimator}), at a site of a layer
 * ({@link org.coinflip.model.estimator.Site}), and what it claims of its bias and cost ({@link org.coinflip.model.estimator.Claims}), which the certificate holds it to.
 *
 * <p>The estimators themselves are in packages by family: {@code score}, {@code bound}, {@code enumeration}, {@code relaxation} and {@code pathwise}. To add one, add its class to its family and a
 * line to {@code registry.Estimators}. Everything below the logits is ordinary back-propagation.
 */
package org.coinflip.model.estimator;
