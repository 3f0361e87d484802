/**
 * Off-heap float32 memory that BLAS, the vector kernels and ND4J share without copying. Begin at {@link org.coinflip.model.memory.State}: all vectors of a training (parameters, statistics, optimizer state), laid out by a
 * {@link org.coinflip.model.memory.Layout} of named segments. What is computed with it is {@link org.coinflip.model.kernel}'s.
 */
package org.coinflip.model.memory;
