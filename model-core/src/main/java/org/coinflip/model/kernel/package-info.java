/**
 * The inner loops: matrix products by BLAS, everything elementwise fused into a few kernels over the JDK Vector API, each with a scalar twin that gives the same bits. Nothing here allocates in a step.
 *
 * <p>Begin at {@link org.coinflip.model.kernel.Backend}, all kernels of a machine. {@link org.coinflip.model.kernel.KernelChoice} chooses between MKL, OpenBLAS and the project's own products
 * ({@link org.coinflip.model.kernel.BlasLibrary}), once for all machines of a training, by timing its products or, with {@code arithmetic = portable}, without. What is computed is in {@code operation}; of
 * each interface there are twins in {@code vector} and {@code scalar}, between which the caller's {@code Backend} picks.
 */
package org.coinflip.model.kernel;
