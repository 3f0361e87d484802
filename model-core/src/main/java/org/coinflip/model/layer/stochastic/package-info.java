/**
 * Layers of stochastic units: begin at {@link org.coinflip.model.layer.stochastic.StochasticLayer}; with priors of latent variables, sparsity, floors of firing rates and thresholds for
 * deterministic use. Laws of the units are {@link org.coinflip.model.unit}'s, gradients {@link org.coinflip.model.estimator}'s.
 */
package org.coinflip.model.layer.stochastic;
