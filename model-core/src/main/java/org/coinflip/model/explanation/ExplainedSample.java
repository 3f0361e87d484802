package org.coinflip.model.explanation;

import java.util.Optional;

/**
 * A sample of a row; arrays have a number for each unit.
 *
 * @param uniforms u, by which {@code h ≠ 0} where {@code u < P(h ≠ 0 | a)}; empty where the law or the estimator draws in another way
 * @param values h
 * @param loss of the sample, without what the layers below cost
 * @param baselines what the estimator holds against the loss; empty where that is no number of a unit
 * @param upstream ∂L/∂h by back-propagation from above; empty where the estimator does not read it
 */
public record ExplainedSample(
        Optional<float[]> uniforms,
        float[] values,
        float loss,
        Optional<float[]> baselines,
        Optional<float[]> upstream) {}
