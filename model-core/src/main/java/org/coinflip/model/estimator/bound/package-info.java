/**
 * Estimators of the K-sample bound of latent variables: VIMCO, OVIS, reweighted wake-sleep; through any depth of layers their samples are shared particles.
 */
package org.coinflip.model.estimator.bound;
