package org.coinflip.spark.sweep.space;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A value of the experiment in which axes may stand in places of values. */
sealed interface Template {
    /** The value at a point. */
    Object at(double[] point);

    /** The same value everywhere. */
    record Constant(Object value) implements Template {
        @Override
        public Object at(double[] point) {
            return value;
        }
    }

    /** A section. */
    record Fields(Map<String, Template> fields) implements Template {
        @Override
        public Object at(double[] point) {
            Map<String, Object> values = new LinkedHashMap<>();
            fields.forEach((key, template) -> values.put(key, template.at(point)));
            return values;
        }
    }

    /** A list. */
    record Items(List<Template> items) implements Template {
        @Override
        public Object at(double[] point) {
            List<Object> values = new ArrayList<>();
            items.forEach(template -> values.add(template.at(point)));
            return values;
        }
    }

    /** A number drawn. */
    record Number(Axis axis) implements Template {
        @Override
        public Object at(double[] point) {
            return axis.distribution().value(point[axis.number()]);
        }
    }

    /** An option chosen. */
    record Options(Axis axis, List<Template> options) implements Template {
        @Override
        public Object at(double[] point) {
            return options.get(axis.optionAt(point[axis.number()])).at(point);
        }
    }
}
