package org.coinflip.model.estimator.pathwise;

import java.util.LinkedHashMap;
import java.util.Map;
import org.coinflip.model.estimator.Bias;
import org.coinflip.model.estimator.Claims;
import org.coinflip.model.estimator.Cost;
import org.coinflip.model.estimator.Estimation;
import org.coinflip.model.estimator.ForDiscreteUnits;
import org.coinflip.model.estimator.Site;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.settings.Range;
import org.coinflip.model.settings.Section;

/**
 * The minimum-variance estimator (MVE), a dial between bias and variance: where a unit takes category i, {@code g = W_i f'(D)}, D one-hot, the matrices W
 * being exact for linear losses and, of such, those that make {@code Σ_i p_i ‖W_i‖² + τ B} least. B is the mean square of the error for
 * quadratic losses ½ hᵀ A h, A symmetric and normal, of variance 2 on the diagonal and 1 beside it. With w_ij = W_i e_j, J = diag p − p pᵀ and e_j's image
 * J_j, {@code B = 2 Σ_i ‖p_i w_ii − ½ J_i‖² + Σ_{i<j} ‖p_i w_ij + p_j w_ji‖²}, and the least is where
 * {@code w_ij = λ_j − τ (p_i λ_j + p_j λ_i) / (1 + τ (p_i + p_j))}, {@code w_ii = (λ_i + τ J_i) / (1 + 2τ p_i)}, the λ given by C linear equations,
 * those of linear losses. τ = 0 is straight-through with the softmax's Jacobian; as τ grows it becomes exact for quadratic losses, with the least
 * variance of all that are, which for two categories is {@link Half}.
 *
 * <p>As W_i takes equal slopes to 0, {@code f'(D)} counts less its i-th number, and {@code g = J R A⁻¹ y}, A positive definite. Binary units are two
 * categories with logits (a, 0): {@code g = f'(b) (q/2 + q (p − q) / (2 + 8τ p q))} where b = 1 and {@code f'(b) (p/2 − p (p − q) / (2 + 8τ p q))} where
 * b = 0, q = 1 − p. Biased but for linear losses. Cost: one evaluation and its gradient, and a system of C equations for every unit of C categories.
 *
 * <p>Hooper and Shekhovtsov (2026), of whose equations the ones here are derived anew from what is least.
 *
 * @param biasWeight τ
 */
public record MinimumVariance(double biasWeight) implements ForDiscreteUnits {
    public static final String TYPE = "minimum-variance";

    /** Beyond, the equations lose the digits that gradients have. */
    private static final Range WEIGHTS = new Range(0, true, 1e6, true);

    public static MinimumVariance read(Section section) {
        return new MinimumVariance(section.number("bias-weight", 10, WEIGHTS));
    }

    @Override
    public boolean needsGradient() {
        return true;
    }

    @Override
    public Estimation at(Site site) {
        return site.law().isBinary()
                ? this::multiplyBits
                : new OfCategories(site.law().columnsPerUnit());
    }

    private void multiplyBits(Site site) {
        Matrix g = site.logitGradient();
        for (int r = 0; r < site.rows(); r++) {
            for (int j = 0; j < site.width(); j++) {
                double factor =
                        factor(site.probabilities().get(r, j), site.samples().get(r, j) != 0f);
                g.set(r, j, (float) (factor * g.get(r, j)));
            }
        }
    }

    /** What a bit's gradient is multiplied by. */
    private double factor(double p, boolean fires) {
        double other = fires ? 1 - p : p;
        return other / 2 + other * (1 - 2 * other) / (2 + 8 * biasWeight * p * (1 - p));
    }

    /** The equations of one unit at a time. */
    private final class OfCategories implements Estimation {
        private final int categories;
        private final double[] p;
        /** A, then its Cholesky factor, row by row. */
        private final double[][] system;

        /** y, then what solves A x = y. */
        private final double[] solution;

        OfCategories(int categories) {
            this.categories = categories;
            p = new double[categories];
            system = new double[categories][categories];
            solution = new double[categories];
        }

        @Override
        public void estimate(Site site) {
            for (int r = 0; r < site.rows(); r++) {
                for (int from = 0; from < site.width(); from += categories) {
                    estimateUnit(site, r, from);
                }
            }
        }

        private void estimateUnit(Site site, int row, int from) {
            Matrix g = site.logitGradient();
            int taken = 0;
            for (int j = 0; j < categories; j++) {
                p[j] = site.probabilities().get(row, from + j);
                taken = site.samples().get(row, from + j) != 0f ? j : taken;
            }
            double shared = 0;
            for (int j = 0; j < categories; j++) {
                double slope = (double) g.get(row, from + j) - g.get(row, from + taken);
                double part = slope / (1 + biasWeight * (p[taken] + p[j]));
                solution[j] = part * (1 + biasWeight * p[j]);
                shared += part * biasWeight * p[j];
            }
            solution[taken] = -shared;
            solve();
            double mean = 0;
            for (int j = 0; j < categories; j++) {
                solution[j] *= (1 + biasWeight * p[j]) / (1 + 2 * biasWeight * p[j]);
                mean += p[j] * solution[j];
            }
            for (int j = 0; j < categories; j++) {
                g.set(row, from + j, (float) (p[j] * (solution[j] - mean)));
            }
        }

        private void solve() {
            for (int j = 0; j < categories; j++) {
                double diagonal = p[j] / (1 + 2 * biasWeight * p[j]);
                for (int i = 0; i < categories; i++) {
                    double both = 1 + biasWeight * (p[i] + p[j]);
                    diagonal += i == j ? 0 : p[i] * (1 + biasWeight * p[j]) / both;
                    system[j][i] = -biasWeight * p[i] * p[j] / both;
                }
                system[j][j] = diagonal;
            }
            for (int j = 0; j < categories; j++) {
                for (int i = 0; i <= j; i++) {
                    double rest = system[j][i];
                    for (int k = 0; k < i; k++) {
                        rest -= system[j][k] * system[i][k];
                    }
                    system[j][i] = i == j ? Math.sqrt(Math.max(rest, Double.MIN_NORMAL)) : rest / system[i][i];
                }
            }
            for (int j = 0; j < categories; j++) {
                for (int k = 0; k < j; k++) {
                    solution[j] -= system[j][k] * solution[k];
                }
                solution[j] /= system[j][j];
            }
            for (int j = categories - 1; j >= 0; j--) {
                for (int k = j + 1; k < categories; k++) {
                    solution[j] -= system[k][j] * solution[k];
                }
                solution[j] /= system[j][j];
            }
        }
    }

    @Override
    public Claims claims() {
        return new Claims(
                        "W_i f'(b), W exact for linear losses and of least variance + τ bias²",
                        Bias.BEYOND_LINEAR,
                        Cost.of(1, 1),
                        "smooth losses; between straight-through and reinmax, by τ",
                        "Hooper and Shekhovtsov 2026")
                .withVariance(unit -> unit.variance(
                        factor(unit.p(), true) * unit.slope().applyAsDouble(1),
                        factor(unit.p(), false) * unit.slope().applyAsDouble(0)));
    }

    @Override
    public Map<String, Object> write() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("type", TYPE);
        keys.put("bias-weight", biasWeight);
        return keys;
    }
}
