package org.coinflip.model.energy;

import org.coinflip.model.kernel.operation.FiringRate;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;

/**
 * The energy of a layered network whose input is clamped,
 * {@code E(s) = ½ Σ s_i² − Σ_l ρ(s_{l−1})ᵀ W_l ρ(s_l) − Σ_l b_lᵀ ρ(s_l)}, l = 1 … N; a connection acts both ways with one weight, so
 * the matrix of all connections is symmetric by construction.
 *
 * <p>Bengio and Fischer (2015), arXiv 1510.02777.
 *
 * @param rho firing rate ρ
 * @param weights W_2 … W_N, each layer below × layer above; the input's product with W_1 comes as the drive
 * @param biases b_2 … b_N
 */
public record LayeredEnergy(FiringRate rho, Matrix[] weights, Floats[] biases) {
    /** Layers of units that are not clamped, N. */
    public int layers() {
        return weights.length + 1;
    }
}
