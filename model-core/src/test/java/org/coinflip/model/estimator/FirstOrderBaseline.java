package org.coinflip.model.estimator;

import java.util.Map;
import org.coinflip.model.unit.UnitLaw;

/**
 * MuProp: {@code g = (f(b) − f(p) − f'(p)·(b − p)) (b − p) + f'(p) p (1 − p)}. Unbiased (Gu, Levine, Sutskever, Mnih 2016). In tests it
 * proves that a continuation differentiates at points between the samples.
 */
record FirstOrderBaseline() implements GradientEstimator {
    @Override
    public boolean needsGradient() {
        return false;
    }

    /** One more than it uses, so that fewer copies than fit are evaluated. */
    @Override
    public int probes(int width) {
        return 2;
    }

    @Override
    public boolean differentiatesProbes() {
        return true;
    }

    @Override
    public boolean suits(UnitLaw law) {
        return law.isBinary();
    }

    @Override
    public String serves() {
        return "binary units";
    }

    @Override
    public Estimation at(Site site) {
        return here -> {
            Continuation f = here.continuation();
            for (int r = 0; r < here.rows(); r++) {
                for (int j = 0; j < here.width(); j++) {
                    f.points().set(r, j, here.probabilities().get(r, j));
                }
            }
            f.evaluate(1);
            f.differentiate();
            for (int r = 0; r < here.rows(); r++) {
                float signal = here.losses()[r] - f.losses()[r];
                for (int j = 0; j < here.width(); j++) {
                    signal -= f.gradients().get(r, j)
                            * (here.samples().get(r, j) - here.probabilities().get(r, j));
                }
                for (int j = 0; j < here.width(); j++) {
                    float p = here.probabilities().get(r, j);
                    float estimate = signal * (here.samples().get(r, j) - p)
                            + f.gradients().get(r, j) * p * (1 - p);
                    here.logitGradient().set(r, j, estimate * here.rowWeight());
                }
            }
        };
    }

    @Override
    public Map<String, Object> write() {
        return Map.of("type", "first-order-baseline");
    }
}
