package org.coinflip.model.measure;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Whether a network is right as often as it is sure. The confidence of an example is the probability of the class it is taken for; examples are
 * put into 15 bins {@code (b/15, (b+1)/15]} of it, of n_b examples, mean confidence conf_b and accuracy acc_b each.
 * {@code ece = Σ_b n_b/n |acc_b − conf_b|} and {@code mce = max_b |acc_b − conf_b|} are in [0, 1]; the estimates are biased upwards, the more the
 * fewer examples a bin has. The bins that are not empty make the reliability diagram.
 *
 * <p>Guo, Pleiss, Sun, Weinberger (2017), "On calibration of modern neural networks", equations 2, 3, 5.
 */
final class Calibration implements Measure {
    private static final long serialVersionUID = 1L;

    private static final int BINS = 15;

    private final long[] counts = new long[BINS];
    private final long[] right = new long[BINS];
    private final ExactSum[] confidence = new ExactSum[BINS];

    Calibration() {
        for (int b = 0; b < BINS; b++) {
            confidence[b] = new ExactSum();
        }
    }

    @Override
    public void add(Predicted batch, int row) {
        double sure = batch.confidence(row);
        int bin = bin(sure);
        counts[bin]++;
        right[bin] += batch.isRight(row) ? 1 : 0;
        confidence[bin].add(sure);
    }

    /** The bin of a confidence; what rounding puts beyond 0 or 1 is in the first or the last. */
    private static int bin(double confidence) {
        int bin = 0;
        while (bin < BINS - 1 && confidence > (bin + 1.0) / BINS) {
            bin++;
        }
        return bin;
    }

    @Override
    public void merge(Measure other) {
        Calibration them = (Calibration) other;
        for (int b = 0; b < BINS; b++) {
            counts[b] += them.counts[b];
            right[b] += them.right[b];
            confidence[b].add(them.confidence[b]);
        }
    }

    @Override
    public void write(Map<String, Object> keys) {
        long examples = 0;
        double sum = 0;
        double most = 0;
        List<Map<String, Object>> bins = new ArrayList<>();
        for (int b = 0; b < BINS; b++) {
            if (counts[b] == 0) {
                continue;
            }
            double sure = confidence[b].value() / counts[b];
            double accuracy = (double) right[b] / counts[b];
            double gap = Math.abs(accuracy - sure);
            examples += counts[b];
            sum += counts[b] * gap;
            most = Math.max(most, gap);
            Map<String, Object> bin = new LinkedHashMap<>();
            bin.put("from", (double) b / BINS);
            bin.put("to", (b + 1.0) / BINS);
            bin.put("examples", counts[b]);
            bin.put("confidence", sure);
            bin.put("accuracy", accuracy);
            bins.add(bin);
        }
        keys.put("ece", sum / examples);
        keys.put("mce", most);
        keys.put("calibration", bins);
    }
}
