/**
 * The inner loops: matrix products straight to BLAS, everything elementwise fused into a few kernels over the JDK Vector API, each
 * with a scalar twin that gives the same bits. Nothing here allocates.
 */
package org.coinflip.model.kernel;
