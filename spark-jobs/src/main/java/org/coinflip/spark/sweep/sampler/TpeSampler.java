package org.coinflip.spark.sweep.sampler;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.coinflip.spark.sweep.space.Configuration;

/**
 * Multivariate tree-structured Parzen estimator. The results are parted into the γn best and the rest; each part is a mixture of kernels
 * over whole configurations ({@link ParzenMixture}), l and g. Of candidates drawn from l the one with the greatest l/g is taken, which
 * grows with the expected improvement. Failures belong to the rest.
 *
 * <p>Bergstra, Bardenet, Bengio, Kégl (2011), "Algorithms for Hyper-Parameter Optimization"; the multivariate kernels are those of
 * Falkner, Klein, Hutter (2018), "BOHB".
 */
final class TpeSampler implements Sampler {
    private static final int CANDIDATE_PURPOSE = 1 << 21;

    private record Observation(double[] point, double value, int resource, int order) {}

    /**
     * How it goes about it.
     *
     * @param start random configurations before the first that is proposed
     * @param candidates draws from l for one proposal
     * @param part γ, the part of the results that is called good
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
        List<Observation> sorted = new ArrayList<>(observations);
        // what was given more comes first among equals; a failure is worse than any value
        sorted.sort(Comparator.comparingDouble((Observation o) -> Double.isNaN(o.value) ? Double.MAX_VALUE : o.value)
                .thenComparing(Comparator.comparingInt(Observation::resource).reversed())
                .thenComparingInt(Observation::order));
        int good = (int) Math.min(settings.mostGood, Math.ceil(settings.part * sorted.size()));
        good = Math.max(1, good);
        ParzenMixture better = mixture(sorted.subList(0, good));
        ParzenMixture worse = mixture(sorted.subList(good, sorted.size()));
        Configuration best = null;
        double bestRatio = Double.NEGATIVE_INFINITY;
        for (int c = 0; c < settings.candidates; c++) {
            int candidate = c;
            double[] point = better.draw(d -> uniforms.at(CANDIDATE_PURPOSE + 1 + d, number, candidate));
            Configuration configuration = admission.space().at(point);
            double ratio = better.logDensity(configuration.point()) - worse.logDensity(configuration.point());
            if (ratio > bestRatio && admission.allows(configuration)) {
                best = configuration;
                bestRatio = ratio;
            }
        }
        return best != null ? best : random.configuration(number);
    }

    private ParzenMixture mixture(List<Observation> part) {
        return new ParzenMixture(
                admission.space().axes(), part.stream().map(Observation::point).toList());
    }
}
