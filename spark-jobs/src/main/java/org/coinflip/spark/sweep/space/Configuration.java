package org.coinflip.spark.sweep.space;

import java.util.Map;

/**
 * What one trial is given.
 *
 * @param point a coordinate an axis, NaN where the axis is not there; empty where it comes from a list
 * @param values the axes that are there, by name, for tables and people
 * @param settings what is set in the experiment: plain values, maps and lists by path
 */
public record Configuration(double[] point, Map<String, Object> values, Map<String, Object> settings) {
    public Configuration {
        values = NameMap.of(values);
        settings = values.equals(settings) ? values : NameMap.of(settings);
    }
}
