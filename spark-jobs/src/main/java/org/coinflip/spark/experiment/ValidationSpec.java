package org.coinflip.spark.experiment;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.measure.MeasurePlan;
import org.coinflip.model.measure.Metric;
import org.coinflip.model.network.NetworkSpec;
import org.coinflip.model.objective.Objective;
import org.coinflip.model.settings.Section;

/**
 * The {@code validation} section.
 *
 * @param every epochs between two evaluations on the validation split
 * @param patience looks without a better one before the training ends; 0 for none. With patience the best parameters are the result
 * @param metric what looks are compared by
 * @param draws draws of the noise when a layer's firing rate and gradient variance are measured
 * @param referenceDraws draws of an unbiased reference that layers of bits are held against; 0 for none
 * @param examples validation examples they are measured on, at most
 * @param batches of which it is measured how much of a step's noise is the coins' and how much the examples'; 0 for none
 */
public record ValidationSpec(
        int every, int patience, Metric metric, int draws, int referenceDraws, int examples, int batches) {
    static ValidationSpec read(Section section) {
        ValidationSpec spec = new ValidationSpec(
                section.integer("every", 1, 1, Integer.MAX_VALUE),
                section.integer("patience", 0, 0, Integer.MAX_VALUE),
                section.choice("metric", Metric.LOSS),
                section.integer("draws", 8, 2, 1 << 15),
                section.integer("reference-draws", 0, 0, 1 << 15),
                section.integer("examples", 256, 1, 1 << 16),
                section.integer("batches", 0, 0, 1 << 12));
        if (spec.batches == 1) {
            throw section.wrong("batches", "0 for none, or at least 2: what they vary by is measured");
        }
        if (spec.referenceDraws == 1) {
            throw section.wrong("reference-draws", "0 for none, or at least 2: their deviation is measured too");
        }
        section.finish();
        return spec;
    }

    Map<String, Object> write() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("every", every);
        keys.put("patience", patience);
        keys.put("metric", Section.name(metric));
        keys.put("draws", draws);
        keys.put("reference-draws", referenceDraws);
        keys.put("examples", examples);
        if (batches > 0) {
            keys.put("batches", batches);
        }
        return keys;
    }

    /** The metric's value in a score as metrics and summaries have it, less being better. */
    public double value(Map<?, ?> score) {
        return metric.cost(score);
    }

    /**
     * What a look measures beside loss and error: what the metric needs, which is nothing for these.
     *
     * @throws UsageException where such a network does not have the metric
     */
    public MeasurePlan plan(NetworkSpec network) {
        Objective objective = network.output().objective();
        int outputs = network.output().units();
        return MeasurePlan.of(metric, objective, outputs).orElseThrow(() -> {
            String known = Arrays.stream(Metric.values())
                    .filter(other -> MeasurePlan.of(other, objective, outputs).isPresent())
                    .map(Section::name)
                    .collect(Collectors.joining(", "));
            return new UsageException("validation.metric: got " + Section.name(metric) + ", which an output of "
                    + outputs + " units with " + Section.name(objective) + " does not have, expected one of " + known);
        });
    }
}
