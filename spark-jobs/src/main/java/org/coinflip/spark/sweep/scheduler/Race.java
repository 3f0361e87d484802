package org.coinflip.spark.sweep.scheduler;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A race over replicates: every configuration is trained with the first seed, then those that are left with the next, the best first, and so on. One
 * that is worse than a leader by {@link PairedEvidence} is trained with no further seed; those that are left are trained with all.
 *
 * <p>When all that are left have r results, the one with the least mean of its first r is a leader. A leader is held against the others on seeds of
 * which nobody had a result when it was chosen, so that it was not chosen for them. The k-th leader's tests have the error rate
 * {@code α_k = α / (k (k + 1))}, together α. So the configuration with the least expected metric is stopped with a probability of at most α,
 * whatever the number of configurations and of looks, where differences between two configurations on the same seed are normal, of any variance.
 *
 * <p>A replicate that fails stops its configuration. The race is that of Maron and Moore (1994), "Hoeffding Races", and of Birattari, Stützle, Paquete,
 * Varrentrapp (2002), "A Racing Algorithm for Configuring Metaheuristics", with an anytime-valid test in the place of theirs.
 */
final class Race implements Scheduler {
    private final int epochs;
    private final int replicates;
    private final double errorRate;
    private final List<Racer> racers = new ArrayList<>();
    private final List<Leader> leaders = new ArrayList<>();
    /** Results that all that were left had when a leader was last looked for. */
    private int level;

    /** Held against the others on seeds from {@code from} on. */
    private record Leader(int configuration, int from, double logThreshold) {}

    private static final class Racer {
        private final double[] values;
        private int taken;
        private int seen;
        private double sum;
        private boolean isOut;

        Racer(int replicates) {
            values = new double[replicates];
        }

        double mean(int count) {
            double total = 0;
            for (int i = 0; i < count; i++) {
                total += values[i];
            }
            return total / count;
        }
    }

    /**
     * @param epochs of a training
     * @param replicates seeds of a configuration that is never stopped
     * @param errorRate α, in (0, 1)
     */
    Race(int epochs, int replicates, double errorRate) {
        this.epochs = epochs;
        this.replicates = replicates;
        this.errorRate = errorRate;
    }

    @Override
    public int[] rungs() {
        return new int[] {epochs};
    }

    @Override
    public boolean takesReplicates() {
        return true;
    }

    @Override
    public Optional<Step> next(int started, boolean more) {
        if (more) {
            return Optional.of(Step.replicate(started, 0));
        }
        findLeader();
        int next = -1;
        for (int c = 0; c < racers.size(); c++) {
            Racer racer = racers.get(c);
            if (!racer.isOut && racer.taken < replicates && (next < 0 || isBefore(racer, racers.get(next)))) {
                next = c;
            }
        }
        return next < 0 ? Optional.empty() : Optional.of(Step.replicate(next, racers.get(next).taken));
    }

    /** Whoever has fewer seeds, then whoever is better so far. */
    private static boolean isBefore(Racer racer, Racer other) {
        return racer.taken != other.taken
                ? racer.taken < other.taken
                : racer.sum / Math.max(1, racer.seen) < other.sum / Math.max(1, other.seen);
    }

    private void findLeader() {
        List<Integer> left = new ArrayList<>();
        int least = replicates;
        int most = 0;
        for (int c = 0; c < racers.size(); c++) {
            most = Math.max(most, racers.get(c).seen);
            if (!racers.get(c).isOut) {
                left.add(c);
                least = Math.min(least, racers.get(c).seen);
            }
        }
        if (left.size() < 2 || least <= level || most == replicates) {
            return;
        }
        level = least;
        int best = left.get(0);
        for (int c : left) {
            best = racers.get(c).mean(level) < racers.get(best).mean(level) ? c : best;
        }
        int found = best;
        if (leaders.stream().noneMatch(leader -> leader.configuration == found)) {
            int k = leaders.size() + 1;
            leaders.add(new Leader(found, most, -StrictMath.log(errorRate / k / (k + 1))));
        }
    }

    @Override
    public void taken(Step step) {
        if (step.replicate() == 0) {
            racers.add(new Racer(replicates));
        }
        racers.get(step.configuration()).taken++;
    }

    @Override
    public void observe(Step step, double value) {
        Racer racer = racers.get(step.configuration());
        racer.values[racer.seen++] = value;
        racer.sum += value;
        racer.isOut |= Double.isNaN(value);
        for (Leader leader : leaders) {
            if (leader.configuration == step.configuration()) {
                racers.forEach(other -> test(other, leader));
            } else {
                test(racer, leader);
            }
        }
    }

    private void test(Racer racer, Leader leader) {
        Racer first = racers.get(leader.configuration);
        int common = Math.min(racer.seen, first.seen);
        if (racer != first && !racer.isOut && !Double.isNaN(first.sum)) {
            racer.isOut = PairedEvidence.log(racer.values, first.values, leader.from, common) >= leader.logThreshold;
        }
    }
}
