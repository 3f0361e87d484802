/**
 * The one source of randomness: a counter-based generator. Every draw is a pure function of (seed, epoch, example id, layer, unit,
 * draw index), so that it does not matter which thread, partition, executor or retry computes it. No generator has a state.
 */
package org.coinflip.model.noise;
