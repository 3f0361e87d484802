package org.coinflip.model.estimator;

import java.util.Map;
import org.coinflip.model.unit.UnitLaw;

/**
 * The exact gradient by enumeration of all 2^D values of a layer of D binary units,
 * {@code g_i = p_i (1 − p_i) Σ_b P(b) [f(b with b_i = 1) − f(b with b_i = 0)]}, computed as
 * {@code g_i = Σ_b P(b) (b_i − p_i) f(b)}, which is the same sum. Unbiased, and without variance given the noise of the layers above.
 * Cost: 2^D evaluations, no gradient; the oracle of the others.
 */
public record Exact() implements GradientEstimator {
    public static final String TYPE = "exact";

    /** The widest layer it enumerates. */
    public static final int MOST_UNITS = 20;

    @Override
    public boolean needsGradient() {
        return false;
    }

    @Override
    public int probes(int width) {
        return 1;
    }

    @Override
    public boolean suits(UnitLaw law) {
        return law.isBinary();
    }

    @Override
    public String serves() {
        return "at most " + MOST_UNITS + " binary units";
    }

    @Override
    public int mostUnits() {
        return MOST_UNITS;
    }

    @Override
    public Estimation at(Site site) {
        return here -> {
            Continuation f = here.continuation();
            for (int r = 0; r < here.rows(); r++) {
                for (int j = 0; j < here.width(); j++) {
                    here.logitGradient().set(r, j, 0f);
                }
            }
            for (int value = 0; value < 1 << here.width(); value++) {
                for (int r = 0; r < here.rows(); r++) {
                    for (int j = 0; j < here.width(); j++) {
                        f.points().set(r, j, value >> j & 1);
                    }
                }
                f.evaluate(1);
                for (int r = 0; r < here.rows(); r++) {
                    addTerm(here, r, value, f.losses()[r] * here.rowWeight());
                }
            }
        };
    }

    private static void addTerm(Site site, int row, int value, float loss) {
        double probability = 1;
        for (int j = 0; j < site.width(); j++) {
            double p = site.probabilities().get(row, j);
            probability *= (value >> j & 1) == 1 ? p : 1 - p;
        }
        for (int j = 0; j < site.width(); j++) {
            double residual = (value >> j & 1) - site.probabilities().get(row, j);
            float sum = site.logitGradient().get(row, j);
            site.logitGradient().set(row, j, (float) (sum + probability * residual * loss));
        }
    }

    @Override
    public Claims claims() {
        return new Claims(
                        "Σ_b P(b) (b − p) f(b)",
                        Bias.NONE,
                        new Cost(1, 0, true, 0),
                        "at most 20 units; oracle of the others",
                        "enumeration")
                .withVariance(unit -> 0);
    }

    @Override
    public Map<String, Object> write() {
        return Map.of("type", TYPE);
    }
}
