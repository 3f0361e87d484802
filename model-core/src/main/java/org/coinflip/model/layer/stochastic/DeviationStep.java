package org.coinflip.model.layer.stochastic;

import org.coinflip.model.estimator.Estimation;
import org.coinflip.model.estimator.Site;
import org.coinflip.model.layer.Binding;
import org.coinflip.model.layer.ParameterVector;
import org.coinflip.model.layer.Sink;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.unit.Gaussian;
import org.coinflip.model.unit.GaussianUnits;

/**
 * What a layer of {@link Gaussian} units learns of their deviations in one pass, ∂L/∂log s. Where a gradient comes from above it is {@code ∂L/∂h s n}; else the layer's own estimator
 * gives it, for the squared deviation (h − a)² in the place of h and its mean s² in that of a: the score of log s is the same multiple of their difference as that of a of h − a.
 */
final class DeviationStep {
    private final ParameterVector logDeviations;
    private final Sink sink;
    private final GaussianUnits units;

    /** ∂L/∂log s by each row. */
    private final Matrix gradient;

    /** (h − a)² of every sample and s²; null where a gradient comes from above. */
    private final SquaredDeviations squares;

    DeviationStep(StochasticStage stage, Binding binding, boolean needsGradient) {
        logDeviations = ParameterVector.of(binding, Gaussian.LOG_DEVIATIONS);
        sink = binding.sink();
        units = (GaussianUnits) stage.law();
        gradient = Matrix.padded(stage.logits().rows(), stage.width());
        squares = needsGradient ? null : new SquaredDeviations(stage, gradient);
    }

    /** Takes the units with the deviations of a state. */
    static GaussianUnits units(Gaussian law, Binding binding) {
        return law.with(binding.state().view(binding.segment(Gaussian.LOG_DEVIATIONS)));
    }

    /** To be called when the gradient with respect to the samples is there, and not yet that with respect to the logits. */
    void estimate(Site site, Estimation estimation) {
        if (squares == null) {
            gradient.setRows(0, site.upstream(), 0, site.rows());
            site.backend().elementwise().multiply(site.derivative(), gradient, site.rows());
        } else {
            squares.square(units);
            estimation.estimate(squares);
        }
    }

    /** @param weights what the example of each row counts; null where all count 1 */
    void accumulate(Site site, float[] weights, int examples) {
        if (sink == null) {
            return;
        }
        if (weights != null) {
            site.backend().elementwise().scaleRows(weights, site.rows(), gradient);
        }
        site.backend()
                .elementwise()
                .columnSums(
                        gradient,
                        site.rows(),
                        sink.scale(logDeviations.segment(), examples),
                        sink.carry(logDeviations.segment()),
                        logDeviations.target());
    }
}
