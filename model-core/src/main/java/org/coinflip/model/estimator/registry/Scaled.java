package org.coinflip.model.estimator.registry;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.coinflip.model.estimator.Claims;
import org.coinflip.model.estimator.Estimation;
import org.coinflip.model.estimator.GradientEstimator;
import org.coinflip.model.estimator.Site;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Statistic;
import org.coinflip.model.unit.UnitLaw;

/**
 * A candidate of {@link Auto} in use: its estimate times k_j.
 *
 * @param estimator the candidate
 * @param place its place, j
 * @param candidates how many there are
 */
record Scaled(GradientEstimator estimator, int place, int candidates) implements GradientEstimator {
    @Override
    public Estimation at(Site site) {
        Estimation whole = estimator.at(site);
        Floats scales = site.statistics(Auto.SCALES);
        return new Estimation() {
            @Override
            public void sample(Site site) {
                whole.sample(site);
            }

            @Override
            public void estimate(Site site) {
                whole.estimate(site);
                float scale = scales.get(place);
                if (scale != 1f) {
                    site.backend()
                            .elementwise()
                            .rescale(site.logitGradient(), scale, 0f, site.rows(), site.logitGradient());
                }
            }

            @Override
            public Optional<float[]> baselines(Site site, int sample) {
                return whole.baselines(site, sample);
            }

            @Override
            public void learn(Site site) {
                whole.learn(site);
            }
        };
    }

    @Override
    public List<Statistic> statistics(int inputs, int units) {
        List<Statistic> all = new ArrayList<>(estimator.statistics(inputs, units));
        all.add(Statistic.vector(Auto.SCALES, candidates, 1f));
        return all;
    }

    @Override
    public int samplesPerRow() {
        return estimator.samplesPerRow();
    }

    @Override
    public boolean needsGradient() {
        return estimator.needsGradient();
    }

    @Override
    public boolean readsLosses() {
        return estimator.readsLosses();
    }

    @Override
    public boolean needsGradientAtZero(UnitLaw law) {
        return estimator.needsGradientAtZero(law);
    }

    @Override
    public int probes(int width) {
        return estimator.probes(width);
    }

    @Override
    public boolean differentiatesProbes() {
        return estimator.differentiatesProbes();
    }

    @Override
    public boolean suits(UnitLaw law) {
        return estimator.suits(law);
    }

    @Override
    public int mostUnits(UnitLaw law) {
        return estimator.mostUnits(law);
    }

    @Override
    public String serves() {
        return estimator.serves();
    }

    @Override
    public Claims claims() {
        return estimator.claims();
    }

    @Override
    public Map<String, Object> write() {
        return estimator.write();
    }
}
