package org.coinflip.data.table;

import java.util.LinkedHashMap;
import java.util.Map;
import org.coinflip.model.settings.Range;
import org.coinflip.model.settings.Section;

/**
 * What stands for a number that a row does not have: {@code holes = refuse | mean | median}, or {@code holes { type = constant, value = 0, mark = true }}. Mean and
 * median are the training examples'.
 *
 * @param type what it is
 * @param value of {@code constant}
 * @param areMarked whether a column that has holes gets a feature more, which is 1 where a row has no value
 */
public record MissingValues(Type type, double value, boolean areMarked) {
    /** A row without a number is refused. */
    public static final MissingValues REFUSED = new MissingValues(Type.REFUSE, 0, false);

    /** The values of {@code holes.type}. */
    public enum Type {
        /** Nothing: a row without a number is refused. */
        REFUSE,
        /** The mean of the training examples' values. */
        MEAN,
        /** The median of the training examples' values; of an even number of them the mean of the two in the middle. */
        MEDIAN,
        /** One number. */
        CONSTANT
    }

    static MissingValues read(Section section) {
        Type type = section.choice("type", Type.REFUSE);
        double value = type == Type.CONSTANT
                ? section.number("value", 0, new Range(-Float.MAX_VALUE, true, Float.MAX_VALUE, true))
                : 0;
        boolean areMarked = type != Type.REFUSE && section.flag("mark", false);
        section.finish();
        return new MissingValues(type, value, areMarked);
    }

    /** Whether rows may have them. */
    public boolean areAllowed() {
        return type != Type.REFUSE;
    }

    /** The section as it is written. */
    Map<String, Object> asMap() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("type", Section.name(type));
        if (type == Type.CONSTANT) {
            keys.put("value", value);
        }
        if (areMarked) {
            keys.put("mark", true);
        }
        return keys;
    }
}
