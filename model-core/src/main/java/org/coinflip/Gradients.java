package org.coinflip;

import com.typesafe.config.ConfigFactory;
import java.util.Arrays;
import java.util.Map;
import org.coinflip.model.estimator.GradientEstimator;
import org.coinflip.model.estimator.registry.Estimators;
import org.coinflip.model.settings.Section;
import org.coinflip.model.unit.UnitLaw;

/**
 * Gradient estimators with the defaults of experiment files: the usual ones by a method, every one by {@link #of}. The records in {@link
 * org.coinflip.model.estimator} have every parameter, and say bias, variance, cost and source.
 */
public final class Gradients {
    private Gradients() {}

    /** Two antithetic samples: unbiased, never more variance than ARM, two losses. */
    public static GradientEstimator disarm() {
        return of("disarm");
    }

    /** The score times the loss less a baseline: unbiased, one loss, no gradient. */
    public static GradientEstimator reinforce() {
        return of("reinforce");
    }

    /** The gradient at the sample as if it were the mean: biased, little variance. */
    public static GradientEstimator straightThrough() {
        return of("straight-through");
    }

    /** Each sample's loss less the mean of the others': unbiased. */
    public static GradientEstimator leaveOneOut() {
        return of("rloo");
    }

    /** A second-order correction of straight-through. */
    public static GradientEstimator reinMax() {
        return of("reinmax");
    }

    /** A relaxed control variate: unbiased. */
    public static GradientEstimator rebar() {
        return of("rebar");
    }

    /** A relaxed control variate with a trained network: unbiased. */
    public static GradientEstimator relax() {
        return of("relax");
    }

    /** Every unit summed over both its values: unbiased, little variance, a loss for each unit. */
    public static GradientEstimator localExpectation() {
        return of("local-expectation");
    }

    /** The derivative of the sample with its noise held fixed, of laws that have one. */
    public static GradientEstimator pathwise() {
        return of("pathwise");
    }

    /** The best of some for units of a law, measured as the network learns. */
    public static GradientEstimator auto(UnitLaw law, GradientEstimator... among) {
        Map<String, Object> keys = Map.of(
                "type",
                "auto",
                "among",
                Arrays.stream(among).map(GradientEstimator::write).toList());
        return Estimators.readOrChoose(Section.root(ConfigFactory.parseMap(keys)), law);
    }

    /** Any estimator by the name that experiment files use, with its defaults. */
    public static GradientEstimator of(String type) {
        return Estimators.read(Section.root(ConfigFactory.parseMap(Map.of("type", type))));
    }
}
