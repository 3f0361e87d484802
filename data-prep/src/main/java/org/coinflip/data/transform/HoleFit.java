package org.coinflip.data.transform;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.coinflip.data.raw.RawExamples;
import org.coinflip.data.table.Holes;
import org.coinflip.model.error.DataException;
import org.coinflip.model.transform.Naming;

/** What stands for a hole in each feature, from the training split alone, in double precision, in the order of the examples. */
public final class HoleFit {
    private HoleFit() {}

    /**
     * Fits numbers for holes.
     *
     * @param raw the examples, not modified
     * @param training places of the training examples, at least one
     * @param naming what the features are called, for messages
     * @return a number for each feature; none where there are to be no holes
     * @throws DataException where a feature has no value in the training split
     */
    public static List<Float> fit(Holes holes, RawExamples raw, int[] training, Naming naming) {
        if (!holes.areAllowed()) {
            return List.of();
        }
        List<Float> fill = new ArrayList<>(raw.width());
        for (int j = 0; j < raw.width(); j++) {
            fill.add(
                    holes.type() == Holes.Type.CONSTANT
                            ? (float) holes.value()
                            : (float) middle(holes.type(), present(raw, training, j, naming)));
        }
        return fill;
    }

    private static double[] present(RawExamples raw, int[] training, int j, Naming naming) {
        double[] present = Arrays.stream(training)
                .mapToDouble(place -> raw.feature(place, j))
                .filter(value -> !Double.isNaN(value))
                .toArray();
        if (present.length == 0) {
            throw new DataException(
                    "data.holes: no training example has a value of feature "
                            + (naming.columns().isEmpty()
                                    ? String.valueOf(j)
                                    : naming.columns().get(j))
                            + ", expected one at least: leave the column out by data.leave-out, or give data.holes { type = constant }");
        }
        return present;
    }

    private static double middle(Holes.Type type, double[] present) {
        if (type == Holes.Type.MEAN) {
            double sum = 0;
            for (double value : present) {
                sum += value;
            }
            return sum / present.length;
        }
        Arrays.sort(present);
        int half = present.length / 2;
        return present.length % 2 == 1 ? present[half] : (present[half - 1] + present[half]) / 2;
    }
}
