package org.coinflip.data;

import java.util.List;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.settings.Range;
import org.coinflip.model.settings.Section;

/**
 * What a training example counts for its class's sake: {@code class-weights = balanced}, n / (K n_c) for a class of n_c of the n training examples of K classes, so that all classes
 * count alike; or {@code class-weights = [1, 1, 5]}, a number for each class.
 *
 * @param isBalanced whether all classes count alike
 * @param given a number for each class; empty for {@code none} and {@code balanced}
 */
record ClassWeights(boolean isBalanced, List<Double> given) {
    static final ClassWeights NONE = new ClassWeights(false, List.of());

    private static final String KEY = "class-weights";

    private enum Rule {
        NONE,
        BALANCED
    }

    static ClassWeights read(Section section) {
        if (!section.isList(KEY)) {
            return section.choice(KEY, Rule.NONE) == Rule.BALANCED ? new ClassWeights(true, List.of()) : NONE;
        }
        List<Double> given = section.numbers(KEY);
        if (given.isEmpty() || !given.stream().allMatch(Range.NOT_NEGATIVE::contains)) {
            throw section.wrong(KEY, "balanced, none, or a number of at least 0 for each class");
        }
        return new ClassWeights(false, given);
    }

    boolean apply() {
        return isBalanced || !given.isEmpty();
    }

    /** As it is written. */
    Object write() {
        return given.isEmpty() ? Section.name(isBalanced ? Rule.BALANCED : Rule.NONE) : given;
    }

    /**
     * The factor of each class.
     *
     * @param counts training examples of each class
     * @throws UsageException where there are numbers for more or fewer classes
     */
    double[] factors(int[] counts) {
        if (!given.isEmpty()) {
            if (given.size() != counts.length) {
                throw new UsageException("data.class-weights: got " + given.size() + " numbers, expected "
                        + counts.length + ", one for each class: correct the list");
            }
            return given.stream().mapToDouble(Double::doubleValue).toArray();
        }
        long examples = 0;
        for (int count : counts) {
            examples += count;
        }
        double[] factors = new double[counts.length];
        for (int c = 0; c < factors.length; c++) {
            // a class without training examples has none that could count
            factors[c] = counts[c] == 0 ? 0 : (double) examples / counts.length / counts[c];
        }
        return factors;
    }
}
