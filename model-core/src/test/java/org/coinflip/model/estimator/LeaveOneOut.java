package org.coinflip.model.estimator;

import java.util.Map;
import org.coinflip.model.unit.UnitLaw;

/**
 * Two samples a row, each the other's baseline: {@code g_i = ½ (f(b¹) − f(b²)) (b¹_i − b²_i)}. Unbiased (Kool, van Hoof, Welling 2019).
 * In tests it proves that several samples of a row find their way.
 */
record LeaveOneOut() implements GradientEstimator {
    @Override
    public int samplesPerRow() {
        return 2;
    }

    @Override
    public boolean needsGradient() {
        return false;
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
            int n = here.rows();
            for (int r = 0; r < n; r++) {
                float difference = here.losses()[r] - here.losses()[n + r];
                for (int j = 0; j < here.width(); j++) {
                    float bits = here.samples().get(r, j) - here.samples().get(n + r, j);
                    here.logitGradient().set(r, j, 0.5f * difference * bits * here.rowWeight());
                }
            }
        };
    }

    @Override
    public Map<String, Object> write() {
        return Map.of("type", "leave-one-out");
    }
}
