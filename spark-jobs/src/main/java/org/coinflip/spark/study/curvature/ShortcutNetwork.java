package org.coinflip.spark.study.curvature;

import java.io.Serializable;
import java.util.Arrays;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.memory.State;

/**
 * A network of tanh units {@code γ (tanh u + α u + β)} and a softmax in double precision, as a function of its weights: loss, gradient,
 * and products with the Hessian (Pearlmutter 1994). Biases, α, β and γ are constants. Weights are laid out as blocks, for every layer
 * those from the lowest layer first, each inputs × units. Immutable; several threads may use one.
 */
final class ShortcutNetwork implements Serializable {
    private static final long serialVersionUID = 1L;

    private final int[] widths;
    private final boolean shortcuts;
    private final double[] weights;
    private final double[][] biases;
    private final double[][] alpha;
    private final double[][] beta;
    private final double[][] gamma;
    /** Where the block from layer m to layer l begins. */
    private final int[][] offsets;

    private ShortcutNetwork(int[] widths, boolean shortcuts) {
        this.widths = widths.clone();
        this.shortcuts = shortcuts;
        int layers = widths.length;
        offsets = new int[layers][layers];
        biases = new double[layers][];
        alpha = new double[layers][];
        beta = new double[layers][];
        gamma = new double[layers][];
        int offset = 0;
        for (int l = 1; l < layers; l++) {
            for (int m = lowest(l); m < l; m++) {
                offsets[l][m] = offset;
                offset += widths[m] * widths[l];
            }
            biases[l] = new double[widths[l]];
            alpha[l] = new double[widths[l]];
            beta[l] = new double[widths[l]];
            gamma[l] = new double[widths[l]];
            Arrays.fill(gamma[l], 1);
        }
        weights = new double[offset];
    }

    /**
     * The network that a state holds, its units plain.
     *
     * @param widths inputs, units of every layer, outputs
     * @param shortcuts whether every layer reads all layers below
     */
    static ShortcutNetwork of(int[] widths, boolean shortcuts, State state) {
        ShortcutNetwork network = new ShortcutNetwork(widths, shortcuts);
        for (int l = 1; l < widths.length; l++) {
            String layer = "layer" + (l - 1) + ".";
            for (int m = network.lowest(l); m < l; m++) {
                Matrix block = state.matrix(layer + (m == l - 1 ? "weights" : "shortcut" + m));
                for (int i = 0; i < widths[m]; i++) {
                    for (int j = 0; j < widths[l]; j++) {
                        network.weights[network.place(m, l, i, j)] = block.get(i, j);
                    }
                }
            }
            for (int j = 0; j < widths[l]; j++) {
                network.biases[l][j] = state.view(layer + "biases").get(j);
            }
        }
        return network;
    }

    /**
     * The network of the same mapping whose units are transformed for some inputs, from the lowest layer up: so that over them Σ f' = 0 (α),
     * Σ f = 0 (β), mean f² · mean f'² = 1 (γ). The units of this one are plain.
     *
     * @param maxGamma γ is kept in [1/maxGamma, maxGamma]
     */
    ShortcutNetwork transformed(
            Inputs inputs, boolean withAlpha, boolean withBeta, boolean withGamma, double maxGamma) {
        ShortcutNetwork network = new ShortcutNetwork(widths, shortcuts);
        System.arraycopy(weights, 0, network.weights, 0, weights.length);
        for (int l = 1; l < widths.length; l++) {
            network.biases[l] = biases[l].clone();
        }
        for (int l = 1; l < widths.length - 1; l++) {
            double[][] u = preActivations(inputs, l);
            for (int j = 0; j < widths[l]; j++) {
                network.estimate(l, j, u, withAlpha, withBeta, withGamma, maxGamma);
                network.compensate(l, j);
            }
        }
        return network;
    }

