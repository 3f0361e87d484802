package org.coinflip.data.table;

import java.util.Optional;
import org.coinflip.data.raw.SplitKeys;
import org.coinflip.model.settings.Section;

/**
 * The column that a table is split by.
 *
 * @param kind what it says: the keys {@code column}, {@code group} and {@code time} of {@code data.split}
 * @param name of the column, or its index from 0
 */
public record SplitColumn(SplitKeys.Kind kind, String name) {
    /** The one that is named; empty where none is. */
    public static Optional<SplitColumn> read(Section split) {
        Optional<SplitColumn> found = Optional.empty();
        for (SplitKeys.Kind kind : SplitKeys.Kind.values()) {
            String key = Section.name(kind);
            Optional<String> column = split.optionalText(key);
            if (column.isPresent()) {
                if (found.isPresent()) {
                    throw split.wrong(
                            key, "nothing beside " + found.get().key() + ": one column says how rows are split");
                }
                found = Optional.of(new SplitColumn(kind, column.get()));
            }
        }
        return found;
    }

    /** The key of the section: {@code column}, {@code group} or {@code time}. */
    public String key() {
        return Section.name(kind);
    }
}
