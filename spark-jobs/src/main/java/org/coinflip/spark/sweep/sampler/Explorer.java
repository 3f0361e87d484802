package org.coinflip.spark.sweep.sampler;

import java.util.Set;
import org.coinflip.spark.sweep.space.Axis;
import org.coinflip.spark.sweep.space.Configuration;

/**
 * Configurations near others: each of some axes moves by a twentieth of its law up or down, in quantiles, so that each law has its own scale, or is drawn anew. All
 * else is as it was. A function of seed and number.
 *
 * @param admission the space
 * @param axes that change
 * @param anew probability that one is drawn anew, in [0, 1]
 * @param seed of the draws
 */
public record Explorer(Admission admission, Set<String> axes, double anew, long seed) {
    private static final int PURPOSE = 1 << 24;
    private static final double MOVE = 0.05;

    /** The configuration near another; as it is where the constraints allow none. @param number another for every draw */
    public Configuration near(Configuration parent, long number) {
        Uniforms uniforms = new Uniforms(seed);
        for (int attempt = 0; attempt < Admission.TRIES; attempt++) {
            double[] point = parent.point().clone();
            for (Axis axis : admission.space().axes()) {
                int d = axis.number();
                if (axes.contains(axis.name()) && !Double.isNaN(point[d])) {
                    double u = uniforms.at(PURPOSE + 2 * d, number, attempt);
                    boolean again = uniforms.at(PURPOSE + 2 * d + 1, number, attempt) < anew;
                    point[d] = again ? u : Math.min(1, Math.max(0, point[d] + (u < 0.5 ? -MOVE : MOVE)));
                }
            }
            Configuration near = admission.space().at(point);
            if (admission.allows(near)) {
                return near;
            }
        }
        return parent;
    }
}
