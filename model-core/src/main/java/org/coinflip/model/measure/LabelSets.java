package org.coinflip.model.measure;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Several labels at once, each predicted where its probability is above ½: {@code hammingError}, the part of all labels that are not told right; {@code subsetError}, the part of
 * the examples of which any is not; from TP right, FP wrongly predicted and FN missed {@code microF1 = 2 TP / (2 TP + FP + FN)} over all labels, and {@code macroF1}, the mean of
 * the labels' own, what is undefined being 0.
 *
 * <p>Zhang and Zhou (2014), "A Review on Multi-Label Learning Algorithms".
 */
final class LabelSets implements Measure {
    private static final long serialVersionUID = 1L;

    private static final float EVEN = 0.5f;

    private final long[] labelled;
    private final long[] predicted;
    private final long[] right;
    private long examples;
    private long wrongLabels;
    private long wrongSubsets;

    LabelSets(int labels) {
        labelled = new long[labels];
        predicted = new long[labels];
        right = new long[labels];
    }

    @Override
    public void add(Predicted batch, int row) {
        int wrong = 0;
        for (int j = 0; j < labelled.length; j++) {
            boolean is = batch.examples().value(batch.start() + row, j) > EVEN;
            boolean seems = batch.predictions().get(row, j) > EVEN;
            labelled[j] += is ? 1 : 0;
            predicted[j] += seems ? 1 : 0;
            right[j] += is && seems ? 1 : 0;
            wrong += is == seems ? 0 : 1;
        }
        examples++;
        wrongLabels += wrong;
        wrongSubsets += wrong == 0 ? 0 : 1;
    }

    @Override
    public void merge(Measure other) {
        LabelSets them = (LabelSets) other;
        for (int j = 0; j < labelled.length; j++) {
            labelled[j] += them.labelled[j];
            predicted[j] += them.predicted[j];
            right[j] += them.right[j];
        }
        examples += them.examples;
        wrongLabels += them.wrongLabels;
        wrongSubsets += them.wrongSubsets;
    }

    @Override
    public void write(Map<String, Object> keys) {
        long rights = 0;
        long counted = 0;
        double f1 = 0;
        List<Map<String, Object>> perLabel = new ArrayList<>();
        for (int j = 0; j < labelled.length; j++) {
            rights += right[j];
            counted += labelled[j] + predicted[j];
            f1 += ratio(2 * right[j], labelled[j] + predicted[j]);
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("label", j);
            one.put("examples", labelled[j]);
            one.put("predicted", predicted[j]);
            one.put("right", right[j]);
            perLabel.add(one);
        }
        keys.put("hammingError", (double) wrongLabels / (examples * labelled.length));
        keys.put("subsetError", (double) wrongSubsets / examples);
        keys.put("microF1", ratio(2 * rights, counted));
        keys.put("macroF1", f1 / labelled.length);
        keys.put("perLabel", perLabel);
    }

    private static double ratio(long part, long whole) {
        return whole == 0 ? 0 : (double) part / whole;
    }
}
