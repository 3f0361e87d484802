package org.coinflip.spark.sweep.space;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A value of the experiment in which axes may stand in places of values. */
sealed interface Template {
    /** The value at a point. */
    Object at(Point point);

    /**
     * A point of the cube.
     *
     * @param coordinates one an axis
     * @param exact values of axes by name that are just so, and not what their coordinates are rounded to
     */
    record Point(double[] coordinates, Map<String, Object> exact) {
        Object value(Axis axis) {
            Object value = exact.get(axis.name());
            return value != null ? value : axis.distribution().value(coordinates[axis.number()]);
        }
    }

    /** The same value everywhere. */
    record Constant(Object value) implements Template {
        @Override
        public Object at(Point point) {
            return value;
        }
    }

    /** A section. */
    record Fields(Map<String, Template> fields) implements Template {
        @Override
        public Object at(Point point) {
            Map<String, Object> values = new LinkedHashMap<>();
            fields.forEach((key, template) -> values.put(key, template.at(point)));
            return values;
        }
    }

    /** A list. */
    record Items(List<Template> items) implements Template {
        @Override
        public Object at(Point point) {
            List<Object> values = new ArrayList<>();
            items.forEach(template -> values.add(template.at(point)));
            return values;
        }
    }

    /** A number drawn. */
    record Number(Axis axis) implements Template {
        @Override
        public Object at(Point point) {
            return point.value(axis);
        }
    }

    /** An option chosen. */
    record Options(Axis axis, List<Template> options) implements Template {
        @Override
        public Object at(Point point) {
            return options.get(axis.optionAt(point.coordinates[axis.number()])).at(point);
        }
    }
}