    /** u of a layer for every input; units are plain. */
    private double[][] preActivations(Inputs inputs, int layer) {
        double[][] all = new double[inputs.size()][];
        Trace trace = new Trace(widths);
        for (int t = 0; t < inputs.size(); t++) {
            forward(weights, inputs.features(t), inputs.label(t), trace);
            double[] u = biases[layer].clone();
            for (int m = lowest(layer); m < layer; m++) {
                Blocks.addProduct(weights, offsets[layer][m], trace.y()[m], u);
            }
            all[t] = u;
        }
        return all;
    }

    private void estimate(
            int l, int j, double[][] u, boolean withAlpha, boolean withBeta, boolean withGamma, double maxGamma) {
        for (double[] row : u) {
            double tanh = StrictMath.tanh(row[j]);
            alpha[l][j] -= withAlpha ? (1 - tanh * tanh) / u.length : 0;
        }
        for (double[] row : u) {
            beta[l][j] -= withBeta ? (StrictMath.tanh(row[j]) + alpha[l][j] * row[j]) / u.length : 0;
        }
        double squares = 0;
        double slopes = 0;
        for (double[] row : u) {
            double tanh = StrictMath.tanh(row[j]);
            double f = tanh + alpha[l][j] * row[j] + beta[l][j];
            double slope = 1 - tanh * tanh + alpha[l][j];
            squares += f * f / u.length;
            slopes += slope * slope / u.length;
        }
        if (withGamma) {
            gamma[l][j] = Math.min(maxGamma, Math.max(1 / maxGamma, StrictMath.pow(squares * slopes, -0.25)));
        }
    }

    /** Changes the weights above a unit that was plain so that the mapping is what it was (arXiv 1301.3476, section 2). */
    private void compensate(int l, int j) {
        for (int k = l + 1; k < widths.length; k++) {
            for (int o = 0; o < widths[k]; o++) {
                double outgoing = weights[place(l, k, j, o)];
                for (int m = 0; m < l; m++) {
                    for (int i = 0; i < widths[m]; i++) {
                        weights[place(m, k, i, o)] -= weights[place(m, l, i, j)] * alpha[l][j] * outgoing;
                    }
                }
                biases[k][o] -= (alpha[l][j] * biases[l][j] + beta[l][j]) * outgoing;
                weights[place(l, k, j, o)] = outgoing / gamma[l][j];
            }
        }
    }

    /** Place of the weight from unit i of layer m to unit j of layer l. */
    private int place(int m, int l, int i, int j) {
        return offsets[l][m] + i * widths[l] + j;
    }

    /** The lowest layer that a layer reads. */
    int lowest(int layer) {
        return shortcuts ? 0 : layer - 1;
    }

    /** The weights; a copy. */
    double[] weights() {
        return weights.clone();
    }

    int size() {
        return weights.length;
    }

    /** Units of every layer, the input included; not a copy. */
    int[] widths() {
        return widths;
    }

    /** γ tanh'' (u) of unit j of layer l: the slope of its slope. */
    double curvature(Trace trace, int l, int j) {
        double tanh = trace.tanh()[l][j];
        return -2 * gamma[l][j] * tanh * (1 - tanh * tanh);
    }

    /** Layers, the input included. */
    int layers() {
        return widths.length;
    }

    /** Whether layer l reads layer m. */
    boolean connects(int m, int l) {
        return m < l && m >= lowest(l);
    }

    /** Place of the first weight from layer m to layer l. */
    int offset(int m, int l) {
        return offsets[l][m];
    }

    /** Number of weights from layer m to layer l. */
    int length(int m, int l) {
        return widths[m] * widths[l];
    }

