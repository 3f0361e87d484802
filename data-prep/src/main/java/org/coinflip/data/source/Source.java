package org.coinflip.data.source;

import java.util.Map;

/** Where examples come from: an immutable reading of the source's keys in {@code data { … }}. */
public sealed interface Source permits RawSource, PreparedSource, SyntheticSource {
    SourceType type();

    /** The keys of this source beside {@code source} itself, as they are written. */
    Map<String, Object> keys();
}
