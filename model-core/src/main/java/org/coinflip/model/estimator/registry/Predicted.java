package org.coinflip.model.estimator.registry;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.coinflip.model.estimator.Bias;
import org.coinflip.model.estimator.Claims;
import org.coinflip.model.estimator.Cost;
import org.coinflip.model.estimator.Estimation;
import org.coinflip.model.estimator.ForUnitsWithScore;
import org.coinflip.model.estimator.GradientEstimator;
import org.coinflip.model.estimator.Site;
import org.coinflip.model.estimator.score.Reinforce;
import org.coinflip.model.kernel.Categories;
import org.coinflip.model.kernel.operation.Activation;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.memory.Statistic;
import org.coinflip.model.settings.Range;
import org.coinflip.model.settings.Section;
import org.coinflip.model.unit.UnitLaw;

/**
 * The prediction of an unbiased but noisy estimate from what is known at the unit: {@code g_i = β_i · x_i}, x the chosen {@link Feature}s and the
 * constant 1, β by least squares to the unbiased ĝ_i of the batches before, whose moments are running means. The best prediction,
 * E[ĝ | x], has the mean of ĝ and no more than its variance; that of a linear function of x, which is what is fitted, has the mean of ĝ
 * over the examples, as the constant is a feature, and may be biased for any one of them. The first batch's is 0. Cost: the target's, and
 * the gradient where straight-through is a feature. Number by number: slower than the target by some tens of operations a unit.
 *
 * <p>Bengio (2013), arXiv 1305.2982, which proposes to learn to predict the unbiased estimator by a biased one; the regression and the
 * features are this implementation's choice.
 *
 * @param target gives ĝ: unbiased, of one sample a row
 * @param features of x, besides the constant
 * @param kappa what the running means keep of their value at each batch, in [0, 1)
 * @param ridge part of each feature's variance that is added to it
 */
public record Predicted(GradientEstimator target, List<Feature> features, double kappa, double ridge)
        implements GradientEstimator {
    public static final String TYPE = "predicted";

    /** What is known at a unit, without noise that depends on how many units there are. */
    public enum Feature {
        /** ∂L/∂h p (1 − p), or J(p) ∂L/∂h of a categorical unit. */
        STRAIGHT_THROUGH,
        /** a. */
        LOGIT,
        /** h. What ĝ varies by through the unit's own sample is then predicted too, and stays. */
        SAMPLE
    }

    public Predicted {
        features = List.copyOf(features);
    }

    static Predicted read(Section section) {
        GradientEstimator target = Estimators.read(section.typed("target", Reinforce.TYPE));
        if (target.claims().bias() != Bias.NONE || target.samplesPerRow() != 1 || target.needsGradient()) {
            throw section.wrong("target", "an unbiased estimator of one sample a row, such as reinforce or muprop");
        }
        return new Predicted(
                target,
                section.choices("features", Feature.class, List.of(Feature.STRAIGHT_THROUGH, Feature.LOGIT)),
                section.number("kappa", 0.99, Range.BELOW_ONE),
                section.number("ridge", 0.001, Range.NOT_NEGATIVE));
    }

    @Override
    public boolean needsGradient() {
        return features.contains(Feature.STRAIGHT_THROUGH);
    }

    @Override
    public boolean readsLosses() {
        return true;
    }

    @Override
    public int probes(int width) {
        return target.probes(width);
    }

    @Override
    public boolean differentiatesProbes() {
        return target.differentiatesProbes();
    }

    @Override
    public boolean suits(UnitLaw law) {
        // x is of bits and categories: the slope of another law's mean is another.
        return law.isDiscrete() && target.suits(law);
    }

    @Override
    public int mostUnits(UnitLaw law) {
        return target.mostUnits(law);
    }

    @Override
    public String serves() {
        return target instanceof ForUnitsWithScore ? "binary and categorical units" : target.serves();
    }

    @Override
    public List<Statistic> statistics(int inputs, int units) {
        List<Statistic> all = new ArrayList<>(target.statistics(inputs, units));
        all.addAll(RunningRegression.statistics(features.size() + 1, units));
        return all;
    }

    @Override
    public Estimation at(Site site) {
        return new AtSite(site);
    }

    private final class AtSite implements Estimation {
        private final Estimation unbiased;
        private final RunningRegression regression;
        private final Feature[] chosen = features.toArray(Feature[]::new);
        private final double[] x = new double[features.size() + 1];

        /** The straight-through estimates, and ĝ; of rows that weigh 1. */
        private final Matrix slopes;

        private final Matrix targets;

        AtSite(Site site) {
            unbiased = target.at(site);
            regression = new RunningRegression(site, x.length, ridge);
            slopes = Matrix.padded(site.logits().rows(), site.width());
            targets = Matrix.padded(site.logits().rows(), site.width());
            x[x.length - 1] = 1;
        }

        @Override
        public void sample(Site site) {
            unbiased.sample(site);
        }

        @Override
        public void estimate(Site site) {
            if (needsGradient()) {
                // The target's estimate may take the place of the gradient from above.
                keep(site, site.upstream(), slopes);
                passThrough(site);
            }
            unbiased.estimate(site);
            keep(site, site.logitGradient(), targets);
            regression.solve();
            predict(site);
        }

        private void predict(Site site) {
            for (int r = 0; r < site.rows(); r++) {
                for (int j = 0; j < site.width(); j++) {
                    observe(site, r, j);
                    site.logitGradient().set(r, j, (float) (regression.predict(j, x) * site.rowWeight()));
                }
            }
        }

        private static void keep(Site site, Matrix from, Matrix to) {
            for (int r = 0; r < site.rows(); r++) {
                for (int j = 0; j < site.width(); j++) {
                    to.set(r, j, from.get(r, j) / site.rowWeight());
                }
            }
        }

        private void passThrough(Site site) {
            if (site.law().isBinary()) {
                site.backend()
                        .elementwise()
                        .activationGradient(Activation.SIGMOID, site.probabilities(), slopes, site.rows());
            } else {
                Categories.multiplyByJacobian(
                        site.probabilities(), site.probabilities(), site.law().columnsPerUnit(), site.rows(), slopes);
            }
        }

        private void observe(Site site, int row, int unit) {
            for (int i = 0; i < chosen.length; i++) {
                x[i] = switch (chosen[i]) {
                    case STRAIGHT_THROUGH -> slopes.get(row, unit);
                    case LOGIT -> site.logits().get(row, unit);
                    case SAMPLE -> site.samples().get(row, unit);
                };
            }
        }

        @Override
        public void learn(Site site) {
            for (int j = 0; j < site.width(); j++) {
                regression.begin();
                for (int r = 0; r < site.rows(); r++) {
                    observe(site, r, j);
                    regression.add(x, targets.get(r, j));
                }
                regression.end(j, site.rows(), kappa);
            }
            unbiased.learn(site);
        }
    }

    @Override
    public Claims claims() {
        Cost cost = target.claims().cost();
        int gradients = cost.gradients() + (needsGradient() ? 1 : 0);
        return new Claims(
                "β · x, x = (f'(b) p (1−p), a, 1), β by running least squares to an unbiased ĝ",
                Bias.PRESENT,
                new Cost(cost.fixed(), cost.perUnit(), cost.everyValue(), gradients),
                "no more variance than the unbiased estimate, and its mean over the examples; less where x says little of the noise",
                "Bengio 2013");
    }

    @Override
    public Map<String, Object> write() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("type", TYPE);
        keys.put("target", target.write());
        keys.put("features", features.stream().map(Section::name).toList());
        keys.put("kappa", kappa);
        keys.put("ridge", ridge);
        return keys;
    }
}
