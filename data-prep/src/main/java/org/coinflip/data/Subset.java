package org.coinflip.data;

import java.util.List;
import org.coinflip.model.settings.Section;

/** The examples of a data set that a trained network is used on. */
public enum Subset {
    /** Every example, split or not. */
    ALL,
    /** {@link Split#TRAIN}. */
    TRAIN,
    /** {@link Split#VALID}. */
    VALID,
    /** {@link Split#TEST}. */
    TEST;

    /** The splits it is made of. */
    List<Split> splits() {
        return this == ALL ? List.of(Split.values()) : List.of(Split.valueOf(name()));
    }

    /** As keys have it: {@code all}, {@code train}, {@code valid}, {@code test}. */
    @Override
    public String toString() {
        return Section.name(this);
    }
}
