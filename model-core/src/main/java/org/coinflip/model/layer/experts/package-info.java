/**
 * Experts of which only those behind open gates are computed (conditional computation, arXiv 1308.3432): single units, blocks of units, and how examples are routed. Begin at {@link
 * org.coinflip.model.layer.experts.ExpertsLayer}, whose {@code Compute} says whether closed experts are left out; {@code forward} of {@code UnitExpertsStage} and {@code BlockExpertsStage}
 * does so, or {@code wasAllComputed}. Trees begin at {@link org.coinflip.model.layer.experts.TreeExpertsLayer}.
 */
package org.coinflip.model.layer.experts;
