package org.coinflip.model.estimator;

import java.util.Map;
import org.coinflip.model.settings.Section;

/**
 * The local expectation gradient: each unit's expectation is taken exactly given the others' sample,
 * {@code g_i = p_i (1 − p_i) (f(b with b_i = 1) − f(b with b_i = 0))}. Unbiased; without variance for a single unit, given the noise of
 * the layers above. Cost: D + 1 evaluations, one of them the sample's own; no gradient.
 *
 * <p>Titsias and Lázaro-Gredilla (2015), "Local expectation gradients for black box variational inference".
 *
 * @param block units that are flipped at a time: room for so many copies of every row, in all layers above
 */
public record LocalExpectation(int block) implements ForBinaryUnits {
    public static final String TYPE = "local-expectation";

    static LocalExpectation read(Section section) {
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

    /** p (1 − p), with the sign of what the sample's value of the unit is against the other: (2b − 1) p (1 − p). */
    static float effect(Site site, int row, int unit) {
        float p = site.probabilities().get(row, unit);
        return (2f * site.samples().get(row, unit) - 1f) * (p * (1f - p));
    }

    @Override
    public Claims claims() {
        return new Claims(
                        "p_i (1−p_i) (f(b, b_i=1) − f(b, b_i=0))",
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
