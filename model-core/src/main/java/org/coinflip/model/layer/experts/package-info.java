/**
 * What gates open for each example (conditional computation, arXiv 1308.3432): experts that are computed only where they are, single units and blocks of
 * units, and how examples are routed to them; maps.
 */
package org.coinflip.model.layer.experts;
