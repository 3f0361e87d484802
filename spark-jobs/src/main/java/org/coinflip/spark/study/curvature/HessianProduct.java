package org.coinflip.spark.study.curvature;

import java.util.Arrays;

/**
 * Products of a network's Hessian with vectors, exactly: the derivative along v of all that {@link ShortcutNetwork} computes, forward and
 * backward (Pearlmutter 1994). One thread's.
 */
final class HessianProduct {
    private final ShortcutNetwork network;
    private final double[] weights;
    /** Derivatives along v of y, u and δ. */
    private final double[][] movedOutput;

    private final double[][] movedInput;
    private final double[][] movedDelta;

    HessianProduct(ShortcutNetwork network) {
        this.network = network;
        weights = network.weights();
        movedOutput = Trace.rows(network.widths());
        movedInput = Trace.rows(network.widths());
        movedDelta = Trace.rows(network.widths());
    }

    /** The Hessian of the mean cross-entropy over the inputs, times v. */
    double[] of(double[] v, Inputs inputs) {
        double[] out = new double[network.size()];
        double[] unused = new double[network.size()];
        Trace trace = new Trace(network.widths());
        int top = network.layers() - 1;
        double scale = 1.0 / inputs.size();
        for (int t = 0; t < inputs.size(); t++) {
            network.forward(weights, inputs.features(t), inputs.label(t), trace);
            forwardMoved(v, trace);
            double[] p = trace.delta()[top];
            double mean = 0;
            for (int j = 0; j < p.length; j++) {
                mean += p[j] * movedOutput[top][j];
            }
            for (int j = 0; j < p.length; j++) {
                movedDelta[top][j] = p[j] * (movedOutput[top][j] - mean);
            }
            p[inputs.label(t)] -= 1;
            network.backward(weights, trace, 0, unused);
            backwardMoved(v, trace, scale, out);
        }
        return out;
    }

    /** Derivatives of all outputs along v. */
    private void forwardMoved(double[] v, Trace trace) {
        int top = network.layers() - 1;
        for (int l = 1; l <= top; l++) {
            double[] moved = movedOutput[l];
            Arrays.fill(moved, 0);
            for (int m = network.lowest(l); m < l; m++) {
                Blocks.addProduct(v, network.offset(m, l), trace.y()[m], moved);
                if (m > 0) {
                    Blocks.addProduct(weights, network.offset(m, l), movedOutput[m], moved);
                }
            }
            System.arraycopy(moved, 0, movedInput[l], 0, moved.length);
            for (int j = 0; j < moved.length && l < top; j++) {
                moved[j] *= network.slope(trace, l, j);
            }
        }
    }

    private void backwardMoved(double[] v, Trace trace, double scale, double[] out) {
        int top = network.layers() - 1;
        for (int l = top; l >= 1; l--) {
            if (l < top) {
                double[] moved = new double[network.widths()[l]];
                for (int k = l + 1; k <= top; k++) {
                    if (network.connects(l, k)) {
                        Blocks.addTransposed(v, network.offset(l, k), trace.delta()[k], moved);
                        Blocks.addTransposed(weights, network.offset(l, k), movedDelta[k], moved);
                    }
                }
                for (int j = 0; j < moved.length; j++) {
                    movedDelta[l][j] = network.curvature(trace, l, j) * movedInput[l][j] * trace.back()[l][j]
                            + network.slope(trace, l, j) * moved[j];
                }
            }
            for (int m = network.lowest(l); m < l; m++) {
                Blocks.addOuter(trace.y()[m], movedDelta[l], scale, out, network.offset(m, l));
                if (m > 0) {
                    Blocks.addOuter(movedOutput[m], trace.delta()[l], scale, out, network.offset(m, l));
                }
            }
        }
    }
}
