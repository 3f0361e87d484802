package org.coinflip.data.raw;

import org.coinflip.model.settings.DecimalNumber;

/** A cell of a table as a number: tables of text have texts, others numbers. */
public final class Cell {
    private Cell() {}

    /** The number that a cell is, or that its text says; not a number where it is neither. */
    public static double number(Object cell) {
        if (cell instanceof Number number) {
            return number.doubleValue();
        }
        return cell instanceof String text ? DecimalNumber.parseOrNaN(text) : Double.NaN;
    }

    /**
     * The float nearest to a cell's number, rounded once.
     *
     * @param number from {@link #number}
     */
    public static float nearestFloat(Object cell, double number) {
        return cell instanceof String text && Double.isFinite(number)
                ? DecimalNumber.nearestFloat(text, number)
                : (float) number;
    }
}
