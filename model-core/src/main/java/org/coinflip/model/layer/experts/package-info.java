/** Experts of which only those behind open gates are computed (conditional computation, arXiv 1308.3432): single units, blocks of units, and how examples are routed. */
package org.coinflip.model.layer.experts;
