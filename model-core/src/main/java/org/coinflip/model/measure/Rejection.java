package org.coinflip.model.measure;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The error where the least sure examples are left out: e(x) is the part wrongly classified of the {@code n − ⌊x n⌋} surest, for x = 0, 0.05, …, 0.95.
 * {@code area} is {@code 1/n Σ_{k=1}^{n} e_k}, e_k of the k surest, in [0, 1]: the area under the risk-coverage curve. The less, the better errors are told by
 * being unsure; e(0) is the error, and the area too where sureness tells nothing. Examples that are equally sure are left out in proportion, as in the mean
 * over their orders. Beyond 2²¹ examples, what falls into one bin of {@link ScoredOutcomes} counts as equally sure.
 *
 * <p>El-Yaniv, Wiener (2010), "On the foundations of noise-free selective classification"; Geifman, El-Yaniv (2017), "Selective classification for deep neural
 * networks".
 */
final class Rejection implements Measure {
    private static final long serialVersionUID = 1L;

    private static final int KEPT = 1 << 21;
    private static final int POINTS = 20;

    /** By what an example is sure. */
    enum By {
        /** The greatest prediction. */
        CONFIDENCE("confidence") {
            @Override
            float sureness(Predicted batch, int row) {
                return batch.confidence(row);
            }
        },
        /** Minus the entropy of the mean prediction. */
        ENTROPY("predictiveEntropy") {
            @Override
            float sureness(Predicted batch, int row) {
                return (float) -batch.draws().orElseThrow().predictiveEntropy(row);
            }
        },
        /** Minus the mutual information of draw and answer. */
        MUTUAL_INFORMATION("mutualInformation") {
            @Override
            float sureness(Predicted batch, int row) {
                return (float) -batch.draws().orElseThrow().mutualInformation(row);
            }
        };

        private final String key;

        By(String key) {
            this.key = key;
        }

        abstract float sureness(Predicted batch, int row);
    }

    private final By by;
    private final ScoredOutcomes right = new ScoredOutcomes(KEPT);

    Rejection(By by) {
        this.by = by;
    }

    @Override
    public void add(Predicted batch, int row) {
        right.add(by.sureness(batch, row), batch.isRight(row));
    }

    @Override
    public void merge(Measure other) {
        right.merge(((Rejection) other).right);
    }

    @Override
    public void write(Map<String, Object> keys) {
        Curve curve = new Curve(right.size());
        right.descend(curve);
        Map<String, Object> mine = new LinkedHashMap<>();
        mine.put("area", curve.area / right.size());
        mine.put("rejected", curve.rejected());
        mine.put("error", curve.errors());
        if (by == By.CONFIDENCE) {
            keys.put("rejectionArea", mine.get("area"));
        }
        @SuppressWarnings("unchecked")
        Map<String, Object> all = (Map<String, Object>) keys.computeIfAbsent("rejection", k -> new LinkedHashMap<>());
        all.put(by.key, mine);
    }

    /** The curve, from the surest down. */
    private static final class Curve implements ScoredOutcomes.Level {
        private final long size;
        private final double[] points = new double[POINTS];
        private long kept;
        private long wrong;
        private double area;

        Curve(long size) {
            this.size = size;
        }

        /** How many are kept where the i-th part is left out. */
        private long keptAt(int i) {
            return size - i * size / POINTS;
        }

        @Override
        public void at(long positives, long negatives) {
            long level = positives + negatives;
            for (int i = 0; i < POINTS; i++) {
                long more = keptAt(i) - kept;
                if (more > 0 && more <= level) {
                    points[i] = error(more, negatives, level);
                }
            }
            for (long more = 1; more <= level; more++) {
                area += error(more, negatives, level);
            }
            kept += level;
            wrong += negatives;
        }

        private double error(long more, long negatives, long level) {
            return (wrong + (double) negatives * more / level) / (kept + more);
        }

        private List<Double> rejected() {
            List<Double> parts = new ArrayList<>();
            for (int i = 0; i < POINTS; i++) {
                parts.add((double) i / POINTS);
            }
            return parts;
        }

        private List<Double> errors() {
            List<Double> errors = new ArrayList<>();
            for (double point : points) {
                errors.add(point);
            }
            return errors;
        }
    }
}
