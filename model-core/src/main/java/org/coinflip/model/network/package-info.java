/**
 * Networks as values: a {@link org.coinflip.model.network.NetworkSpec} is compiled into a {@link
 * org.coinflip.model.network.Network} (parameter layout and layers), which is bound to a state and a batch size as a {@link
 * org.coinflip.model.network.Pass}: all memory of one thread's forward and backward computations.
 */
package org.coinflip.model.network;
