package org.coinflip.spark.sweep.sampler;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.coinflip.spark.sweep.space.Configuration;

/**
 * Multivariate tree-structured Parzen estimator. The results are parted into the γ√n best and the rest; each part is a mixture of kernels
 * over whole configurations ({@link ParzenMixture}), l and g. Of candidates drawn from l the one with the greatest l/g is taken, which
 * grows with the expected improvement. Failures belong to the rest.
 *
 * <p>Where options bring axes of their own, configurations with the same axes are a group, and a proposal is made within one: the group is
 * drawn with odds of one more than it has among the good results of all. A branch that looked worse in its first few trials is so
 * still searched in its own right.
 *
 * <p>Where a scheduler compares at several rungs, the results are those of one: of the highest at which there are as many as a configuration has
 * axes, and three more; until there is such a one, of that with the most. Values of one rung are so never held against those of another.
 *
 * <p>Of several objectives the good are those that none dominates, then those that only these do, and so on; where the last of such ranks is too many, those of it that are least crowded.
 *
 * <p>Bergstra, Bardenet, Bengio, Kégl (2011), "Algorithms for Hyper-Parameter Optimization"; the multivariate kernels
 * and the choice of the rung are those of Falkner, Klein, Hutter (2018), "BOHB: Robust and Efficient Hyperparameter Optimization at Scale", algorithm 2; the ranks
 * those of Ozaki, Tanigaki, Watanabe, Onishi (2020), "Multiobjective Tree-Structured Parzen Estimator for Computationally Expensive Optimization Problems", which parts the last by
 * its hypervolume.
 */
final class TpeSampler extends LearningSampler {
    private static final int CANDIDATE_PURPOSE = 1 << 21;
    /** γ of the good results among which a group is drawn: fewer than are learned from in it, for a group that is better shows in the first of all, and one of many configurations is many among more. */
    private static final double PART_OF_GROUPS = 0.25;
    /** Results in a group from which on it is proposed to. */
    private static final int LEAST_IN_GROUP = 4;
    /** Results at a rung, beyond one an axis, from which on it is learned from. */
    private static final int BEYOND_AXES = 3;

    /**
     * How it goes about it.
     *
     * @param start random configurations before the first that is proposed
     * @param candidates draws from l for one proposal
     * @param part γ: of n results the best γ√n are called good
     * @param mostGood good results at most
     * @param random part of the proposals that is drawn at random, so that no region is given up for good
     */
    record Settings(int start, int candidates, double part, int mostGood, double random) {}

    private final Settings settings;
    private final TreeMap<Integer, List<Elite.Member>> byRung = new TreeMap<>();
    /** Axes of the configuration with the most among those seen. */
    private int mostAxes;
    /** Results of other sweeps. */
    private int believed;

    TpeSampler(Admission admission, Settings settings, long seed) {
        super(admission, seed);
        this.settings = settings;
    }

    @Override
    public boolean weighsObjectives() {
        return true;
    }

    /** Counts for the random start: of so many fewer nothing would be known. */
    @Override
    public void believe(Configuration configuration, double value, int resource) {
        believed++;
        super.believe(configuration, value, resource);
    }

    /** A configuration that comes again at the same rung is counted once, at its latest. */
    @Override
    public void observe(Configuration configuration, Measured measured, int resource) {
        List<Elite.Member> observations = byRung.computeIfAbsent(resource, rung -> new ArrayList<>());
        observations.removeIf(old -> Arrays.equals(old.genes(), configuration.point()));
        observations.add(new Elite.Member(configuration.point(), measured, observations.size()));
        mostAxes = Math.max(mostAxes, axes(configuration.point()).cardinality());
    }

    /** The results that are learned from. */
    private List<Elite.Member> observations() {
        List<Elite.Member> most = List.of();
        for (List<Elite.Member> these : byRung.descendingMap().values()) {
            if (these.size() >= mostAxes + BEYOND_AXES) {
                return these;
            }
            most = these.size() > most.size() ? these : most;
        }
        return most;
    }

