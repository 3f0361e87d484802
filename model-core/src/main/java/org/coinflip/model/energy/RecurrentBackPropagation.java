package org.coinflip.model.energy;

import java.util.LinkedHashMap;
import java.util.Map;
import org.coinflip.model.kernel.operation.FiringRate;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.settings.Section;

/**
 * Recurrent back-propagation, the gradient through the fixed point itself: {@code H λ = ∂C/∂s}, H = ∂²E/∂s², is solved by relaxation,
 * {@code λ ← λ + ε (∂C/∂s − H λ)}, and {@code ∂J/∂W_ij = μ_i ρ_j + ρ_i μ_j}, {@code μ = ρ' λ}. Unbiased where both relaxations are
 * at their ends; what the other rules are held against. Units of a hard sigmoid on an end of [0, 1] do not move and have λ = 0. It
 * allocates, and takes numbers one by one: it is a reference.
 *
 * <p>Almeida (1987); Pineda (1987), "Generalization of back-propagation to recurrent neural networks".
 *
 * @param steps of the relaxation of λ
 */
public record RecurrentBackPropagation(int steps) implements EnergyGradient {
    public static final String TYPE = "recurrent-back-propagation";

    static RecurrentBackPropagation read(Section section) {
        return new RecurrentBackPropagation(section.integer("steps", 20, 1, Integer.MAX_VALUE));
    }

    @Override
    public Map<String, Object> write() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("type", TYPE);
        keys.put("steps", steps);
        return keys;
    }

    @Override
    public boolean relaxes() {
        return false;
    }

    @Override
    public void compute(Relaxation relaxation, Matrix targets, int sign, Contrast out) {
        FiringRate rho = relaxation.energy().rho();
        int layers = relaxation.energy().layers();
        Matrix[] lambda = like(relaxation);
        Matrix[] mu = like(relaxation);
        Matrix[] sent = like(relaxation);
        Matrix cost = Matrix.padded(
                relaxation.states(layers - 1).rows(),
                relaxation.states(layers - 1).columns());
        relaxation.costGradient(targets, cost);
        relaxation.field();
        for (int t = 0; t < steps; t++) {
            relaxation.send(mu, sent);
            for (int l = 0; l < layers; l++) {
                Matrix states = relaxation.states(l);
                for (int r = 0; r < relaxation.rows(); r++) {
                    for (int j = 0; j < states.columns(); j++) {
                        double s = states.get(r, j);
                        double slope = rho.slope(s);
                        double before = lambda[l].get(r, j);
                        // −H λ, of the unit itself and of those beside it
                        double change =
                                slope * sent[l].get(r, j) + (rho.curvature(s) * relaxation.input(l, r, j) - 1) * before;
                        if (l == layers - 1) {
                            change += cost.get(r, j);
                        }
                        boolean moves = !rho.isClipped() || slope > 0;
                        double after = moves ? before + relaxation.step() * change : 0;
                        lambda[l].set(r, j, (float) after);
                    }
                }
            }
            for (int l = 0; l < layers; l++) {
                for (int r = 0; r < relaxation.rows(); r++) {
                    for (int j = 0; j < mu[l].columns(); j++) {
                        double slope = rho.slope(relaxation.states(l).get(r, j));
                        mu[l].set(r, j, (float) (slope * lambda[l].get(r, j)));
                    }
                }
            }
        }
        // (ρ + μ)(ρ + μ)ᵀ − (ρ − μ)(ρ − μ)ᵀ = 2 (ρ μᵀ + μ ρᵀ)
        for (int l = 0; l < layers; l++) {
            for (int r = 0; r < relaxation.rows(); r++) {
                for (int j = 0; j < mu[l].columns(); j++) {
                    float rate = relaxation.rates(l).get(r, j);
                    out.a(0)[l].set(r, j, rate + mu[l].get(r, j));
                    out.b(0)[l].set(r, j, rate - mu[l].get(r, j));
                }
            }
        }
        out.setFactor(0, 0.5f);
    }

    private static Matrix[] like(Relaxation relaxation) {
        Matrix[] matrices = new Matrix[relaxation.energy().layers()];
        for (int l = 0; l < matrices.length; l++) {
            Matrix states = relaxation.states(l);
            matrices[l] = Matrix.padded(states.rows(), states.columns());
        }
        return matrices;
    }
}
