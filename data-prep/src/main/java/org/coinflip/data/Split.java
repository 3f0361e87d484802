package org.coinflip.data;

import org.coinflip.model.settings.Section;

/** What an example is for. An example is in one split at most. */
public enum Split {
    /** Parameters and scaling are fitted to these. */
    TRAIN,
    /** Choices between trained networks are made on these. */
    VALID,
    /** Errors are reported on these. */
    TEST;

    /** As keys and folders have it: {@code train}, {@code valid}, {@code test}. */
    @Override
    public String toString() {
        return Section.name(this);
    }
}
