package org.coinflip.model.unit;

import java.util.LinkedHashMap;
import java.util.Map;
import org.coinflip.model.settings.Range;
import org.coinflip.model.settings.Section;

/**
 * A temperature τ, constant or annealed over the part t ∈ [0, 1] of the training that is done. Written as a number, or as
 * {@code { from = 1.0, to = 0.1, shape = exponential }}.
 *
 * @param from τ when training begins
 * @param to τ when it ends
 * @param shape the way between
 */
public record Temperature(double from, double to, Shape shape) {
    /** Temperatures at which 32-bit numbers serve. */
    public static final Range RANGE = new Range(0.001, true, 1000, true);

    /** The way from one temperature to the other. */
    public enum Shape {
        /** from · (to / from)ᵗ: the same factor for the same part of the training. */
        EXPONENTIAL,
        /** from + (to − from) t. */
        LINEAR
    }

    /** The same temperature throughout. */
    public static Temperature constant(double value) {
        return new Temperature(value, value, Shape.EXPONENTIAL);
    }

    public static Temperature read(Section section, String key, double byDefault) {
        return read(section, key, byDefault, RANGE);
    }

    /** @param range of every temperature on the way */
    public static Temperature read(Section section, String key, double byDefault, Range range) {
        if (!section.isSection(key)) {
            return constant(section.number(key, byDefault, range));
        }
        Section way = section.section(key);
        double from = way.number("from", range);
        double to = way.number("to", range);
        Shape shape = way.choice("shape", Shape.EXPONENTIAL);
        way.finish();
        return from == to ? constant(from) : new Temperature(from, to, shape);
    }

    /** τ when the part {@code progress} of the training is done. */
    public double at(double progress) {
        if (from == to) {
            return from;
        }
        return shape == Shape.LINEAR ? from + (to - from) * progress : from * Math.pow(to / from, progress);
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
