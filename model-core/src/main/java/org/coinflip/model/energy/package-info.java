/**
 * Energy-based networks: relaxation of layered symmetric networks to a fixed point, and the gradients that are read off it. Training and
 * the layer that experiment files name are elsewhere.
 */
package org.coinflip.model.energy;
