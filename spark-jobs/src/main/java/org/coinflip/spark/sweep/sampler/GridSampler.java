package org.coinflip.spark.sweep.sampler;

import java.util.ArrayList;
import java.util.List;
import org.coinflip.model.error.UsageException;
import org.coinflip.spark.sweep.space.Axis;
import org.coinflip.spark.sweep.space.Configuration;
import org.coinflip.spark.sweep.space.Space;

/**
 * All combinations of all axes, the last axis fastest; an axis inside an option is varied with that option only. Numbers that are not
 * whole need {@code points}.
 */
final class GridSampler implements Sampler {
    private static final int MOST = 10_000_000;

    private final Space space;
    private final List<double[]> points = new ArrayList<>();

    GridSampler(Admission admission) {
        this.space = admission.space();
        for (Axis axis : space.axes()) {
            if (axis.distribution().grid().length == 0) {
                throw new UsageException("sweep.space: axis " + axis.name()
                        + ": a grid over it needs points = N, expected how many values to take");
            }
        }
        double[] point = new double[space.axes().size()];
        long all = expand(admission, point, 0, 0);
        if (points.isEmpty()) {
            throw admission.contradictory(all);
        }
    }

    private long expand(Admission admission, double[] point, int d, long seen) {
        if (d == point.length) {
            if (points.size() == MOST) {
                throw new UsageException("sweep.space: the grid has more than " + MOST
                        + " configurations, expected fewer: take fewer points or another sampler");
            }
            if (admission.allows(space.at(point))) {
                points.add(point.clone());
            }
            return seen + 1;
        }
        Axis axis = space.axes().get(d);
        if (!axis.isActive(point)) {
            point[d] = 0;
            return expand(admission, point, d + 1, seen);
        }
        long count = seen;
        for (double coordinate : axis.distribution().grid()) {
            point[d] = coordinate;
            count = expand(admission, point, d + 1, count);
        }
        return count;
    }

    @Override
    public long size() {
        return points.size();
    }

    @Override
    public Configuration configuration(int number) {
        return space.at(points.get(number));
    }
}
