package org.coinflip.model.energy;

import org.coinflip.model.energy.SymmetricNetwork.Nudge;
import org.coinflip.model.noise.NoiseKey;
import org.coinflip.model.noise.Threefry;

/**
 * What a push of the outputs does to a layered network that was at a fixed point s*, held against back-propagation. With
 * {@code δ_N = ∂C/∂s_N} and {@code δ_{l−1} = ρ'(s_{l−1}) ∘ W_l (ρ'(s_l) ∘ δ_l)},
 * {@code s_{N−k}(t) − s*_{N−k} = −β t^{k+1}/(k+1)! δ_{N−k} + O(t^{k+2})}.
 *
 * <p>Bengio and Fischer (2015), arXiv 1510.02777. Immutable and thread-safe.
 */
public final class EarlyInference {
    private final SymmetricNetwork network;
    private final int[] firsts;
    private final double[] fixedPoint;
    private final double[] targets;

    /**
     * How a layer's displacement compares with its back-propagated error.
     *
     * @param cosine of the displacement and −δ
     * @param ratio of the displacement's norm to that of {@code β t^{k+1}/(k+1)! δ}
     */
    public record Likeness(double cosine, double ratio) {}

    /**
     * A network at rest.
     *
     * @param sizes units of layers 0 … N, of which the first is clamped
     * @param fixedPoint s*, not modified
     * @param targets d of the outputs
     */
    public EarlyInference(SymmetricNetwork network, int[] sizes, double[] fixedPoint, double[] targets) {
        this.network = network;
        this.fixedPoint = fixedPoint.clone();
        this.targets = targets.clone();
        firsts = new int[sizes.length + 1];
        for (int l = 0; l < sizes.length; l++) {
            firsts[l + 1] = firsts[l] + sizes[l];
        }
    }

    /** Layers that are not clamped, N. */
    public int depth() {
        return firsts.length - 2;
    }

    /** δ of every unit, 0 for the clamped. */
    public double[] errors() {
        double[] errors = new double[network.units()];
        int top = depth();
        for (int i = firsts[top]; i < firsts[top + 1]; i++) {
            errors[i] = fixedPoint[i] - targets[i - firsts[top]];
        }
        for (int l = top - 1; l >= 1; l--) {
            for (int i = firsts[l]; i < firsts[l + 1]; i++) {
                for (int j = firsts[l + 1]; j < firsts[l + 2]; j++) {
                    errors[i] += network.weight(i, j) * network.rho().slope(fixedPoint[j]) * errors[j];
                }
                errors[i] *= network.rho().slope(fixedPoint[i]);
            }
        }
        return errors;
    }

    /**
     * Displacements of all units at some times: the states with the push less those without.
     *
     * @param times ascending multiples of the step
     * @param step of fourth-order Runge and Kutta
     */
    public double[][] displacements(double beta, double[] times, double step) {
        Nudge nudge = nudge(beta);
        network.check(nudge, step);
        double[] pushed = fixedPoint.clone();
        double[] left = fixedPoint.clone();
        double[][] slopes = new double[4][fixedPoint.length];
        double[] at = new double[fixedPoint.length];
        double[][] displacements = new double[times.length][];
        long taken = 0;
        for (int k = 0; k < times.length; k++) {
            for (; taken < Math.round(times[k] / step); taken++) {
                advance(pushed, nudge, step, slopes, at);
                advance(left, Nudge.NONE, step, slopes, at);
            }
            displacements[k] = difference(pushed, left);
        }
        return displacements;
    }

    private void advance(double[] states, Nudge nudge, double step, double[][] slopes, double[] at) {
        for (int stage = 0; stage < 4; stage++) {
            double part = stage == 0 ? 0 : stage == 3 ? step : step / 2;
            for (int i = 0; i < at.length; i++) {
                at[i] = states[i] + (stage == 0 ? 0 : part * slopes[stage - 1][i]);
            }
            network.force(at, nudge, slopes[stage]);
        }
        for (int i = 0; i < states.length; i++) {
            states[i] += step / 6 * (slopes[0][i] + 2 * slopes[1][i] + 2 * slopes[2][i] + slopes[3][i]);
        }
    }

    /**
     * Displacements in one chain of Langevin inference, Euler and Maruyama's steps; the noise of the pushed states and of those left alone is
     * the same. At temperature 0 there is no noise.
     *
     * @param chain number of the chain, which with the seed fixes its noise
     */
    public double[][] langevin(double beta, double temperature, double[] times, double step, long seed, long chain) {
        Nudge nudge = nudge(beta);
        network.check(nudge, step);
        double[] pushed = fixedPoint.clone();
        double[] left = fixedPoint.clone();
        double[] forces = new double[fixedPoint.length];
        double[] noise = temperature > 0 ? new double[fixedPoint.length] : null;
        int[] key = new NoiseKey(seed, 0, NoiseKey.STUDY).key();
        double[][] displacements = new double[times.length][];
        int taken = 0;
        for (int k = 0; k < times.length; k++) {
            for (; taken < Math.round(times[k] / step); taken++) {
                if (noise != null) {
                    normals(key, taken, chain, noise);
                }
                network.step(pushed, nudge, step, temperature, noise, forces);
                network.step(left, Nudge.NONE, step, temperature, noise, forces);
            }
            displacements[k] = difference(pushed, left);
        }
        return displacements;
    }

    /** Box and Muller's normal numbers, two of a block's four words each. */
    private static void normals(int[] key, int step, long chain, double[] out) {
        for (int i = 0; i < out.length; i += 2) {
            int[] words = NoiseKey.counter(i / 2, step, chain);
            Threefry.encrypt(key, words);
            double radius = Math.sqrt(-2 * StrictMath.log(NoiseKey.ofWord(words[0])));
            double angle = 2 * Math.PI * NoiseKey.ofWord(words[1]);
            out[i] = radius * StrictMath.cos(angle);
            if (i + 1 < out.length) {
                out[i + 1] = radius * StrictMath.sin(angle);
            }
        }
    }

    private Nudge nudge(double beta) {
        return new Nudge(beta, firsts[depth()], targets);
    }

    private static double[] difference(double[] a, double[] b) {
        double[] difference = new double[a.length];
        for (int i = 0; i < a.length; i++) {
            difference[i] = a[i] - b[i];
        }
        return difference;
    }

    /** Compares a layer's displacement at a time with what the law says of its errors. */
    public Likeness likeness(int layer, double[] displacement, double beta, double time) {
        double[] errors = errors();
        double law = beta;
        for (int m = 1; m <= depth() - layer + 1; m++) {
            law *= time / m;
        }
        double product = 0;
        double moved = 0;
        double error = 0;
        for (int i = firsts[layer]; i < firsts[layer + 1]; i++) {
            product -= displacement[i] * errors[i];
            moved += displacement[i] * displacement[i];
            error += errors[i] * errors[i];
        }
        return new Likeness(product / Math.sqrt(moved * error), Math.sqrt(moved / error) / law);
    }
}
