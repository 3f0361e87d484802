package org.coinflip.spark.study.curvature;

import java.util.ArrayList;
import java.util.List;
import org.coinflip.model.noise.NoiseKey;

/**
 * How much Fisher information groups of weights share: the root mean square of {@code F_ij / √(F_ii F_jj)}, i in one group, j in
 * another (in the same group: i ≠ j), {@code F = E[g gᵀ]} over examples and labels drawn from the network. A group is all weights
 * from one layer to another.
 *
 * <p>With F = Gᵀ G of scaled rows G this is ‖F_ab‖ over blocks; {@code ‖G_aᵀ G_b‖² = tr(K_a K_b)}, K = G Gᵀ, costs rows² instead of
 * weights². That of independent gradients is about 1/√rows.
 */
final class FisherBlocks {
    private final List<String> names = new ArrayList<>();
    private final List<List<Double>> shared = new ArrayList<>();

    FisherBlocks(ShortcutNetwork network, Inputs inputs, long seed) {
        int rows = inputs.size();
        NoiseKey key = new NoiseKey(seed, 0, NoiseKey.STUDY);
        double[][] scores = new double[rows][];
        double[] norms = new double[network.size()];
        for (int t = 0; t < rows; t++) {
            scores[t] = network.score(inputs.features(t), key.uniform(t));
            for (int i = 0; i < norms.length; i++) {
                norms[i] += scores[t][i] * scores[t][i];
            }
        }
        for (double[] score : scores) {
            for (int i = 0; i < norms.length; i++) {
                score[i] = norms[i] > 0 ? score[i] / Math.sqrt(norms[i]) : 0;
            }
        }
        List<double[]> grams = new ArrayList<>();
        List<Integer> sizes = new ArrayList<>();
        for (int l = 1; l < network.layers(); l++) {
            for (int m = 0; m < l; m++) {
                if (network.connects(m, l)) {
                    names.add(m + "→" + l);
                    sizes.add(network.length(m, l));
                    grams.add(gram(scores, network.offset(m, l), network.length(m, l)));
                }
            }
        }
        for (int a = 0; a < grams.size(); a++) {
            List<Double> row = new ArrayList<>();
            for (int b = 0; b < grams.size(); b++) {
                double sum = 0;
                for (int i = 0; i < rows * rows; i++) {
                    sum += grams.get(a)[i] * grams.get(b)[i];
                }
                double own = a == b ? sizes.get(a) : 0;
                row.add(Math.sqrt(Math.max(0, sum - own) / ((double) sizes.get(a) * sizes.get(b) - own)));
            }
            shared.add(row);
        }
    }

    private static double[] gram(double[][] scores, int offset, int length) {
        int rows = scores.length;
        double[] gram = new double[rows * rows];
        for (int s = 0; s < rows; s++) {
            for (int t = 0; t <= s; t++) {
                double sum = 0;
                for (int i = offset; i < offset + length; i++) {
                    sum += scores[s][i] * scores[t][i];
                }
                gram[s * rows + t] = sum;
                gram[t * rows + s] = sum;
            }
        }
        return gram;
    }

    /** The groups: from layer → to layer, the input being 0. */
    List<String> names() {
        return names;
    }

    /** A row for each group, a number for each. */
    List<List<Double>> shared() {
        return shared;
    }
}
