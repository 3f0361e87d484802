package org.coinflip.data.raw;

import org.coinflip.model.settings.DecimalNumber;

/** What labels are. */
public enum LabelType {
    /** What the first of them is. */
    AUTO,
    /** Whole numbers. */
    NUMBERS,
    /** Names of classes, whatever they look like. */
    NAMES,
    /** Real numbers, for regression: there are no classes. */
    VALUES;

    /** Whether labels are names, by the first of them. */
    boolean isOfNames(Object first) {
        return this == NAMES
                || (this == AUTO
                        && (first instanceof Boolean || (first instanceof String text && !DecimalNumber.isOne(text))));
    }
}
