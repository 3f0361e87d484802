package org.coinflip.data.transform;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.coinflip.data.table.MissingValues;
import org.coinflip.model.error.DataException;
import org.coinflip.model.transform.Naming;
import org.coinflip.model.transform.RawFeatures;

/** What stands for a hole in each feature, from the training split alone, in double precision, in the order of the examples. */
final class HoleFit {
    /** Of medians that are found at once: 128 MB. */
    private static final int MOST_NUMBERS = 1 << 25;

    private HoleFit() {}

    /**
     * Fits numbers for holes.
     *
     * @param naming what the features are called, for messages
     * @return a number for each feature; none where there are to be no holes
     * @throws DataException where a feature has no value in the training split
     */
    static List<Float> fit(MissingValues holes, TrainingExamples training, Naming naming) {
        return switch (holes.type()) {
            case REFUSE -> List.of();
            case CONSTANT -> Collections.nCopies(training.width(), (float) holes.value());
            case MEAN -> means(training, naming);
            case MEDIAN -> medians(training, naming);
        };
    }

    private static List<Float> means(TrainingExamples training, Naming naming) {
        Sum sum = training.after(new Sum(training.width()));
        List<Float> fill = new ArrayList<>();
        for (int j = 0; j < sum.sum.length; j++) {
            requirePresent(sum.count[j], j, naming);
            fill.add((float) (sum.sum[j] / sum.count[j]));
        }
        return fill;
    }

    private static List<Float> medians(TrainingExamples training, Naming naming) {
        int atOnce = Math.max(1, MOST_NUMBERS / training.size());
        List<Float> fill = new ArrayList<>();
        for (int from = 0; from < training.width(); from += atOnce) {
            int count = Math.min(atOnce, training.width() - from);
            Columns columns = training.after(new Columns(from, count, training.size()));
            for (int j = 0; j < count; j++) {
                requirePresent(columns.count[j], from + j, naming);
                fill.add((float) median(Arrays.copyOf(columns.values[j], columns.count[j])));
            }
        }
        return fill;
    }

    private static double median(float[] present) {
        Arrays.sort(present);
        int half = present.length / 2;
        return present.length % 2 == 1 ? present[half] : ((double) present[half - 1] + present[half]) / 2;
    }

    private static void requirePresent(int count, int feature, Naming naming) {
        if (count == 0) {
            throw new DataException(
                    "data.holes: no training example has a value of feature "
                            + (naming.columns().isEmpty()
                                    ? String.valueOf(feature)
                                    : naming.columns().get(feature))
                            + ", expected one at least: leave the column out by data.leave-out, or give data.holes { type = constant }");
        }
    }

    /** Sums of the values that there are. */
    private static final class Sum implements Pass {
        private static final long serialVersionUID = 1L;

        private final double[] sum;
        private final int[] count;

        private Sum(int width) {
            sum = new double[width];
            count = new int[width];
        }

        @Override
        public void see(RawFeatures raw, int[] training) {
            float[] row = new float[sum.length];
            for (int place : training) {
                raw.features().read(place, row, 0);
                for (int j = 0; j < sum.length; j++) {
                    if (!Float.isNaN(row[j])) {
                        sum[j] += row[j];
                        count[j]++;
                    }
                }
            }
        }
    }

    /** The values that there are of some features. */
    private static final class Columns implements Pass {
        private static final long serialVersionUID = 1L;

        private final int from;
        private final float[][] values;
        private final int[] count;

        private Columns(int from, int features, int examples) {
            this.from = from;
            values = new float[features][examples];
            count = new int[features];
        }

        @Override
        public void see(RawFeatures raw, int[] training) {
            float[] row = new float[raw.width()];
            for (int place : training) {
                raw.features().read(place, row, 0);
                for (int j = 0; j < values.length; j++) {
                    float value = row[from + j];
                    if (!Float.isNaN(value)) {
                        values[j][count[j]++] = value;
                    }
                }
            }
        }
    }
}
