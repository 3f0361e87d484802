/** Off-heap float32 memory that BLAS, the vector kernels and ND4J share without copying. */
package org.coinflip.model.memory;
