/**
 * Energy-based networks: relaxation of layered symmetric networks to a fixed point, and the gradients that are read off it, equilibrium propagation first of all.
 *
 * <p>Begin at {@link org.coinflip.model.energy.Relaxation} and {@link org.coinflip.model.energy.EnergyGradient}; {@code EnergyGradients} has the rules by name. The layer that experiment files name is in {@link
 * org.coinflip.model.layer}, training in {@link org.coinflip.model.training}.
 */
package org.coinflip.model.energy;
