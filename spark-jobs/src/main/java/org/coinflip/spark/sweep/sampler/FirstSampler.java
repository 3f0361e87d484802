package org.coinflip.spark.sweep.sampler;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.coinflip.model.error.UsageException;
import org.coinflip.spark.sweep.space.Configuration;

/** Configurations that somebody wants tried first, then those of a sampler. Axes that are not named are drawn at random. */
final class FirstSampler implements Sampler {
    /** Beyond the purposes of axes and of candidates. */
    private static final int PURPOSE = 1 << 22;

    private final List<Configuration> first = new ArrayList<>();
    private final Sampler then;

    /**
     * @param given values by axis, of one configuration after another
     * @throws UsageException where one is none of the space, or breaks a constraint
     */
    FirstSampler(Admission admission, List<Map<String, Object>> given, Sampler then, long seed) {
        this.then = then;
        Uniforms uniforms = new Uniforms(seed);
        for (Map<String, Object> values : given) {
            int number = first.size();
            double[] otherwise = new double[admission.space().axes().size()];
            for (int d = 0; d < otherwise.length; d++) {
                otherwise[d] = uniforms.at(PURPOSE + d, number, 0);
            }
            Configuration configuration;
            try {
                configuration = admission.space().at(values, otherwise);
            } catch (UsageException e) {
                throw new UsageException("sweep.first[" + number + "]: " + e.getMessage(), e);
            }
            if (!admission.allows(configuration)) {
                throw new UsageException("sweep.first[" + number + "]: got " + configuration.values()
                        + ", expected a configuration that keeps sweep.constraints: name other values");
            }
            first.add(configuration);
        }
    }

    @Override
    public long size() {
        return then.size() == Long.MAX_VALUE ? Long.MAX_VALUE : then.size() + first.size();
    }

    @Override
    public Configuration configuration(int number) {
        return number < first.size() ? first.get(number) : then.configuration(number - first.size());
    }

    @Override
    public void observe(Configuration configuration, Measured measured, int resource) {
        then.observe(configuration, measured, resource);
    }

    @Override
    public boolean weighsObjectives() {
        return then.weighsObjectives();
    }

    @Override
    public void believe(Configuration configuration, double value, int resource) {
        then.believe(configuration, value, resource);
    }

    @Override
    public boolean learns() {
        return then.learns();
    }
}
