package org.coinflip.data.table;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.coinflip.data.raw.ClassCount;
import org.coinflip.data.raw.LabelType;
import org.coinflip.model.settings.Section;
import org.coinflip.model.transform.ColumnCode;

/**
 * What the columns of a table are for, as the section {@code data} says it. A column is called by its name or by its index from 0.
 *
 * @param labels the columns of labels, of which there are several only of values; {@code last} for the last; {@code none} where there are no labels
 * @param labelType what labels are
 * @param classes number of classes; where absent, the labels decide
 * @param id the column of ids, each once; absent where an example's id is its place
 * @param areIdsTexts whether ids are texts; otherwise they are whole numbers of 64 bits
 * @param weight the column of weights, at least 0; absent where all are 1
 * @param features the columns that are features, in this order; empty for all that are nothing else
 * @param leftOut columns that are not looked at
 * @param categories features that are texts, each level of which becomes a feature
 * @param buckets where positive, categories are hashed to so many features instead
 * @param holes what stands for a number that a row does not have
 * @param holeValues texts that say that there is none, beside the empty one
 */
public record ColumnRules(
        List<String> labels,
        LabelType labelType,
        OptionalInt classes,
        Optional<String> id,
        boolean areIdsTexts,
        Optional<String> weight,
        List<String> features,
        List<String> leftOut,
        List<String> categories,
        int buckets,
        MissingValues holes,
        List<String> holeValues) {
    /** The label is in the last column. */
    public static final String LAST = "last";

    /** No column is a label. */
    public static final String NONE = "none";

    /** What ids are. */
    enum IdType {
        NUMBERS,
        TEXTS
    }

    /** Reads the keys of a section {@code data} that every table has. */
    public static ColumnRules read(Section section, String labelByDefault) {
        List<String> features = section.texts("features", List.of());
        List<String> leftOut = section.texts("leave-out", List.of());
        if (!features.isEmpty() && !leftOut.isEmpty()) {
            throw section.wrong("leave-out", "nothing beside features: columns that are not named are left out");
        }
        boolean areSeveral = section.has("label-columns");
        if (areSeveral && section.has("label-column")) {
            throw section.wrong("label-column", "nothing beside label-columns");
        }
        LabelType type = section.choice("label-type", areSeveral ? LabelType.VALUES : LabelType.AUTO);
        if (areSeveral && type != LabelType.VALUES) {
            throw section.wrong("label-type", "values, of which alone there are several");
        }
        if (type == LabelType.VALUES && section.has("classes")) {
            throw section.wrong("classes", "nothing beside label-type = values, which are of no classes");
        }
        boolean areIdsTexts = section.choice("id-type", IdType.NUMBERS) == IdType.TEXTS;
        if (areIdsTexts && !section.has("id-column")) {
            throw section.wrong("id-type", "numbers where there is no id-column: ids are places then");
        }
        List<String> labels = section.texts("label-columns", List.of(section.text("label-column", labelByDefault)));
        if (labels.isEmpty()) {
            throw section.wrong("label-columns", "at least one column");
        }
        return new ColumnRules(
                labels,
                type,
                ClassCount.read(section),
                section.optionalText("id-column"),
                areIdsTexts,
                section.optionalText("weight-column"),
                features,
                leftOut,
                section.texts("categories", List.of()),
                section.integer("buckets", 0, 0, ColumnCode.MOST_FEATURES),
                MissingValues.read(section.typed("holes", "refuse")),
                section.texts("hole-values", List.of()));
    }

    /** Whether a column holds labels. */
    public boolean isLabelled() {
        return !labels.equals(List.of(NONE));
    }

    /** The keys as they are written; what has its default and was not always a key is left out. */
    public Map<String, Object> asMap() {
        Map<String, Object> keys = new LinkedHashMap<>();
        if (labels.size() == 1) {
            keys.put("label-column", labels.get(0));
        } else {
            keys.put("label-columns", labels);
        }
        if (labelType != LabelType.AUTO) {
            keys.put("label-type", Section.name(labelType));
        }
        classes.ifPresent(count -> keys.put("classes", count));
        id.ifPresent(name -> keys.put("id-column", name));
        if (areIdsTexts) {
            keys.put("id-type", Section.name(IdType.TEXTS));
        }
        weight.ifPresent(name -> keys.put("weight-column", name));
        putUnlessEmpty(keys, "features", features);
        putUnlessEmpty(keys, "leave-out", leftOut);
        putUnlessEmpty(keys, "categories", categories);
        if (buckets > 0) {
            keys.put("buckets", buckets);
        }
        if (holes.areAllowed()) {
            keys.put("holes", holes.asMap());
        }
        putUnlessEmpty(keys, "hole-values", holeValues);
        return keys;
    }

    private static void putUnlessEmpty(Map<String, Object> keys, String key, List<String> values) {
        if (!values.isEmpty()) {
            keys.put(key, values);
        }
    }
}
