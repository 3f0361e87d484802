package org.coinflip.spark.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/** Numbers of a layer's units as strips of colours, one below the other, a unit a column: fractions from white to black, others from blue by white to red. */
public final class UnitStrips {
    /** More units are not drawn. */
    private static final int MOST = 1024;

    private final String title;
    private final String note;
    private final int units;
    private final List<Strip> strips = new ArrayList<>();

    /** What a strip is called, the greatest magnitude in it, and its columns. */
    record Strip(String label, String scale, List<Cell> cells) {}

    /** A unit's colour, and its number in words. */
    record Cell(int x, String fill, String title) {}

    /** @param units of the layer */
    public UnitStrips(String title, String note, int units) {
        this.title = title;
        this.units = Math.min(units, MOST);
        this.note = units > MOST ? note + " The first " + MOST + " units." : note;
    }

    /** Adds numbers in [0, 1]. */
    public void fractions(String label, IntToDoubleFunction value) {
        strips.add(strip(label, "0 to 1", value, number -> {
            int grey = (int) Math.round(255 * (1 - Math.max(0, Math.min(1, number))));
            return rgb(grey, grey, grey);
        }));
    }

    /** Adds numbers of either sign. */
    public void signed(String label, IntToDoubleFunction value) {
        double most = IntStream.range(0, units)
                .mapToDouble(j -> Math.abs(value.applyAsDouble(j)))
                .filter(Double::isFinite)
                .max()
                .orElse(0);
        strips.add(strip(label, String.format(Locale.ROOT, "± %.3g", most), value, number -> {
            int faint = most == 0 ? 255 : (int) Math.round(255 * (1 - Math.min(1, Math.abs(number) / most)));
            return number < 0 ? rgb(faint, faint, 255) : rgb(255, faint, faint);
        }));
    }

    private interface Colour {
        String of(double number);
    }

    private static String rgb(int red, int green, int blue) {
        return String.format(Locale.ROOT, "#%02x%02x%02x", red, green, blue);
    }

    private Strip strip(String label, String scale, IntToDoubleFunction value, Colour colour) {
        List<Cell> cells = IntStream.range(0, units)
                .mapToObj(j -> new Cell(
                        j,
                        colour.of(value.applyAsDouble(j)),
                        String.format(Locale.ROOT, "unit %d: %.4g", j, value.applyAsDouble(j))))
                .toList();
        return new Strip(label, scale, cells);
    }

    // read by the template

    String title() {
        return title;
    }

    String note() {
        return note;
    }

    int units() {
        return units;
    }

    List<Strip> strips() {
        return strips;
    }
}
