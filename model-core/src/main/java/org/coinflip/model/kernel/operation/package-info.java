/** What the kernels compute, as interfaces, and the scalar arithmetic (exp, log, fused multiply-add in portable form) that fixes their bits. */
package org.coinflip.model.kernel.operation;
