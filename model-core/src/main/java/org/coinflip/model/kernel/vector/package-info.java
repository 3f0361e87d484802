/**
 * The kernels over the JDK's Vector API, each with the bits of its scalar twin.
 *
 * <p>Loops of the same shape are written out, one for each function: a loop that is handed the function boxes its vectors in most virtual machines ({@link org.coinflip.model.kernel.vector.VectorActivations}).
 * So are the rounds of the noise and the tiles of products, whose vectors have to be local variables to stay in registers.
 */
package org.coinflip.model.kernel.vector;
