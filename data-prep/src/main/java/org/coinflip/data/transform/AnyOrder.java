package org.coinflip.data.transform;

/**
 * A pass that comes to the same, to the bit, in whatever order it sees the examples: parts of them can be seen apart.
 *
 * @param <P> itself
 */
public interface AnyOrder<P extends AnyOrder<P>> extends Pass {
    /** Sees all that another has seen, which began as this one did. */
    void see(P other);
}
