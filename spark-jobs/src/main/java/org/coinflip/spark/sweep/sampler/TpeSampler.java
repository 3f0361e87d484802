package org.coinflip.spark.sweep.sampler;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
 * <p>Bergstra, Bardenet, Bengio, Kégl (2011), "Algorithms for Hyper-Parameter Optimization"; the multivariate kernels are those of
 * Falkner, Klein, Hutter (2018), "BOHB".
 */
final class TpeSampler implements Sampler {
    private static final int CANDIDATE_PURPOSE = 1 << 21;
    /** Results in a group from which on it is proposed to. */
    private static final int LEAST_IN_GROUP = 4;

    private record Observation(double[] point, double value, int resource, int order) {}

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

    private final Admission admission;
    private final Settings settings;
    private final Uniforms uniforms;
    private final CubeSampler random;
    private final List<Observation> observations = new ArrayList<>();

    TpeSampler(Admission admission, Settings settings, long seed) {
        this.admission = admission;
        this.settings = settings;
        this.uniforms = new Uniforms(seed);
        this.random = new CubeSampler(admission, CubeSampler.random(admission.space(), seed), null);
    }

    @Override
    public long size() {
        return Long.MAX_VALUE;
    }

    @Override
    public boolean learns() {
        return true;
    }

    /** A configuration that comes again, with more spent on it, is counted once, at its latest. */
    @Override
    public void observe(Configuration configuration, double value, int resource) {
        observations.removeIf(old -> old.point == configuration.point() || sameBits(old.point, configuration.point()));
        observations.add(new Observation(configuration.point(), value, resource, observations.size()));
    }

    private static boolean sameBits(double[] a, double[] b) {
        return java.util.Arrays.equals(a, b);
    }

    @Override
    public Configuration configuration(int number) {
        boolean atRandom = uniforms.at(CANDIDATE_PURPOSE, number, 0) < settings.random;
        if (number < settings.start || observations.size() < 2 || atRandom) {
            return random.configuration(number);
        }
        List<Observation> group = group(sorted(observations), number);
        if (group.size() < LEAST_IN_GROUP) {
            return group.isEmpty() ? random.configuration(number) : randomLike(group.get(0), number);
        }
        int good = good(group.size());
        ParzenMixture better = mixture(group.subList(0, good), group.size());
        ParzenMixture worse = mixture(group.subList(good, group.size()), group.size());
        Configuration best = null;
        double bestRatio = Double.NEGATIVE_INFINITY;
        for (int c = 0; c < settings.candidates; c++) {
            int candidate = c;
            double[] point = better.draw(d -> uniforms.at(CANDIDATE_PURPOSE + 1 + d, number, candidate));
            Configuration configuration = admission.space().at(point);
            double ratio = better.logDensity(configuration.point()) - worse.logDensity(configuration.point());
            boolean inGroup = axes(configuration.point()).equals(axes(group.get(0).point));
            if (inGroup && ratio > bestRatio && admission.allows(configuration)) {
                best = configuration;
                bestRatio = ratio;
            }
        }
        return best != null ? best : random.configuration(number);
    }

    /** The best first: what was given more comes first among equals; a failure is worse than any value. */
    private static List<Observation> sorted(List<Observation> observations) {
        List<Observation> sorted = new ArrayList<>(observations);
        sorted.sort(Comparator.comparingDouble((Observation o) -> Double.isNaN(o.value) ? Double.MAX_VALUE : o.value)
                .thenComparing(Comparator.comparingInt(Observation::resource).reversed())
                .thenComparingInt(Observation::order));
        return sorted;
    }

    /** Draws a group; its results, the best first. */
    private List<Observation> group(List<Observation> sorted, int number) {
        Map<BitSet, List<Observation>> groups = new LinkedHashMap<>();
        sorted.forEach(o ->
                groups.computeIfAbsent(axes(o.point), g -> new ArrayList<>()).add(o));
        int good = good(sorted.size());
        double ticket = uniforms.at(CANDIDATE_PURPOSE, number, 1) * (good + groups.size());
        List<Observation> last = List.of();
        for (List<Observation> group : groups.values()) {
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

    private int good(int results) {
        return Math.max(1, (int) Math.min(settings.mostGood, Math.ceil(settings.part * Math.sqrt(results))));
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
    private Configuration randomLike(Observation like, int number) {
        double[] point = new double[like.point.length];
        for (int attempt = 0; attempt < Admission.TRIES; attempt++) {
            for (int d = 0; d < point.length; d++) {
                point[d] = uniforms.at(CANDIDATE_PURPOSE + 1 + d, number, attempt);
            }
            Configuration configuration = admission.space().at(point);
            if (axes(configuration.point()).equals(axes(like.point)) && admission.allows(configuration)) {
                return configuration;
            }
        }
        return random.configuration(number);
    }

    private ParzenMixture mixture(List<Observation> part, int results) {
        return new ParzenMixture(
                admission.space().axes(), part.stream().map(Observation::point).toList(), results);
    }
}
