/** The kernels over the JDK's Vector API, each with the bits of its scalar twin. */
package org.coinflip.model.kernel.vector;
