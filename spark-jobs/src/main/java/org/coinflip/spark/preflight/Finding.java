package org.coinflip.spark.preflight;

/**
 * What a check found, in a line.
 *
 * @param weight whether it is as it should be
 * @param line what was looked at, what was found, and the remedy where there is one to take
 */
public record Finding(Weight weight, String line) {
    /** How bad it is. */
    public enum Weight {
        GOOD,
        /** The job runs, but slower or less safely than it could. */
        WARNING,
        /** The job would fail, or not at all be what was asked for. */
        ERROR
    }

    public static Finding good(String line) {
        return new Finding(Weight.GOOD, line);
    }

    public static Finding warning(String line) {
        return new Finding(Weight.WARNING, line);
    }

    static Finding error(String line) {
        return new Finding(Weight.ERROR, line);
    }

    @Override
    public String toString() {
        return "preflight " + weight.name().toLowerCase(java.util.Locale.ROOT) + ": " + line;
    }
}
