/**
 * Environments as equations, and policies of stochastic neurons that learn from their rewards. A rollout draws the neurons with the
 * noise of training; the step that follows draws the very same samples again, now with what they earned. What trains is in {@link
 * org.coinflip.model.training}, what spreads episodes over a cluster is not here.
 */
package org.coinflip.model.reward;
