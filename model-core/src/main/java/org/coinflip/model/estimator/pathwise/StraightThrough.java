package org.coinflip.model.estimator.pathwise;

import java.util.LinkedHashMap;
import java.util.Map;
import org.coinflip.model.estimator.Bias;
import org.coinflip.model.estimator.Claims;
import org.coinflip.model.estimator.Cost;
import org.coinflip.model.estimator.Estimation;
import org.coinflip.model.estimator.GradientEstimator;
import org.coinflip.model.estimator.OneUnit;
import org.coinflip.model.estimator.Site;
import org.coinflip.model.kernel.Categories;
import org.coinflip.model.kernel.operation.Activation;
import org.coinflip.model.settings.Range;
import org.coinflip.model.settings.Section;
import org.coinflip.model.unit.UnitLaw;

/**
 * Straight-through: the sample's gradient is taken for the logit's, {@code g_i = ∂L/∂h_i · d(a_i)}, with one of the factors d that
 * {@link Derivative} lists. Biased: with the sigmoid's or softmax's derivative it is exact for linear L, with the sigmoid's for quadratic L at p = ½; with d = 1 its
 * fixed point for L = (h − t)² is p = t. Cost: one evaluation and its gradient.
 *
 * <p>Hinton (2012), Coursera lecture 15b; Bengio, Léonard, Courville (2013), arXiv 1308.3432, section 4; the clipped one Hubara,
 * Courbariaux, Soudry, El-Yaniv, Bengio (2016), "Binarized neural networks"; the annealed one Chung, Ahn, Bengio (2017),
 * "Hierarchical multiscale recurrent neural networks", where s rises from 1 to 5 too.
 *
 * @param derivative d
 * @param limit c of the clipped one
 * @param slope s of the hard sigmoid when training begins
 * @param finalSlope s when it ends; between, it is linear in the part of the training that is done
 */
public record StraightThrough(Derivative derivative, double limit, double slope, double finalSlope)
        implements GradientEstimator {
    public static final String TYPE = "straight-through";

    private static final double LIMIT = 1;
    private static final double SLOPE = 1;
    private static final double FINAL_SLOPE = 5;

    /** The factor that stands for ∂h/∂a. */
    public enum Derivative {
        /** 1. */
        IDENTITY,
        /** p (1 − p), for binary units. */
        SIGMOID,
        /** J(p) = diag p − p pᵀ, the Jacobian of the softmax, for categorical units: {@code g = J(p) ∂L/∂h}. */
        SOFTMAX,
        /** 1[|a| ≤ c]: a logit that is far out is not driven further. */
        CLIPPED,
        /** s/2 · 1[|s a| ≤ 1], the derivative of the hard sigmoid max(0, min(1, (s a + 1)/2)). */
        HARD_SIGMOID
    }

    /** With the defaults of the derivative. */
    public StraightThrough(Derivative derivative) {
        this(derivative, LIMIT, SLOPE, FINAL_SLOPE);
    }

    public static StraightThrough read(Section section) {
        // Models of the first release have the flag.
        Derivative byFlag = section.flag("derive-sigmoid", false) ? Derivative.SIGMOID : Derivative.IDENTITY;
        if (section.has("derive-sigmoid") && section.has("derivative")) {
            throw section.wrong("derive-sigmoid", "nothing beside derivative: derivative = sigmoid says the same");
        }
        Derivative derivative = section.choice("derivative", byFlag);
        boolean hard = derivative == Derivative.HARD_SIGMOID;
        return new StraightThrough(
                derivative,
                derivative == Derivative.CLIPPED ? section.number("limit", LIMIT, Range.POSITIVE) : LIMIT,
                hard ? section.number("slope", SLOPE, Range.POSITIVE) : SLOPE,
                hard ? section.number("final-slope", FINAL_SLOPE, Range.POSITIVE) : FINAL_SLOPE);
    }

    @Override
    public boolean needsGradient() {
        return true;
    }

    @Override
    public boolean suits(UnitLaw law) {
        return switch (derivative) {
            case IDENTITY -> law.isDiscrete();
            case SOFTMAX -> law.isDiscrete() && !law.isBinary();
            case SIGMOID, CLIPPED, HARD_SIGMOID -> law.isBinary();
        };
    }

    @Override
    public String serves() {
        return switch (derivative) {
            case IDENTITY -> "binary and categorical units";
            case SOFTMAX -> "categorical units";
            case SIGMOID, CLIPPED, HARD_SIGMOID -> "binary units";
        };
    }

    @Override
    public Estimation at(Site site) {
        return switch (derivative) {
            case IDENTITY -> here -> {};
            case SIGMOID -> here -> here.backend()
                    .elementwise()
                    .activationGradient(Activation.SIGMOID, here.probabilities(), here.logitGradient(), here.rows());
            case SOFTMAX -> here -> Categories.multiplyByJacobian(
                    here.probabilities(),
                    here.probabilities(),
                    here.law().columnsPerUnit(),
                    here.rows(),
                    here.logitGradient());
            case CLIPPED -> here -> multiplyWithin(here, limit, 1);
            case HARD_SIGMOID -> here -> {
                double s = slope + (finalSlope - slope) * here.context().progress();
                multiplyWithin(here, 1 / s, s / 2);
            };
        };
    }

    private static void multiplyWithin(Site site, double limit, double factor) {
        site.backend()
                .unitGradients()
                .multiplyWithin(site.logits(), (float) limit, (float) factor, site.logitGradient(), site.rows());
    }

    @Override
    public Claims claims() {
        return new Claims(
                        "f'(b) d(a)",
                        derivative == Derivative.SIGMOID || derivative == Derivative.SOFTMAX
                                ? Bias.BEYOND_LINEAR
                                : Bias.PRESENT,
                        Cost.of(1, 1),
                        "smooth losses, classification among them; with the sigmoid's or softmax's derivative exact for linear ones",
                        "Hinton 2012; Bengio, Léonard, Courville 2013")
                .withVariance(unit -> unit.varianceOfSlope(factor(unit)));
    }

    /** d(a) at the start of training. */
    private double factor(OneUnit unit) {
        double a = Math.abs(unit.logit());
        return switch (derivative) {
            case IDENTITY -> 1;
                // Of two categories, as one unit is.
            case SIGMOID, SOFTMAX -> unit.spread();
            case CLIPPED -> a <= limit ? 1 : 0;
            case HARD_SIGMOID -> a <= 1 / slope ? slope / 2 : 0;
        };
    }

    @Override
    public Map<String, Object> write() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("type", TYPE);
        keys.put("derivative", Section.name(derivative));
        if (derivative == Derivative.CLIPPED) {
            keys.put("limit", limit);
        }
        if (derivative == Derivative.HARD_SIGMOID) {
            keys.put("slope", slope);
            keys.put("final-slope", finalSlope);
        }
        return keys;
    }
}