    @Override
    public Configuration configuration(int number) {
        List<Elite.Member> observations = observations();
        boolean atRandom = uniforms.at(CANDIDATE_PURPOSE, number, 0) < settings.random;
        if (number + believed < settings.start || observations.size() < 2 || atRandom) {
            return random.configuration(number);
        }
        List<Elite.Member> group = bestFirst(group(bestFirst(observations), number));
        if (group.size() < LEAST_IN_GROUP) {
            return group.isEmpty() ? random.configuration(number) : randomLike(group.get(0), number);
        }
        int good = good(group.size(), settings.part);
        ParzenMixture better = mixture(group.subList(0, good), group.size());
        ParzenMixture worse = mixture(group.subList(good, group.size()), group.size());
        Configuration best = null;
        double bestRatio = Double.NEGATIVE_INFINITY;
        for (int c = 0; c < settings.candidates; c++) {
            int candidate = c;
            double[] point = better.draw(d -> uniforms.at(CANDIDATE_PURPOSE + 1 + d, number, candidate));
            Configuration configuration = admission.space().at(point);
            double ratio = better.logDensity(configuration.point()) - worse.logDensity(configuration.point());
            boolean inGroup =
                    axes(configuration.point()).equals(axes(group.get(0).genes()));
            if (inGroup && ratio > bestRatio && admission.allows(configuration)) {
                best = configuration;
                bestRatio = ratio;
            }
        }
        return best != null ? best : random.configuration(number);
    }

    /** The best first, among equals the one that was seen first; of several objectives, as far as they are good. */
    private List<Elite.Member> bestFirst(List<Elite.Member> observations) {
        if (observations.size() > 0 && observations.get(0).measured().values().length > 1) {
            return Elite.bestFirst(observations, good(observations.size(), settings.part));
        }
        List<Elite.Member> sorted = new ArrayList<>(observations);
        sorted.sort(Elite.Member.BY_VALUE);
        return sorted;
    }

    /** Draws a group; its results, the best first. */
    private List<Elite.Member> group(List<Elite.Member> sorted, int number) {
        Map<BitSet, List<Elite.Member>> groups = new LinkedHashMap<>();
        sorted.forEach(o ->
                groups.computeIfAbsent(axes(o.genes()), g -> new ArrayList<>()).add(o));
        int good = good(sorted.size(), Math.min(PART_OF_GROUPS, settings.part));
        double ticket = uniforms.at(CANDIDATE_PURPOSE, number, 1) * (good + groups.size());
        List<Elite.Member> last = List.of();
        for (List<Elite.Member> group : groups.values()) {
            last = group;
            long among =
                    sorted.subList(0, good).stream().filter(group::contains).count();
            ticket -= among + 1;
            if (ticket < 0) {
                break;
            }
        }
        return last;
    }

    private int good(int results, double part) {
        double most = Math.min(settings.mostGood, results - 1);
        return (int) Math.max(1, Math.min(most, Math.ceil(part * Math.sqrt(results))));
    }

    /** Which axes a point has. */
    private static BitSet axes(double[] point) {
        BitSet axes = new BitSet(point.length);
        for (int d = 0; d < point.length; d++) {
            axes.set(d, !Double.isNaN(point[d]));
        }
        return axes;
    }

    /** A random configuration with the same axes as another. */
    private Configuration randomLike(Elite.Member like, int number) {
        double[] point = new double[like.genes().length];
        for (int attempt = 0; attempt < Admission.TRIES; attempt++) {
            for (int d = 0; d < point.length; d++) {
                point[d] = uniforms.at(CANDIDATE_PURPOSE + 1 + d, number, attempt);
            }
            Configuration configuration = admission.space().at(point);
            if (axes(configuration.point()).equals(axes(like.genes())) && admission.allows(configuration)) {
                return configuration;
            }
        }
        return random.configuration(number);
    }

    private ParzenMixture mixture(List<Elite.Member> part, int results) {
        return new ParzenMixture(
                admission.space().axes(), part.stream().map(Elite.Member::genes).toList(), results);
    }
}
