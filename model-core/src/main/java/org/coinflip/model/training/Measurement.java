package org.coinflip.model.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.layer.StochasticLayer;
import org.coinflip.model.layer.StochasticStage;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Mode;
import org.coinflip.model.network.Network;
import org.coinflip.model.network.Pass;

/**
 * Looks at the stochastic layers as training does, without changing anything: the same examples are passed forward and backward under
 * several draws of the noise. Noise is drawn for an epoch that training does not reach.
 */
public final class Measurement {
    private static final int EPOCH = Integer.MAX_VALUE;

    private Measurement() {}

    /**
     * @param state not modified
     * @param count how many examples, from the first on; at most all
     * @param draws draws of the noise for every example, at least 2
     */
    public static List<LayerStatistics> measure(
            Network network, State state, Examples examples, int count, int draws, Backend backend, long seed) {
        Pass pass = network.bind(state, null, backend, count);
        int[] places = new int[count];
        Arrays.setAll(places, i -> i);
        pass.load(examples, places, count);
        List<StochasticStage> stages = pass.stochasticStages();
        List<Moments> moments = new ArrayList<>();
        for (StochasticStage stage : stages) {
            moments.add(new Moments(stage.width(), stage.logits().rows()));
        }
        // Schedules are where training leaves them.
        pass.context().setProgress(1);
        for (int draw = 0; draw < draws; draw++) {
            pass.context().setNoise(Mode.TRAIN, seed, EPOCH, draw);
            pass.forward();
            pass.backward();
            for (int i = 0; i < stages.size(); i++) {
                moments.get(i).add(stages.get(i), draw);
            }
        }
        List<LayerStatistics> statistics = new ArrayList<>();
        for (int layer = 0; layer < network.layers().size(); layer++) {
            if (network.layers().get(layer) instanceof StochasticLayer stochastic) {
                statistics.add(moments.get(statistics.size()).statistics(layer, stochastic, draws));
            }
        }
        return statistics;
    }

    /** Running moments of one layer, by Welford's recurrence. */
    private static final class Moments {
        private final int width;
        private final long[] fired;
        private final double[] mean;
        private final double[] squares;
        private long samples;
        private int rows;

        Moments(int width, int rows) {
            this.width = width;
            fired = new long[width];
            mean = new double[width * rows];
            squares = new double[width * rows];
        }

        void add(StochasticStage stage, int draw) {
            Matrix h = stage.samples();
            int sampled = stage.rows(stage.context());
            for (int r = 0; r < sampled; r++) {
                for (int j = 0; j < width; j++) {
                    fired[j] += h.get(r, j) != 0 ? 1 : 0;
                }
            }
            samples += sampled;
            rows = stage.rows();
            for (int r = 0; r < rows; r++) {
                for (int j = 0; j < width; j++) {
                    int at = r * width + j;
                    double g = stage.logitGradient().get(r, j);
                    double off = g - mean[at];
                    mean[at] += off / (draw + 1);
                    squares[at] += off * (g - mean[at]);
                }
            }
        }

        LayerStatistics statistics(int layer, StochasticLayer spec, int draws) {
            List<Double> rates = new ArrayList<>();
            for (long count : fired) {
                rates.add((double) count / samples);
            }
            double variance = 0;
            for (int i = 0; i < rows * width; i++) {
                variance += squares[i] / (draws - 1);
            }
            return new LayerStatistics(
                    layer,
                    (String) spec.law().write().get("type"),
                    (String) spec.estimator().write().get("type"),
                    rates,
                    variance / (rows * width));
        }
    }
}
