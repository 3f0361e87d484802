package org.coinflip.data.raw;

/** What data holds, as messages show it: in one line, and no more of it than tells it apart. */
public final class Shown {
    private static final int MOST = 80;

    private Shown() {}

    /** A text, its end cut off where it is long, a question mark in the place of each control character. */
    public static String of(String text) {
        String start = text.length() > MOST ? text.substring(0, MOST) + "…" : text;
        return start.chars().anyMatch(Character::isISOControl) ? start.replaceAll("\\p{Cc}", "?") : start;
    }
}