    /** u of the output layer; δ of it becomes softmax(u). */
    double forward(double[] w, double[] x, int label, Trace trace) {
        trace.y()[0] = x;
        int top = widths.length - 1;
        for (int l = 1; l <= top; l++) {
            double[] u = trace.y()[l];
            System.arraycopy(biases[l], 0, u, 0, u.length);
            for (int m = lowest(l); m < l; m++) {
                Blocks.addProduct(w, offsets[l][m], trace.y()[m], u);
            }
            if (l < top) {
                for (int j = 0; j < u.length; j++) {
                    double t = StrictMath.tanh(u[j]);
                    trace.tanh()[l][j] = t;
                    u[j] = gamma[l][j] * (t + alpha[l][j] * u[j] + beta[l][j]);
                }
            }
        }
        double[] logits = trace.y()[top];
        double most = Arrays.stream(logits).max().orElseThrow();
        double sum = 0;
        for (int j = 0; j < logits.length; j++) {
            trace.delta()[top][j] = StrictMath.exp(logits[j] - most);
            sum += trace.delta()[top][j];
        }
        for (int j = 0; j < logits.length; j++) {
            trace.delta()[top][j] /= sum;
        }
        return label < 0 ? 0 : StrictMath.log(sum) - (logits[label] - most);
    }

    /** Of unit j of layer l, {@code γ (1 − tanh² u + α)}. */
    double slope(Trace trace, int l, int j) {
        double t = trace.tanh()[l][j];
        return gamma[l][j] * (1 - t * t + alpha[l][j]);
    }

    /** Turns δ of the output layer into those of all, and adds the example's gradient. */
    void backward(double[] w, Trace trace, double scale, double[] gradient) {
        int top = widths.length - 1;
        for (int l = top; l >= 1; l--) {
            if (l < top) {
                double[] back = trace.back()[l];
                Arrays.fill(back, 0);
                for (int k = l + 1; k <= top; k++) {
                    if (connects(l, k)) {
                        Blocks.addTransposed(w, offsets[k][l], trace.delta()[k], back);
                    }
                }
                for (int j = 0; j < back.length; j++) {
                    trace.delta()[l][j] = slope(trace, l, j) * back[j];
                }
            }
            for (int m = lowest(l); m < l; m++) {
                Blocks.addOuter(trace.y()[m], trace.delta()[l], scale, gradient, offsets[l][m]);
            }
        }
    }

    /**
     * Gradient of the mean cross-entropy at the given weights.
     *
     * @param gradient out, overwritten
     * @return the loss
     */
    double gradient(double[] w, Inputs inputs, double[] gradient) {
        Arrays.fill(gradient, 0);
        Trace trace = new Trace(widths);
        int top = widths.length - 1;
        double loss = 0;
        for (int t = 0; t < inputs.size(); t++) {
            loss += forward(w, inputs.features(t), inputs.label(t), trace) / inputs.size();
            trace.delta()[top][inputs.label(t)] -= 1;
            backward(w, trace, 1.0 / inputs.size(), gradient);
        }
        return loss;
    }

    /** Part of the examples whose greatest output is not that of the label. */
    double error(Inputs inputs) {
        Trace trace = new Trace(widths);
        int wrong = 0;
        for (int t = 0; t < inputs.size(); t++) {
            forward(weights, inputs.features(t), inputs.label(t), trace);
            double[] p = trace.delta()[widths.length - 1];
            for (int j = 0; j < p.length; j++) {
                if (p[j] > p[inputs.label(t)]) {
                    wrong++;
                    break;
                }
            }
        }
        return (double) wrong / inputs.size();
    }

    /**
     * The gradient of −log p(label) of one example, for a label that is drawn from the network's own softmax: rows of these make the
     * Fisher matrix.
     *
     * @param uniform in (0, 1); what the label is drawn with
     */
    double[] score(double[] x, double uniform) {
        Trace trace = new Trace(widths);
        forward(weights, x, -1, trace);
        double[] p = trace.delta()[widths.length - 1];
        int label = 0;
        for (double below = p[0]; uniform > below && label < p.length - 1; below += p[label]) {
            label++;
        }
        p[label] -= 1;
        double[] gradient = new double[weights.length];
        backward(weights, trace, 1, gradient);
        return gradient;
    }

    /** The Hessian of the mean cross-entropy times a vector, exactly. */
    double[] product(double[] v, Inputs inputs) {
        return new HessianProduct(this).of(v, inputs);
    }
}
