package org.coinflip.model.unit;

import java.util.LinkedHashMap;
import java.util.Map;
import org.coinflip.model.settings.Range;
import org.coinflip.model.settings.Section;

/**
 * A number, such as a temperature τ or the deviation of noise, that is constant or annealed over the part t ∈ [0, 1] of the
 * training that is done. Written as a number, or as {@code { from = 1.0, to = 0.1, shape = exponential }}.
 *
 * @param from its value when training begins
 * @param to its value when training ends
 * @param shape the way between
 */
public record Annealed(double from, double to, Shape shape) {
    /** Temperatures at which 32-bit numbers serve. */
    public static final Range TEMPERATURES = new Range(0.001, true, 1000, true);

    /** The way from one value to the other. */
    public enum Shape {
        /** from · (to / from)ᵗ: the same factor for the same part of the training; both of one sign. */
        EXPONENTIAL,
        /** from + (to − from) t. */
        LINEAR
    }

    /** The same value throughout. */
    public static Annealed constant(double value) {
        return new Annealed(value, value, Shape.EXPONENTIAL);
    }

    /** The key {@code temperature}. */
    public static Annealed temperature(Section section, double byDefault) {
        return read(section, "temperature", byDefault, TEMPERATURES);
    }

    /** @param range of every value on the way */
    public static Annealed read(Section section, String key, double byDefault, Range range) {
        return section.isSection(key)
                ? readWay(section.section(key), range)
                : constant(section.number(key, byDefault, range));
    }

    /** @param range of every value on the way */
    public static Annealed read(Section section, String key, Range range) {
        return section.isSection(key) ? readWay(section.section(key), range) : constant(section.number(key, range));
    }

    private static Annealed readWay(Section way, Range range) {
        double from = way.number("from", range);
        double to = way.number("to", range);
        Shape shape = way.choice("shape", Shape.EXPONENTIAL);
        way.finish();
        if (from == to) {
            return constant(from);
        }
        if (shape == Shape.EXPONENTIAL && from * to <= 0) {
            throw way.wrong("shape", "linear, for from = " + from + " and to = " + to + " have no ratio");
        }
        return new Annealed(from, to, shape);
    }

    /** The value when the part {@code progress} of the training is done. */
    public double at(double progress) {
        if (from == to) {
            return from;
        }
        return shape == Shape.LINEAR ? from + (to - from) * progress : from * StrictMath.pow(to / from, progress);
    }

    /** What it would be read from: a number, or the keys of the way. */
    public Object write() {
        if (from == to) {
            return from;
        }
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("from", from);
        keys.put("to", to);
        keys.put("shape", Section.name(shape));
        return keys;
    }
}
