package org.coinflip.spark.explanation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import java.util.function.IntFunction;
import org.coinflip.model.explanation.ExplainedLayer;
import org.coinflip.model.explanation.ExplainedLayer.Reference;
import org.coinflip.model.explanation.ExplainedRow;
import org.coinflip.model.explanation.ExplainedSample;
import org.coinflip.model.explanation.Explanation;
import org.coinflip.model.explanation.Moments;
import org.coinflip.model.settings.Section;

/** An explanation as files have it; every number reads back as the same bits. What a law or an estimator does not have is left out. */
final class ExplanationFiles {
    private ExplanationFiles() {}

    /** The stochastic layers, as JSON has them. */
    static List<Map<String, Object>> layers(Explanation explanation) {
        return explanation.layers().stream().map(ExplanationFiles::layer).toList();
    }

    private static Map<String, Object> layer(ExplainedLayer layer) {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("layer", layer.layer());
        keys.put("units", layer.units());
        keys.put("unitsOn", layer.unitsOn());
        keys.put("law", layer.specification().law().write());
        keys.put("estimator", layer.specification().estimator().write());
        keys.put("formula", layer.specification().estimator().claims().formula());
        if (layer.reference() != Reference.NONE) {
            keys.put("reference", Section.name(layer.reference()));
        }
        keys.put("rows", layer.rows().stream().map(ExplanationFiles::row).toList());
        return keys;
    }

    private static Map<String, Object> row(ExplainedRow row) {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("logits", row.logits());
        row.probabilities().ifPresent(values -> keys.put("probabilities", values));
        row.derivative().ifPresent(values -> keys.put("derivative", values));
        keys.put("samples", row.samples().stream().map(ExplanationFiles::sample).toList());
        keys.put("gradient", row.gradient());
        row.moments().ifPresent(moments -> {
            keys.put("draws", moments.draws());
            keys.put("mean", moments.mean());
            keys.put("deviation", moments.deviation());
            moments.reference().ifPresent(values -> keys.put("reference", values));
            moments.referenceError().ifPresent(values -> keys.put("referenceError", values));
        });
        return keys;
    }

    private static Map<String, Object> sample(ExplainedSample sample) {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("loss", sample.loss());
        sample.uniforms().ifPresent(values -> keys.put("uniforms", values));
        keys.put("values", sample.values());
        sample.baselines().ifPresent(values -> keys.put("baselines", values));
        sample.upstream().ifPresent(values -> keys.put("upstream", values));
        return keys;
    }

    /**
     * A layer as a table: a line for each row and unit, of each sample {@code uniform, value, loss, baseline, signal, upstream} with its number where there are
     * several. The signal is the loss without the baseline.
     */
    static String table(ExplainedLayer layer) {
        List<Map<String, IntFunction<Object>>> rows =
                layer.rows().stream().map(ExplanationFiles::columns).toList();
        // what one row lacks another may have
        Set<String> names = new LinkedHashSet<>();
        rows.forEach(row -> names.addAll(row.keySet()));
        StringBuilder text = new StringBuilder("row,unit," + String.join(",", names) + "\n");
        for (int r = 0; r < rows.size(); r++) {
            for (int j = 0; j < layer.units(); j++) {
                StringJoiner line = new StringJoiner(",");
                line.add(String.valueOf(r)).add(String.valueOf(j));
                for (String name : names) {
                    IntFunction<Object> column = rows.get(r).get(name);
                    line.add(column == null ? "" : String.valueOf(column.apply(j)));
                }
                text.append(line).append('\n');
            }
        }
        return text.toString();
    }

    private static Map<String, IntFunction<Object>> columns(ExplainedRow row) {
        Map<String, IntFunction<Object>> columns = new LinkedHashMap<>();
        columns.put("logit", j -> row.logits()[j]);
        put(columns, "probability", row.probabilities());
        put(columns, "derivative", row.derivative());
        List<ExplainedSample> samples = new ArrayList<>(row.samples());
        for (int s = 0; s < samples.size(); s++) {
            ExplainedSample sample = samples.get(s);
            String end = samples.size() == 1 ? "" : "_" + s;
            put(columns, "uniform" + end, sample.uniforms());
            columns.put("value" + end, j -> sample.values()[j]);
            columns.put("loss" + end, j -> sample.loss());
            sample.baselines().ifPresent(values -> {
                columns.put("baseline" + end, j -> values[j]);
                columns.put("signal" + end, j -> sample.loss() - values[j]);
            });
            put(columns, "upstream" + end, sample.upstream());
        }
        columns.put("gradient", j -> row.gradient()[j]);
        row.moments().ifPresent(moments -> put(columns, moments));
        return columns;
    }

    private static void put(Map<String, IntFunction<Object>> columns, Moments moments) {
        columns.put("mean", j -> moments.mean()[j]);
        columns.put("deviation", j -> moments.deviation()[j]);
        moments.reference().ifPresent(values -> columns.put("reference", j -> values[j]));
        moments.referenceError().ifPresent(values -> columns.put("reference_error", j -> values[j]));
    }

    private static void put(Map<String, IntFunction<Object>> columns, String name, Optional<float[]> values) {
        values.ifPresent(numbers -> columns.put(name, j -> numbers[j]));
    }
}
