package org.coinflip.spark.sweep.sampler;

import java.util.Map;
import org.coinflip.model.error.UsageException;
import org.coinflip.spark.sweep.space.Configuration;
import org.coinflip.spark.sweep.space.Space;

/**
 * The constraints of a space, with the experiment's values for the names in them that are no axes.
 *
 * @param space the space
 * @param base the experiment's values by path
 */
public record Admission(Space space, Map<String, Object> base) {
    /** Tries of a sampler before it says that a space is contradictory. */
    static final int TRIES = 10_000;

    boolean allows(Configuration configuration) {
        return space.allows(configuration, base);
    }

    UsageException contradictory(long tried) {
        return new UsageException("sweep.constraints: none of " + tried + " configurations keeps " + space.constraints()
                + ", expected a space with some that do: loosen them or widen the axes");
    }
}
