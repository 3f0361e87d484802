package org.coinflip.spark.cost;

import java.util.Locale;
import org.apache.spark.api.java.JavaSparkContext;
import org.coinflip.model.kernel.KernelChoice;
import org.coinflip.model.network.Network;
import org.coinflip.model.training.TrainingSpec;
import org.coinflip.spark.experiment.AveragingSpec;
import org.coinflip.spark.preflight.Finding;
import org.coinflip.spark.preflight.Slots;

/** Whether rounds are long enough for what their ends cost on the cluster at hand, by a few rounds on random examples. */
public final class RoundLength {
    /** Part of the time that is to be spent in steps; below, a warning is due. */
    private static final double LEAST = 0.8;

    /** What is proposed leaves so much. */
    private static final double PROPOSED = 0.95;

    private static final int STEPS = 10;
    private static final int ROUNDS = 20;
    private static final int WARM_UP = 10;

    private final RoundCosts costs;
    private final double overhead;

    /** @param workers of the training; one averages with nobody */
    private RoundLength(RoundCosts costs, int workers) {
        this.costs = costs;
        this.overhead = workers == 1 ? 0 : costs.overhead();
    }

    /** Measures: some seconds. */
    public static Finding look(
            JavaSparkContext spark,
            Network network,
            TrainingSpec training,
            AveragingSpec averaging,
            KernelChoice kernels,
            long seed) {
        RoundCosts costs =
                RoundCosts.measure(spark, network, training, kernels, Slots.of(spark), STEPS, ROUNDS, WARM_UP, seed);
        RoundLength length = new RoundLength(costs, averaging.workers());
        return averaging.isAuto() ? length.proposal() : length.of(averaging.stepsPerRound());
    }

    private Finding proposal() {
        return Finding.warning("rounds: averaging.steps-per-round is auto, with which nothing trains: " + set());
    }

    private Finding of(int stepsPerRound) {
        double part = costs.efficiency(overhead, stepsPerRound);
        String seen = String.format(
                Locale.ROOT, "rounds: of %d steps they spend %.0f %% of the time in steps", stepsPerRound, 100 * part);
        return part >= LEAST
                ? Finding.good(seen)
                : Finding.warning(seen + String.format(Locale.ROOT, ", expected %.0f or more: ", 100 * LEAST) + set());
    }

    private String set() {
        return String.format(
                Locale.ROOT,
                "averaging.steps-per-round = %d spends %.0f (a step takes %.2f ms, a round's end %.2f ms); the result depends on it",
                Math.max(1, costs.breakEven(overhead, PROPOSED)),
                100 * PROPOSED,
                1e3 * costs.step(),
                1e3 * overhead);
    }
}
