/**
 * The one source of randomness: a counter-based generator. Every draw is a pure function of (seed, epoch, example id, layer, unit,
 * draw index), so that it does not matter which thread, partition, executor or retry computes it. No generator has a state.
 *
 * <p>Begin at {@link org.coinflip.model.noise.NoiseKey}: the key is (seed, epoch, purpose), a layer's number being its purpose, the counter (block of units, replica and draw, example id).
 * {@link org.coinflip.model.noise.Draws} are a layer's for a batch, as kernels take them.
 */
package org.coinflip.model.noise;
