package org.coinflip.model.measure;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Precision, recall and F1 of each class, from TP right, FP wrongly taken for it and FN of it taken for another:
 * {@code TP / (TP + FP)}, {@code TP / (TP + FN)}, {@code 2 TP / (2 TP + FP + FN)}; each in [0, 1].
 *
 * <p>Of two classes, {@code precision}, {@code recall} and {@code f1} are those of class 1. Of more they are means over the classes that have an
 * example or were predicted, what is undefined being 0. {@code balancedError} is 1 less the mean recall of the classes that have an example.
 *
 * <p>Brodersen, Ong, Stephan, Buhmann (2010), "The balanced accuracy and its posterior distribution".
 */
final class ClassRates implements Measure {
    private static final long serialVersionUID = 1L;

    private final long[] examples;
    private final long[] predicted;
    private final long[] right;

    ClassRates(int classes) {
        examples = new long[classes];
        predicted = new long[classes];
        right = new long[classes];
    }

    @Override
    public void add(Predicted batch, int row) {
        int label = batch.label(row);
        int best = batch.best(row);
        examples[label]++;
        predicted[best]++;
        right[label] += label == best ? 1 : 0;
    }

    @Override
    public void merge(Measure other) {
        ClassRates them = (ClassRates) other;
        for (int c = 0; c < examples.length; c++) {
            examples[c] += them.examples[c];
            predicted[c] += them.predicted[c];
            right[c] += them.right[c];
        }
    }

    @Override
    public void write(Map<String, Object> keys) {
        double precision = 0;
        double recall = 0;
        double f1 = 0;
        int seen = 0;
        int labelled = 0;
        List<Map<String, Object>> classes = new ArrayList<>();
        for (int c = 0; c < examples.length; c++) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("class", c);
            one.put("examples", examples[c]);
            one.put("predicted", predicted[c]);
            precision += put(one, "precision", right[c], predicted[c]);
            recall += put(one, "recall", right[c], examples[c]);
            f1 += put(one, "f1", 2 * right[c], predicted[c] + examples[c]);
            seen += predicted[c] + examples[c] > 0 ? 1 : 0;
            labelled += examples[c] > 0 ? 1 : 0;
            classes.add(one);
        }
        keys.put("balancedError", 1 - recall / labelled);
        if (examples.length == 2) {
            keys.put("precision", ratio(right[1], predicted[1]).orElse(0));
            keys.put("recall", ratio(right[1], examples[1]).orElse(0));
            keys.put("f1", ratio(2 * right[1], predicted[1] + examples[1]).orElse(0));
        } else {
            keys.put("precision", precision / seen);
            keys.put("recall", recall / seen);
            keys.put("f1", f1 / seen);
        }
        keys.put("perClass", classes);
    }

    /** Writes a ratio where it is defined, and gives it, or else 0. */
    private static double put(Map<String, Object> keys, String key, long part, long whole) {
        OptionalDouble ratio = ratio(part, whole);
        ratio.ifPresent(value -> keys.put(key, value));
        return ratio.orElse(0);
    }

    private static OptionalDouble ratio(long part, long whole) {
        return whole == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) part / whole);
    }
}
