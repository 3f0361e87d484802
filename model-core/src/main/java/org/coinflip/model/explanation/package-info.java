/**
 * One example of one step under the microscope: its coins, losses, learning signals and gradients, recomputed, for every stochastic layer. Begin at {@link
 * org.coinflip.model.explanation.Microscope}; {@link org.coinflip.Model#explain} is for a trained network, the job {@code explain} for any past step of a training.
 */
package org.coinflip.model.explanation;
