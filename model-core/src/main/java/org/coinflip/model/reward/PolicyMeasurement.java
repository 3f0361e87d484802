package org.coinflip.model.reward;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.layer.Mode;
import org.coinflip.model.layer.stochastic.StochasticLayer;
import org.coinflip.model.layer.stochastic.StochasticStage;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.network.Pass;
import org.coinflip.model.training.LayerStatistics;
import org.coinflip.model.training.TrainingSpec;

/**
 * Looks at a policy's stochastic layers as training does, without changing anything, in a batch of episodes that training does not play.
 * What an episode earns hangs on all of its draws, so the gradient variance here is that over the steps played, their states and
 * noise together; the signal is their mean.
 */
public final class PolicyMeasurement {
    private static final int EPOCH = Integer.MAX_VALUE;

    private PolicyMeasurement() {}

    /** @param state of the layout that training has; not modified */
    public static List<LayerStatistics> measure(
            Network network,
            State state,
            TrainingSpec spec,
            Environment environment,
            double discount,
            Backend backend,
            long seed) {
        PolicyLearner learner =
                new PolicyLearner(network, spec, environment, discount, EpisodeReuse.NONE, backend, seed);
        learner.state().set(state);
        // Schedules are where training leaves them.
        learner.play(EPOCH, 1, 0);
        Pass pass = learner.pass();
        pass.context().setNoise(Mode.TRAIN, seed, EPOCH, 0);
        pass.context().setProgress(1);
        pass.forward();
        pass.backward();
        List<StochasticStage> stages = pass.stochasticStages();
        List<LayerStatistics> statistics = new ArrayList<>();
        for (int layer = 0; layer < network.layers().size(); layer++) {
            if (network.layers().get(layer) instanceof StochasticLayer stochastic) {
                statistics.add(statistics(layer, stochastic, stages.get(statistics.size())));
            }
        }
        return statistics;
    }

    private static LayerStatistics statistics(int layer, StochasticLayer spec, StochasticStage stage) {
        int rows = stage.rows();
        List<Double> rates = new ArrayList<>();
        double variance = 0;
        double signal = 0;
        for (int j = 0; j < stage.width(); j++) {
            int fired = 0;
            double mean = 0;
            double squares = 0;
            for (int r = 0; r < rows; r++) {
                fired += stage.samples().get(r, j) != 0 ? 1 : 0;
                double g = stage.logitGradient().get(r, j);
                double off = g - mean;
                mean += off / (r + 1);
                squares += off * (g - mean);
            }
            rates.add((double) fired / rows);
            signal += mean * mean;
            variance += rows < 2 ? 0 : squares / (rows - 1);
        }
        return new LayerStatistics(
                layer,
                (String) spec.law().write().get("type"),
                (String) spec.estimator().write().get("type"),
                Map.of(),
                rates,
                variance / stage.width(),
                Math.sqrt(signal / variance),
                OptionalDouble.empty());
    }
}
