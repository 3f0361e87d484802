/** The kernels in plain loops: the twins that the vector kernels are held to, bit by bit, and what runs where there is no vector unit. */
package org.coinflip.model.kernel.scalar;
