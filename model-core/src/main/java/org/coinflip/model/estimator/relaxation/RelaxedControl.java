package org.coinflip.model.estimator.relaxation;

import java.util.ArrayList;
import java.util.List;
import org.coinflip.model.estimator.Estimation;
import org.coinflip.model.estimator.Site;
import org.coinflip.model.estimator.Trained;
import org.coinflip.model.kernel.operation.ScalarMath;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.memory.Statistic;
import org.coinflip.model.unit.Annealed;

/**
 * REINFORCE with control variates of relaxed samples: {@code g = f(b) (b − p) + η A + A_r}, A of {@link RelaxedLoss}, A_r of {@link
 * ControlNetwork}. Unbiased for any coefficients; these may be trained, after the estimate was made, on the mean of ‖g‖² over the rows, whose
 * gradient is that of the variance. The gradient for log λ is a central difference with the same noise, which costs four more evaluations.
 */
final class RelaxedControl implements Estimation {
    private static final String SCALE = "control-scale";
    private static final String LOG_TEMPERATURE = "control-log-temperature";

    /** Half the distance of the central difference, in log λ: two per cent of λ either way. */
    private static final double STEP = 0.02;

    private final double learningRate;
    private final boolean learnsTemperature;
    private final RelaxedPair pair;
    /** Null where the loss is not relaxed. */
    private final RelaxedLoss loss;

    /** Null where there is none. */
    private final ControlNetwork network;

    private final Trained scale;
    private final Trained logTemperature;
    /** A. */
    private final Matrix control;

    /** g, not weighted. */
    private final Matrix estimates;

    /**
     * @param relaxedLoss whether f(σ(z/λ)) is a control variate
     * @param limit of relaxed samples, where there are
     * @param hidden units of the control network; 0 for none
     * @param learningRate of everything that is trained; 0 to train nothing
     */
    RelaxedControl(
            Site site,
            boolean relaxedLoss,
            Rebar.Limit limit,
            int hidden,
            double learningRate,
            boolean learnsTemperature) {
        this.learningRate = learningRate;
        this.learnsTemperature = learnsTemperature && learningRate > 0;
        pair = new RelaxedPair(site);
        loss = relaxedLoss ? new RelaxedLoss(site, pair, limit) : null;
        scale = relaxedLoss ? new Trained(site, SCALE) : null;
        logTemperature = relaxedLoss ? new Trained(site, LOG_TEMPERATURE) : null;
        network = hidden > 0 ? new ControlNetwork(site, pair, hidden) : null;
        control = Matrix.padded(site.logits().rows(), site.width());
        estimates = Matrix.padded(site.logits().rows(), site.width());
    }

    static List<Statistic> statistics(double scale, double temperature) {
        List<Statistic> all = new ArrayList<>(Trained.statistics(SCALE, 1, 1, scale, 0));
        all.addAll(Trained.statistics(LOG_TEMPERATURE, 1, 1, StrictMath.log(temperature), 0));
        return all;
    }

    private double temperature() {
        return StrictMath.exp(logTemperature.values().get(0));
    }

    @Override
    public void estimate(Site site) {
        pair.draw(site);
        score(site);
        if (network != null) {
            network.add(site, estimates);
        }
        if (loss != null) {
            float eta = scale.values().get(0);
            if (learnsTemperature) {
                differentiateTemperature(site, eta);
            }
            loss.compute(site, temperature(), control);
            add(site, eta);
        }
        float weight = site.rowWeight();
        for (int r = 0; r < site.rows(); r++) {
            for (int j = 0; j < site.width(); j++) {
                site.logitGradient().set(r, j, estimates.get(r, j) * weight);
            }
        }
    }

    /** f(b) (b − p). */
    private void score(Site site) {
        for (int r = 0; r < site.rows(); r++) {
            for (int j = 0; j < site.width(); j++) {
                float score = site.samples().get(r, j) - site.probabilities().get(r, j);
                estimates.set(r, j, site.losses()[r] * score);
            }
        }
    }

    private void add(Site site, float factor) {
        for (int r = 0; r < site.rows(); r++) {
            for (int j = 0; j < site.width(); j++) {
                estimates.set(r, j, ScalarMath.fma(control.get(r, j), factor, estimates.get(r, j)));
            }
        }
    }

    private void differentiateTemperature(Site site, float eta) {
        double above = square(site, temperature() * StrictMath.exp(STEP), eta);
        double below = square(site, temperature() * StrictMath.exp(-STEP), eta);
        logTemperature.gradient().set(0, (float) ((above - below) / (2 * STEP * site.rows())));
    }

    /** Σ ‖g‖² of the batch at a temperature. */
    private double square(Site site, double temperature, float eta) {
        loss.compute(site, temperature, control);
        double sum = 0;
        for (int r = 0; r < site.rows(); r++) {
            for (int j = 0; j < site.width(); j++) {
                double g = estimates.get(r, j) + (double) eta * control.get(r, j);
                sum += g * g;
            }
        }
        return sum;
    }

    @Override
    public void learn(Site site) {
        if (learningRate == 0) {
            return;
        }
        if (network != null) {
            network.learn(site, estimates, learningRate);
        }
        if (loss != null) {
            learnScale(site);
        }
        if (learnsTemperature) {
            logTemperature.step(site, learningRate);
            Floats value = logTemperature.values();
            double least = StrictMath.log(Annealed.TEMPERATURES.least());
            double most = StrictMath.log(Annealed.TEMPERATURES.most());
            value.set(0, (float) Math.min(Math.max(value.get(0), least), most));
        }
    }

    /** ∂‖g‖²/∂η = 2 g · A. */
    private void learnScale(Site site) {
        double sum = 0;
        for (int r = 0; r < site.rows(); r++) {
            for (int j = 0; j < site.width(); j++) {
                sum += (double) estimates.get(r, j) * control.get(r, j);
            }
        }
        scale.gradient().set(0, (float) (2 * sum / site.rows()));
        scale.step(site, learningRate);
    }
}
