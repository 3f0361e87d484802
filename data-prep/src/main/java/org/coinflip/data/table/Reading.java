package org.coinflip.data.table;

import java.util.List;
import java.util.Optional;
import org.coinflip.model.transform.ColumnCode;
import org.coinflip.model.transform.Transformation;

/**
 * What a table is read for, beside what its own section says.
 *
 * @param split the column that it is split by
 * @param codes how columns become features, where a network was trained on them; empty where the table itself says so, or where each is a number
 * @param holesAllowed whether rows may lack numbers because the network's transformation has what stands for them; absent where the section says so
 */
public record Reading(Optional<SplitColumn> split, List<ColumnCode> codes, Optional<Boolean> holesAllowed) {
    /** Of a table that a network is trained on. */
    public static Reading toTrain(Optional<SplitColumn> split) {
        return new Reading(split, List.of(), Optional.empty());
    }

    /** Of a table that a network sees, which was trained on another. */
    public static Reading toUse(Optional<SplitColumn> split, Transformation trained) {
        return new Reading(
                split, trained.naming().codes(), Optional.of(!trained.fill().isEmpty()));
    }
}
