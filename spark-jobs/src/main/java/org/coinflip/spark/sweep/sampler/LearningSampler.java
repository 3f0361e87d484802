package org.coinflip.spark.sweep.sampler;

import org.coinflip.spark.sweep.space.Configuration;

/** What samplers have in common that learn from results and propose without end. */
abstract class LearningSampler implements Sampler {
    final Admission admission;
    final Uniforms uniforms;
    /** Where nothing is known yet, or nothing else keeps the constraints. */
    final CubeSampler random;

    LearningSampler(Admission admission, long seed) {
        this.admission = admission;
        this.uniforms = new Uniforms(seed);
        this.random = new CubeSampler(admission, CubeSampler.random(admission.space(), seed), null);
    }

    @Override
    public final long size() {
        return Long.MAX_VALUE;
    }

    @Override
    public final boolean learns() {
        return true;
    }

    @Override
    public void believe(Configuration configuration, double value, int resource) {
        observe(configuration, Measured.of(value), resource);
    }
}
