package org.coinflip.model.explanation;

import java.util.List;
import java.util.Optional;

/**
 * A row of a stochastic layer; arrays have a number for each of its D units.
 *
 * @param logits a
 * @param probabilities P(h ≠ 0 | a), the mean of laws with a score; empty where the law does not tell
 * @param derivative ∂h/∂a with the noise held fixed; empty where the law has none
 * @param samples S of them, as the estimator wants
 * @param gradient the estimate of ∂L/∂a, L the loss of the example: rows of one example add up
 * @param moments what other draws of the noise, here and above, would have made of it; empty where none were asked for, or more than this row enters the estimate
 */
public record ExplainedRow(
        float[] logits,
        Optional<float[]> probabilities,
        Optional<float[]> derivative,
        List<ExplainedSample> samples,
        float[] gradient,
        Optional<Moments> moments) {}
