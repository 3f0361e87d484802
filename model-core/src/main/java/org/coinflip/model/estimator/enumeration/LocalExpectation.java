package org.coinflip.model.estimator.enumeration;

import java.util.Map;
import org.coinflip.model.estimator.Bias;
import org.coinflip.model.estimator.Claims;
import org.coinflip.model.estimator.Cost;
import org.coinflip.model.estimator.Estimation;
import org.coinflip.model.estimator.ForDiscreteUnits;
import org.coinflip.model.estimator.Site;
import org.coinflip.model.layer.Continuation;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.settings.Section;

/**
 * The local expectation gradient: each unit's expectation is taken exactly given the others' sample,
 * {@code g_i = p_i (1 − p_i) (f(b with b_i = 1) − f(b with b_i = 0))} for bits and {@code g_i = p_i (f(b with category i) − Σ_j p_j f(b with category j))} for
 * the columns of a categorical unit. Unbiased; without variance for a single unit, given the noise of the layers above. Cost: an evaluation for every
 * other value of every unit and one for the sample's own, at most D + 1; no gradient.
 *
 * <p>Titsias and Lázaro-Gredilla (2015), "Local expectation gradients for black box variational inference".
 *
 * @param block units that are flipped at a time: room for so many copies of every row, in all layers above
 */
public record LocalExpectation(int block) implements ForDiscreteUnits {
    public static final String TYPE = "local-expectation";

    public static LocalExpectation read(Section section) {
        return new LocalExpectation(section.integer("block", 16, 1, Integer.MAX_VALUE));
    }

    @Override
    public boolean needsGradient() {
        return false;
    }

    @Override
    public int probes(int width) {
        return Math.min(block, width);
    }

    @Override
    public Estimation at(Site site) {
        if (!site.law().isBinary()) {
            return new Categories(site);
        }
        return here -> {
            int copies = here.continuation().capacity();
            for (int from = 0; from < here.width(); from += copies) {
                estimate(here, from, Math.min(copies, here.width() - from));
            }
        };
    }

    private static void estimate(Site site, int from, int count) {
        int n = site.rows();
        Continuation f = site.continuation();
        for (int copy = 0; copy < count; copy++) {
            f.points().setRows(copy * n, site.samples(), 0, n);
            for (int r = 0; r < n; r++) {
                f.points().set(copy * n + r, from + copy, 1f - site.samples().get(r, from + copy));
            }
        }
        f.evaluate(count);
        for (int copy = 0; copy < count; copy++) {
            for (int r = 0; r < n; r++) {
                float difference = (site.losses()[r] - f.losses()[copy * n + r]) * site.rowWeight();
                site.logitGradient().set(r, from + copy, effect(site, r, from + copy) * difference);
            }
        }
    }

    /** Categorical units: the sample's category is known, the others come in the order in which they follow it. */
    private static final class Categories implements Estimation {
        private final int categories;
        /** f(b with category j) − f(b) of each column. */
        private final Matrix differences;

        Categories(Site site) {
            categories = site.law().columnsPerUnit();
            differences = Matrix.padded(site.logits().rows(), site.width());
        }

        @Override
        public void estimate(Site site) {
            int n = site.rows();
            int points = site.width() / categories * (categories - 1);
            int copies = site.continuation().capacity();
            for (int from = 0; from < points; from += copies) {
                evaluate(site, from, Math.min(copies, points - from));
            }
            for (int r = 0; r < n; r++) {
                for (int unit = 0; unit < site.width(); unit += categories) {
                    differences.set(r, unit + category(site, r, unit), 0f);
                    finish(site, r, unit);
                }
            }
        }

        private void evaluate(Site site, int from, int count) {
            int n = site.rows();
            Continuation f = site.continuation();
            for (int copy = 0; copy < count; copy++) {
                f.points().setRows(copy * n, site.samples(), 0, n);
                int unit = (from + copy) / (categories - 1) * categories;
                for (int r = 0; r < n; r++) {
                    int own = category(site, r, unit);
                    f.points().set(copy * n + r, unit + own, 0f);
                    f.points().set(copy * n + r, unit + other(own, from + copy), 1f);
                }
            }
            f.evaluate(count);
            for (int copy = 0; copy < count; copy++) {
                int unit = (from + copy) / (categories - 1) * categories;
                for (int r = 0; r < n; r++) {
                    int column = unit + other(category(site, r, unit), from + copy);
                    differences.set(r, column, f.losses()[copy * n + r] - site.losses()[r]);
                }
            }
        }

        private int other(int own, int point) {
            return (own + 1 + point % (categories - 1)) % categories;
        }

        private int category(Site site, int row, int unit) {
            int category = 0;
            while (category < categories - 1 && site.samples().get(row, unit + category) == 0f) {
                category++;
            }
            return category;
        }

        private void finish(Site site, int row, int unit) {
            double mean = 0;
            for (int j = unit; j < unit + categories; j++) {
                mean += (double) site.probabilities().get(row, j) * differences.get(row, j);
            }
            for (int j = unit; j < unit + categories; j++) {
                double p = site.probabilities().get(row, j) * (double) site.rowWeight();
                site.logitGradient().set(row, j, (float) (p * (differences.get(row, j) - mean)));
            }
        }
    }

    /** p (1 − p), with the sign of what the sample's value of the unit is against the other: (2b − 1) p (1 − p). */
    static float effect(Site site, int row, int unit) {
        float p = site.probabilities().get(row, unit);
        return (2f * site.samples().get(row, unit) - 1f) * (p * (1f - p));
    }

    @Override
    public Claims claims() {
        return new Claims(
                        "p_i (1−p_i) (f(b, b_i=1) − f(b, b_i=0)); of categories p_i (f_i − Σ_j p_j f_j)",
                        Bias.NONE,
                        new Cost(1, 1, false, 0),
                        "narrow layers",
                        "Titsias and Lázaro-Gredilla 2015")
                .withVariance(unit -> 0);
    }

    @Override
    public Map<String, Object> write() {
        return Map.of("type", TYPE, "block", block);
    }
}
