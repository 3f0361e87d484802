package org.coinflip.model.estimator.pathwise;

import java.util.Map;
import org.coinflip.model.estimator.Bias;
import org.coinflip.model.estimator.Claims;
import org.coinflip.model.estimator.Cost;
import org.coinflip.model.estimator.Estimation;
import org.coinflip.model.estimator.GradientEstimator;
import org.coinflip.model.estimator.Site;
import org.coinflip.model.kernel.Categories;
import org.coinflip.model.kernel.operation.Activation;
import org.coinflip.model.unit.UnitLaw;

/**
 * Back-propagation through h = f(a, z) with the noise z held fixed: {@code g_i = ∂L/∂h_i · ∂h_i/∂a_i}. Unbiased where h is a Lipschitz
 * function of a (noisy rectifiers); for stochastic-times-smooth units only the smooth factor is differentiated, which is the paper's
 * estimator and biased. Cost: one evaluation and its gradient.
 *
 * <p>Bengio, Léonard, Courville (2013), arXiv 1308.3432, sections 2 and 3.
 */
public record Pathwise() implements GradientEstimator {
    public static final String TYPE = "pathwise";

    @Override
    public boolean needsGradient() {
        return true;
    }

    @Override
    public boolean needsGradientAtZero(UnitLaw law) {
        return !law.isFlatAtZero();
    }

    @Override
    public boolean suits(UnitLaw law) {
        return law.pathwise() != UnitLaw.Pathwise.NONE;
    }

    @Override
    public String serves() {
        return "units with a derivative, such as noisy-rectifier and stochastic-times-smooth";
    }

    @Override
    public Estimation at(Site site) {
        return switch (site.law().pathwise()) {
            case NONE -> throw new IllegalArgumentException(serves() + ", not " + site.law());
            case STORED -> here ->
                    here.backend().elementwise().multiply(here.derivative(), here.logitGradient(), here.rows());
            case SHIFT -> here -> {};
            case WHERE_POSITIVE -> here -> here.backend()
                    .elementwise()
                    .activationGradient(Activation.RELU, here.samples(), here.logitGradient(), here.rows());
            case SOFTMAX -> here -> Categories.multiplyByJacobian(
                    here.derivative(), here.samples(), here.law().columnsPerUnit(), here.rows(), here.logitGradient());
        };
    }

    @Override
    public Claims claims() {
        return new Claims(
                "f'(h) ∂h/∂a, the noise held fixed",
                Bias.BY_LAW,
                Cost.of(1, 1),
                "units with a derivative; of stochastic-times-smooth only the smooth factor is differentiated",
                "Bengio, Léonard, Courville 2013");
    }

    @Override
    public Map<String, Object> write() {
        return Map.of("type", TYPE);
    }
}
