/** Measurements: kernels under JMH, and whole training cases that a PyTorch peer runs too. */
package org.coinflip.bench;
