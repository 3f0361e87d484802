package org.coinflip.model.transform;

import org.coinflip.model.settings.Section;

/** The values of {@code data.scale}. Each is {@code x' = scale·x + offset} with a scale and an offset for each feature. */
public enum Scaling {
    /** To [0, 1]: bytes by their source's maximum, floats by their least and greatest value in the training split. */
    UNIT,
    /** To mean 0 and standard deviation 1 over the training split. */
    STANDARD,
    /** As the source has it. */
    NONE;

    /** As it is written in an experiment file. */
    @Override
    public String toString() {
        return Section.name(this);
    }
}
