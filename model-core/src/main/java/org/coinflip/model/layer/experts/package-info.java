/**
 * What gates open for each example (conditional computation, arXiv 1308.3432): experts that are computed only where they are, single units and blocks of units, and how examples are routed to
 * them; maps. Begin at {@link org.coinflip.model.layer.experts.ExpertsLayer}, whose {@code Compute} says whether closed experts are left out, by
 * {@code ExpertsStage.isSparse}: of single units by the kernels of {@code UnitExpertsStage}, of blocks by {@code BlockLevel}, for the rows that {@code Routing} lists. Trees begin at {@link org.coinflip.model.layer.experts.TreeExpertsLayer}, maps at {@link
 * org.coinflip.model.layer.experts.GatedMaps}.
 */
package org.coinflip.model.layer.experts;
