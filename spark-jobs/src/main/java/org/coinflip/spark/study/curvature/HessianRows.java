package org.coinflip.spark.study.curvature;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * The Hessian of the mean loss by central differences of the gradient, {@code h_k = [∇E(θ + δ e_k) − ∇E(θ − δ e_k)] / 2δ}, a block of
 * rows a Spark task.
 */
final class HessianRows {
    private static final int ROWS_A_TASK = 65;

    private HessianRows() {}

    /** Row-major, not made symmetric. */
    static double[] compute(JavaSparkContext spark, ShortcutNetwork network, Inputs inputs, double step) {
        int size = network.size();
        List<Integer> starts = new ArrayList<>();
        for (int start = 0; start < size; start += ROWS_A_TASK) {
            starts.add(start);
        }
        Broadcast<ShortcutNetwork> net = spark.broadcast(network);
        Broadcast<Inputs> data = spark.broadcast(inputs);
        try {
            double[] hessian = new double[size * size];
            int at = 0;
            for (double[] rows : spark.parallelize(starts, starts.size())
                    .map(start -> rows(net.value(), data.value(), start, Math.min(size, start + ROWS_A_TASK), step))
                    .collect()) {
                System.arraycopy(rows, 0, hessian, at, rows.length);
                at += rows.length;
            }
            return hessian;
        } finally {
            net.destroy();
            data.destroy();
        }
    }

    private static double[] rows(ShortcutNetwork network, Inputs inputs, int from, int to, double step) {
        int size = network.size();
        double[] rows = new double[(to - from) * size];
        double[] weights = network.weights();
        double[] above = new double[size];
        double[] below = new double[size];
        for (int k = from; k < to; k++) {
            double value = weights[k];
            weights[k] = value + step;
            network.gradient(weights, inputs, above);
            weights[k] = value - step;
            network.gradient(weights, inputs, below);
            weights[k] = value;
            for (int j = 0; j < size; j++) {
                rows[(k - from) * size + j] = (above[j] - below[j]) / (2 * step);
            }
        }
        return rows;
    }
}
