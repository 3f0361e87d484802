/**
 * Gradient estimators: how the gradient with respect to the logits of stochastic units is obtained. Everything below the logits is
 * ordinary back-propagation. To add one, add its class and a line in {@code Estimators}.
 */
package org.coinflip.model.estimator;
