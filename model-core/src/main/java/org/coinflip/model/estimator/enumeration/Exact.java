package org.coinflip.model.estimator.enumeration;

import java.util.Map;
import org.coinflip.model.estimator.Bias;
import org.coinflip.model.estimator.Claims;
import org.coinflip.model.estimator.Cost;
import org.coinflip.model.estimator.Estimation;
import org.coinflip.model.estimator.GradientEstimator;
import org.coinflip.model.estimator.Site;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.unit.UnitLaw;

/**
 * The exact gradient by enumeration of all 2^D values of a layer of D binary units, or k^D of D units of k categories,
 * {@code g_i = p_i (1 − p_i) Σ_b P(b) [f(b with b_i = 1) − f(b with b_i = 0)]}, computed as
 * {@code g_i = Σ_b P(b) (b_i − p_i) f(b)}, which is the same sum. Unbiased, and without variance given the noise of the layers above.
 * Cost: 2^D (k^D) evaluations, no gradient; the oracle of the others.
 */
public record Exact() implements GradientEstimator {
    public static final String TYPE = "exact";

    /** It enumerates at most 2 to this power of values. */
    public static final int MOST_BITS = 20;

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
        return law.isDiscrete();
    }

    @Override
    public String serves() {
        return "at most " + MOST_BITS + " binary units, or categorical ones of no more values";
    }

    @Override
    public int mostUnits(UnitLaw law) {
        int most = 0;
        for (long values = valuesPerUnit(law); values <= 1 << MOST_BITS; values *= valuesPerUnit(law)) {
            most += law.columnsPerUnit();
        }
        return most;
    }

    private static int valuesPerUnit(UnitLaw law) {
        return law.isBinary() ? 2 : law.columnsPerUnit();
    }

    @Override
    public Estimation at(Site site) {
        return here -> {
            for (int r = 0; r < here.rows(); r++) {
                for (int j = 0; j < here.width(); j++) {
                    here.logitGradient().set(r, j, 0f);
                }
            }
            int values = 1;
            for (int j = 0; j < here.width(); j += here.law().columnsPerUnit()) {
                values *= valuesPerUnit(here.law());
            }
            for (int value = 0; value < values; value++) {
                for (int r = 0; r < here.rows(); r++) {
                    place(here, r, value);
                }
                here.continuation().evaluate(1);
                for (int r = 0; r < here.rows(); r++) {
                    addTerm(here, r);
                }
            }
        };
    }

    /** Writes the layer's value with this number, whose digits are the units'. */
    private static void place(Site site, int row, int value) {
        int columns = site.law().columnsPerUnit();
        int rest = value;
        for (int from = 0; from < site.width(); from += columns) {
            int digit = rest % valuesPerUnit(site.law());
            rest /= valuesPerUnit(site.law());
            for (int j = 0; j < columns; j++) {
                boolean on = columns == 1 ? digit == 1 : digit == j;
                site.continuation().points().set(row, from + j, on ? 1f : 0f);
            }
        }
    }

    private static void addTerm(Site site, int row) {
        Matrix points = site.continuation().points();
        boolean binary = site.law().isBinary();
        double probability = 1;
        for (int j = 0; j < site.width(); j++) {
            double p = site.probabilities().get(row, j);
            probability *= points.get(row, j) == 1f ? p : binary ? 1 - p : 1;
        }
        double loss = probability * site.continuation().losses()[row] * site.rowWeight();
        for (int j = 0; j < site.width(); j++) {
            float residual = points.get(row, j) - site.probabilities().get(row, j);
            float sum = site.logitGradient().get(row, j);
            site.logitGradient().set(row, j, (float) (sum + residual * loss));
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
