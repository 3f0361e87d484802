package org.coinflip.model.training;

import java.util.Arrays;
import java.util.List;
import org.coinflip.model.layer.stochastic.StochasticStage;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.unit.UnitLaw;

/** How often the units of one layer fire. */
final class FiringCounts {
    private final long[] fired;
    private final float least;
    private long samples;

    FiringCounts(int width, UnitLaw law) {
        fired = new long[width];
        least = law.isRelaxedBinary() ? 0.5f : 0f;
    }

    void add(StochasticStage stage) {
        Matrix h = stage.samples();
        int rows = stage.rows(stage.context());
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < fired.length; j++) {
                fired[j] += h.get(r, j) > least ? 1 : 0;
            }
        }
        samples += rows;
    }

    /** For each unit, the part of the samples in which it fired. */
    List<Double> rates() {
        return Arrays.stream(fired).mapToObj(count -> (double) count / samples).toList();
    }
}
