package org.coinflip.spark.round;

import java.io.Serializable;
import org.coinflip.model.memory.Floats;

/**
 * A part of a vector.
 *
 * @param from its first number
 * @param count how many they are
 */
public record Slice(int from, int count) implements Serializable {
    /** Numbers that are not parted: a cache line, so that no two threads write to one. */
    private static final int UNIT = 16;

    /** One of so many parts of a vector, as equal as whole units allow. */
    public static Slice of(int part, int parts, int length) {
        int from = bound(part, parts, length);
        return new Slice(from, bound(part + 1, parts, length) - from);
    }

    /** One of so many parts of this one. */
    public Slice part(int part, int parts) {
        Slice inner = of(part, parts, count);
        return new Slice(from + inner.from, inner.count);
    }

    /** This slice as one of a vector that is the outer slice. */
    public Slice within(Slice outer) {
        return new Slice(from - outer.from, count);
    }

    /** These numbers of a vector. */
    public Floats of(Floats vector) {
        return vector.view(from, count);
    }

    private static int bound(int part, int parts, int length) {
        long units = ((long) length + UNIT - 1) / UNIT;
        return (int) Math.min(length, units * part / parts * UNIT);
    }
}
