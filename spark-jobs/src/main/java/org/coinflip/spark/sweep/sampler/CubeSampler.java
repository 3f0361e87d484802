package org.coinflip.spark.sweep.sampler;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.coinflip.model.error.UsageException;
import org.coinflip.spark.sweep.space.Axis;
import org.coinflip.spark.sweep.space.Configuration;
import org.coinflip.spark.sweep.space.Space;

/**
 * Points of a sequence in the unit cube, those left out that break a constraint. Where a choice is compared, every point is taken once
 * with each of its options: all else being equal, options can be compared in pairs, and each has had the same search.
 */
final class CubeSampler implements Sampler {
    private final Admission admission;
    private final IntFunction<double[]> sequence;
    private final Axis compared;
    private final List<double[]> accepted = new ArrayList<>();
    private int drawn;

    /**
     * @param sequence the points, asked for in ascending order
     * @param compared a choice, or null
     */
    CubeSampler(Admission admission, IntFunction<double[]> sequence, Axis compared) {
        this.admission = admission;
        this.sequence = sequence;
        this.compared = compared;
        if (compared != null && (compared.options() == 0 || compared.parent() != null)) {
            throw new UsageException(
                    "sweep.compare: got " + compared.name() + ", expected a choice that is in no option of another");
        }
    }

    /** Independent uniform points. */
    static IntFunction<double[]> random(Space space, long seed) {
        Uniforms uniforms = new Uniforms(seed);
        int axes = space.axes().size();
        return number -> {
            double[] point = new double[axes];
            for (int d = 0; d < axes; d++) {
                point[d] = uniforms.at(d, number, 0);
            }
            return point;
        };
    }

    @Override
    public long size() {
        return Long.MAX_VALUE;
    }

    @Override
    public Configuration configuration(int number) {
        int options = compared == null ? 1 : compared.options();
        int place = number / options;
        int refused = 0;
        while (accepted.size() <= place) {
            double[] point = sequence.apply(drawn++);
            if (isAllowed(point)) {
                accepted.add(point);
                refused = 0;
            } else if (++refused == Admission.TRIES) {
                throw admission.contradictory(refused);
            }
        }
        return admission.space().at(withOption(accepted.get(place), number % options));
    }

    private boolean isAllowed(double[] point) {
        for (int option = 0; option < (compared == null ? 1 : compared.options()); option++) {
            if (!admission.allows(admission.space().at(withOption(point, option)))) {
                return false;
            }
        }
        return true;
    }

    private double[] withOption(double[] point, int option) {
        if (compared == null) {
            return point;
        }
        double[] with = point.clone();
        with[compared.number()] = (option + 0.5) / compared.options();
        return with;
    }
}
