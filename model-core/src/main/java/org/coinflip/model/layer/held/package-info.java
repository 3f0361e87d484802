/**
 * Samples of stochastic units that are held while the parameters move, and what their ratios of probabilities sum to. What a stage does with them is in {@code stochastic}, who
 * holds them is {@code reward}'s learner.
 */
package org.coinflip.model.layer.held;
