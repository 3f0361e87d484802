package org.coinflip.model.layer.stochastic;

import org.coinflip.model.layer.Binding;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;

/** A layer's {@link ThresholdRate} in one pass. */
final class ThresholdRateStep {
    /** Logits that a batch's quantile is of, about: more say little more. */
    private static final int MOST = 1 << 14;

    private final ThresholdRate rate;
    /** 1 − r. */
    private final double power;

    private final Floats statistic;
    private final float[] some;

    ThresholdRateStep(ThresholdRate rate, double openingPower, Binding binding, int units) {
        this.rate = rate;
        this.power = 1 - openingPower;
        this.statistic = binding.state().view(binding.segment(ThresholdRate.THRESHOLD));
        this.some = new float[binding.capacity() * units];
    }

    /** Takes in logits of a batch: of all rows, and of all columns as often. */
    void take(Matrix logits, int rows) {
        int units = logits.columns();
        int every = Math.max(1, rows * units / MOST);
        int size = 0;
        for (int r = 0; r < rows; r++) {
            for (int j = r % every; j < units; j += every) {
                some[size++] = logits.get(r, j);
            }
        }
        if (size == 0) {
            return;
        }
        float quantile = select(some, size, Math.min(size - 1, (int) Math.floor((1 - rate.rate()) * size)));
        double kept = ThresholdRate.MEMORY;
        statistic.set(0, (float) (kept * statistic.get(0) + (1 - kept) * quantile));
        statistic.set(1, (float) (kept * statistic.get(1) + (1 - kept)));
    }

    /** Logits become what units are without noise. */
    void apply(Matrix values, int rows) {
        float t = ThresholdRate.threshold(statistic);
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < values.columns(); j++) {
                float a = values.get(r, j);
                values.set(r, j, a > t ? (float) StrictMath.pow(1 / (1 + StrictMath.exp(-a)), power) : 0f);
            }
        }
    }

    /** The k-th least of the first numbers, which are put in another order. Hoare (1961), "Algorithm 65: find". */
    static float select(float[] numbers, int size, int k) {
        int from = 0;
        int to = size - 1;
        while (from < to) {
            float pivot = numbers[(from + to) >>> 1];
            int i = from;
            int j = to;
            while (i <= j) {
                while (numbers[i] < pivot) {
                    i++;
                }
                while (pivot < numbers[j]) {
                    j--;
                }
                if (i <= j) {
                    float swapped = numbers[i];
                    numbers[i++] = numbers[j];
                    numbers[j--] = swapped;
                }
            }
            if (k <= j) {
                to = j;
            } else if (k >= i) {
                from = i;
            } else {
                break;
            }
        }
        return numbers[k];
    }
}
