package org.coinflip.model.layer.stochastic;

import java.util.Arrays;
import org.coinflip.model.layer.Affine;
import org.coinflip.model.layer.Binding;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;

/** A layer's {@link RateFloor} in one pass. */
final class RateFloorStep {
    private final RateFloor floor;
    private final Floats rates;
    private final Floats biases;
    private final int[] fired;
    private final float[] row;

    RateFloorStep(RateFloor floor, Binding binding, int units) {
        this.floor = floor;
        rates = binding.state().view(binding.segment(RateFloor.RATES));
        biases = binding.state().view(binding.segment(Affine.BIASES));
        fired = new int[units];
        row = new float[units];
    }

    /** Takes in a batch, and pushes the biases of units that fire too seldom. */
    void take(Matrix samples, int rows) {
        Arrays.fill(fired, 0);
        for (int r = 0; r < rows; r++) {
            samples.getRow(r, row, 0);
            for (int j = 0; j < fired.length; j++) {
                fired[j] += row[j] != 0f ? 1 : 0;
            }
        }
        for (int j = 0; j < fired.length; j++) {
            double rate = floor.memory() * rates.get(j) + (1 - floor.memory()) * fired[j] / rows;
            rates.set(j, (float) rate);
            if (rate < floor.least()) {
                biases.set(j, biases.get(j) + (float) floor.push());
            }
        }
    }
}
