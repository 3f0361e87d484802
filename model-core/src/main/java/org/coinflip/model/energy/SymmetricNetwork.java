package org.coinflip.model.energy;

import org.coinflip.model.error.DivergenceException;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.kernel.operation.FiringRate;

/**
 * An energy-based network of any symmetric connections, in double precision, unit by unit:
 * {@code E(s) = ½ Σ_i s_i² − ½ Σ_{i≠j} W_ij ρ(s_i) ρ(s_j) − Σ_i b_i ρ(s_i)}. For studies and as a reference; what trains is
 * {@link Relaxation}. Immutable; states are the caller's.
 *
 * <p>Bengio and Fischer (2015), arXiv 1510.02777.
 */
public final class SymmetricNetwork {
    private final FiringRate rho;
    private final double[][] weights;
    private final double[] biases;
    private final boolean[] clamped;

    /**
     * An extra force {@code −β ∂C/∂s} on some units, {@code C = ½ Σ (s − d)²}.
     *
     * @param beta β, of any sign
     * @param first the first of the units; they lie side by side
     * @param targets d
     */
    public record Nudge(double beta, int first, double[] targets) {
        /** No force. */
        public static final Nudge NONE = new Nudge(0, 0, new double[0]);
    }

    /**
     * A network.
     *
     * @param weights W, symmetric with a diagonal of 0; kept
     * @param biases b; kept
     * @param clamped units that do not move; kept
     */
    public SymmetricNetwork(FiringRate rho, double[][] weights, double[] biases, boolean[] clamped) {
        this.rho = rho;
        this.weights = weights;
        this.biases = biases;
        this.clamped = clamped;
        for (int i = 0; i < weights.length; i++) {
            if (weights[i].length != weights.length) {
                throw new UsageException("weights: got row " + i + " of " + weights[i].length + " numbers, expected "
                        + weights.length + ": give a square matrix");
            }
            for (int j = 0; j <= i; j++) {
                if (weights[i][j] != weights[j][i]) {
                    throw new UsageException("weights: got W[" + i + "][" + j + "] = " + weights[i][j] + " and W[" + j
                            + "][" + i + "] = " + weights[j][i]
                            + ", expected a symmetric matrix: only then is there an energy");
                }
            }
            if (weights[i][i] != 0) {
                throw new UsageException("weights: got W[" + i + "][" + i + "] = " + weights[i][i]
                        + ", expected 0: no unit is connected to itself");
            }
        }
    }

    /**
     * A layered network whose first layer is clamped.
     *
     * @param sizes units of layers 0 … N
     * @param between W_1 … W_N, each layer below × layer above
     * @param biases of all units
     */
    public static SymmetricNetwork layered(FiringRate rho, int[] sizes, double[][][] between, double[] biases) {
        double[][] all = new double[biases.length][biases.length];
        int first = 0;
        for (int l = 0; l < between.length; l++) {
            for (int i = 0; i < sizes[l]; i++) {
                for (int j = 0; j < sizes[l + 1]; j++) {
                    all[first + i][first + sizes[l] + j] = between[l][i][j];
                    all[first + sizes[l] + j][first + i] = between[l][i][j];
                }
            }
            first += sizes[l];
        }
        boolean[] clamped = new boolean[biases.length];
        java.util.Arrays.fill(clamped, 0, sizes[0], true);
        return new SymmetricNetwork(rho, all, biases, clamped);
    }

    public int units() {
        return biases.length;
    }

    public FiringRate rho() {
        return rho;
    }

    /** W_ij. */
    public double weight(int i, int j) {
        return weights[i][j];
    }

    /** {@code b_i + Σ_j W_ij ρ(s_j)}. */
    public double input(double[] states, int i) {
        double sum = biases[i];
        for (int j = 0; j < states.length; j++) {
            if (weights[i][j] != 0) {
                sum += weights[i][j] * rho.rate(states[j]);
            }
        }
        return sum;
    }

    /** The energy of a state. */
    public double energy(double[] states) {
        double sum = 0;
        for (int i = 0; i < states.length; i++) {
            double rate = rho.rate(states[i]);
            // a connection is met from both its ends
            sum += states[i] * states[i] / 2 - rate * (input(states, i) + biases[i]) / 2;
        }
        return sum;
    }

    /**
     * {@code −∂E/∂s − β ∂C/∂s}; 0 for clamped units. Of a hard sigmoid ρ' counts as 1, and what would push a state out of [0, 1] as 0.
     *
     * @param out modified
     */
    public void force(double[] states, Nudge nudge, double[] out) {
        double[] rates = new double[states.length];
        for (int i = 0; i < states.length; i++) {
            rates[i] = rho.rate(states[i]);
        }
        for (int i = 0; i < states.length; i++) {
            if (clamped[i]) {
                out[i] = 0;
                continue;
            }
            double sum = biases[i];
            for (int j = 0; j < states.length; j++) {
                sum += weights[i][j] * rates[j];
            }
            out[i] = (rho.isClipped() ? 1 : rho.slope(states[i])) * sum - states[i];
        }
        for (int k = 0; k < nudge.targets.length; k++) {
            int i = nudge.first + k;
            out[i] += nudge.beta * (nudge.targets[k] - states[i]);
        }
        for (int i = 0; rho.isClipped() && i < states.length; i++) {
            if ((states[i] <= 0 && out[i] < 0) || (states[i] >= 1 && out[i] > 0)) {
                out[i] = 0;
            }
        }
    }

    /** Refuses a nudge of clamped units, and a step that leads nowhere. */
    public void check(Nudge nudge, double step) {
        if (!(step > 0)) {
            throw new UsageException("step: got " + step + ", expected a number in (0, ∞): steps go down the energy");
        }
        for (int k = 0; nudge.beta != 0 && k < nudge.targets.length; k++) {
            if (clamped[nudge.first + k]) {
                throw new UsageException("nudge: got unit " + (nudge.first + k)
                        + " both clamped and nudged, expected one of them: leave out clamping to nudge it");
            }
        }
    }

    /**
     * One Euler step, with noise at a temperature above 0: {@code s ← s + ε F + √(2 T ε) n}.
     *
     * @param states modified
     * @param forces room for as many numbers, modified
     * @param noise n, of units that are not clamped; null at temperature 0
     */
    public void step(double[] states, Nudge nudge, double step, double temperature, double[] noise, double[] forces) {
        force(states, nudge, forces);
        double scale = Math.sqrt(2 * temperature * step);
        for (int i = 0; i < states.length; i++) {
            if (!clamped[i]) {
                double next = states[i] + step * forces[i] + (noise == null ? 0 : scale * noise[i]);
                states[i] = rho.isClipped() ? Math.min(Math.max(next, 0), 1) : next;
            }
        }
    }

    /**
     * Relaxes to a fixed point.
     *
     * @param states modified
     * @param tolerance greatest force that counts as none
     * @param most steps at most
     * @throws DivergenceException where it is not reached
     */
    public void settle(double[] states, Nudge nudge, double step, double tolerance, int most) {
        check(nudge, step);
        double[] forces = new double[states.length];
        double residual = Double.NaN;
        for (int t = 0; t <= most; t++) {
            force(states, nudge, forces);
            residual = 0;
            for (double force : forces) {
                residual = Math.max(residual, Math.abs(force));
            }
            if (residual <= tolerance) {
                return;
            }
            step(states, nudge, step, 0, null, forces);
        }
        throw Relaxation.notSettled(residual, most, tolerance);
    }
}
